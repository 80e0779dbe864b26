"""A ping names its member first, says what has become of it, and holds nothing that anybody typed."""

from typing import Any

import pytest

from bot.domain.job import Kind
from bot.domain.pings import EndedBoard, EndedJob, Notify, Ping
from bot.ui.text.pings import LINKED, direct, reply


def ping(*jobs: EndedJob) -> Ping:
    return Ping(1, 5, 11, Notify.REPLY, jobs)


def ended(kind: Kind = Kind.VIDEO, clips: int = 4, **fields: Any) -> EndedJob:
    values: dict[str, Any] = {"job_id": "1jd8x3k2m9f4qz", "message_id": 70, "failed": False, "shown": True, **fields}
    return EndedJob(kind=kind, clips=clips, **values)


LINK = "https://discord.com/channels/1/5/70"


@pytest.mark.parametrize(
    ("job", "here", "alone"),
    [
        (ended(), "<@11> your 4 clips are ready", f"Your 4 clips are ready: {LINK}"),
        (ended(clips=1), "<@11> your clip is ready", f"Your clip is ready: {LINK}"),
        (ended(Kind.EXTEND, 2), "<@11> your 2 clips are ready", f"Your 2 clips are ready: {LINK}"),
        (ended(Kind.IMAGINE), "<@11> your 4 pictures are ready", f"Your 4 pictures are ready: {LINK}"),
        (ended(Kind.ACTION, 1), "<@11> your picture is ready", f"Your picture is ready: {LINK}"),
        (ended(Kind.DESCRIBE, 0), "<@11> your description is ready", f"Your description is ready: {LINK}"),
        (ended(Kind.SEED, 0), "<@11> your seed is found", f"Your seed is found: {LINK}"),
        (
            ended(clips=4, board=EndedBoard(4, 4, joined=True)),
            "<@11> your film of 4 shots is ready",
            f"Your film of 4 shots is ready: {LINK}",
        ),
        (
            ended(clips=2, board=EndedBoard(2, 2, joined=False)),
            "<@11> your 2 shots are ready",
            f"Your 2 shots are ready: {LINK}",
        ),
        (
            ended(clips=3, board=EndedBoard(4, 3, joined=True)),
            "<@11> shots 1 to 3 of your film are ready; shot 4 was not made, and the card says why.",
            f"Shots 1 to 3 of your film are ready; shot 4 was not made, and the card says why: {LINK}",
        ),
        (
            ended(clips=1, board=EndedBoard(8, 1, joined=False)),
            "<@11> shot 1 of your film is ready; shot 2 was not made, and the card says why.",
            f"Shot 1 of your film is ready; shot 2 was not made, and the card says why: {LINK}",
        ),
        (
            ended(clips=0, failed=True, board=EndedBoard(4, 0, joined=False)),
            "<@11> your request was not made; its card says why.",
            f"Your request was not made; its card says why: {LINK}",
        ),
        (
            ended(failed=True),
            "<@11> your request was not made; its card says why.",
            f"Your request was not made; its card says why: {LINK}",
        ),
        (
            ended(shown=False),
            "<@11> what you asked for is made, and could not be shown here; `/jobs show id:1jd8x3k2m9f4qz` shows it.",
            "What you asked for is made, and could not be shown; `/jobs show id:1jd8x3k2m9f4qz` shows it, there: "
            f"{LINK}",
        ),
    ],
    ids=repr,
)
def test_a_ping_says_what_has_become_of_a_job(job: EndedJob, here: str, alone: str) -> None:
    assert (reply(ping(job)), direct(ping(job))) == (here, alone)


def test_failures_that_share_a_message_are_linked_to_as_far_as_it_holds_them() -> None:
    jobs = [ended(failed=True, message_id=number) for number in range(1, LINKED + 5)]
    assert reply(ping(*jobs[:2])) == (
        "<@11> 2 of your requests were not made; their cards say why: "
        "[1](https://discord.com/channels/1/5/1), [2](https://discord.com/channels/1/5/2)"
    )
    everything = direct(ping(*jobs))
    assert everything.startswith("14 of your requests were not made; their cards say why: [1](https://")
    assert everything.count("https://") == LINKED
    assert len(everything) < 2000


def test_what_no_card_shows_is_told_with_the_way_to_it() -> None:
    unseen = ended(unseen=True, message_id=None)
    shows = "Its card was deleted, so it is not shown {}; `/jobs show id:1jd8x3k2m9f4qz` shows it."
    assert reply(ping(unseen)) == f"<@11> what you asked for is made. {shows.format('here')}"
    assert direct(ping(unseen)) == f"What you asked for is made. {shows.format('there')}"


def test_a_failure_that_no_card_shows_is_told_with_its_reason_and_the_credits() -> None:
    why: dict[str, Any] = {"code": "source_removed", "data": {}, "returned": 8}
    unseen = ended(unseen=True, failed=True, why=why, message_id=None)
    rest = "What this was to be made from has been removed. All 8 credits came back."
    assert reply(ping(unseen)) == f"<@11> your request was not made, and its card was deleted. {rest}"
    assert direct(ping(unseen)) == f"Your request was not made, and its card was deleted. {rest}"


def test_of_a_film_that_no_card_shows_it_is_told_how_much_is_made() -> None:
    partly = ended(unseen=True, board=EndedBoard(4, 2, joined=True), message_id=None)
    rest = "Its card was deleted; `/jobs show id:1jd8x3k2m9f4qz` shows what is there."
    words = f"Of your film 2 shots are made, the rest is not. {rest}"
    assert (reply(ping(partly)), direct(ping(partly))) == (f"<@11> {words}", words)
    whole = ended(unseen=True, board=EndedBoard(4, 4, joined=True), message_id=None)
    assert "what you asked for is made" in reply(ping(whole))
