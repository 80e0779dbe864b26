"""How far a long work is: a bar that moves on a terminal, lines that stay elsewhere."""

import io

from bot.progress_bar import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_moves_and_stays_when_its_part_is_done() -> None:
    stream, seconds = Terminal(), iter((0.0, 1.0, 2.0))
    bar = ProgressBar(stream, lambda: next(seconds))
    for done in (0, 600_000, 1_200_000):
        bar.show("job", done, 1_200_000)
    assert stream.getvalue() == (
        "\rjob              [------------------------------]   0%  0 of 1,200,000"
        "\rjob              [###############---------------]  50%  600,000 of 1,200,000"
        "\rjob              [##############################] 100%  1,200,000 of 1,200,000\n"
    )


def test_elsewhere_a_part_is_told_at_its_ends_and_every_ten_seconds() -> None:
    stream, now = io.StringIO(), 0.0
    bar = ProgressBar(stream, lambda: now)
    for done in range(26):
        bar.show("job", done, 25)
        now += 1
    assert [line.split("%  ")[1] for line in stream.getvalue().splitlines()] == [
        "0 of 25",
        "10 of 25",
        "20 of 25",
        "25 of 25",
    ]


def test_a_part_without_anything_in_it_is_done_at_once() -> None:
    stream = Terminal()
    ProgressBar(stream).show("clip", 0, 0)
    assert stream.getvalue().endswith("100%  0 of 0\n")


def test_a_line_that_broke_off_is_ended() -> None:
    stream = Terminal()
    bar = ProgressBar(stream)
    bar.show("job", 1, 2)
    bar.close()
    bar.close()
    assert stream.getvalue().endswith("1 of 2\n")
