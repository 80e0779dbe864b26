"""What is said of clips that a card does not show, and of jobs in lists."""

import pytest

from bot.domain.job import Kind
from bot.domain.params import JobParams
from bot.ui.text import captions
from bot.ui.text.format import format_size
from tests.support.jobs import JOB_ID, sample_job

LINK = "https://cdn.example/clip.mp4"
MIB = 2**20

BAD_LINKS = (
    "ftp://cdn.example/clip.mp4",
    "javascript:alert(1)",
    "https://cdn.example/a b",
    "https://cdn.example/a)b",
    "https://cdn.example/<a>",
    f"https://cdn.example/{'x' * captions.LONGEST_LINK}",
    "",
)


def test_a_large_clip_is_led_to_with_its_size() -> None:
    assert captions.too_large("clip", 2, 30 * MIB, LINK) == (
        f"Clip 2 is 30 MiB, too large for this chat: [watch it here]({LINK})"
    )


def test_a_vendors_link_is_said_to_end() -> None:
    said = captions.too_large_at_vendor("picture", 1, 30 * MIB, "TTAPI", LINK)
    assert said == (
        f"Picture 1 is 30 MiB, too large for this chat: [watch it at TTAPI]({LINK}) soon, before its link ends"
    )


@pytest.mark.parametrize("link", BAD_LINKS)
def test_a_link_that_could_break_out_of_the_sentence_is_left_out(link: str) -> None:
    large = captions.too_large_at_vendor("clip", 1, 30 * MIB, "TTAPI", link)
    assert large == "Clip 1 is 30 MiB, too large for this chat, and I have no link to it."
    unfetched = captions.not_fetched("clip", 1, "TTAPI", link, JOB_ID)
    assert unfetched == (
        f"Clip 1 was made and is paid for, but I could not fetch it from TTAPI; `/jobs show id:{JOB_ID}` tries again."
    )


def test_what_could_not_be_fetched_names_its_link() -> None:
    assert captions.not_fetched("picture", 3, "TTAPI", LINK, JOB_ID) == (
        "Picture 3 was made and is paid for, but I could not fetch it from TTAPI: "
        f"[its link]({LINK}) may still work for you, and `/jobs show id:{JOB_ID}` tries again."
    )


@pytest.mark.parametrize(("size", "said"), [(0, "1 MiB"), (MIB, "1 MiB"), (25 * MIB + MIB // 2 + 1, "26 MiB")])
def test_sizes_are_whole_and_never_nothing(size: int, said: str) -> None:
    assert format_size(size) == said


@pytest.mark.parametrize("kind", list(Kind))
def test_films_have_clips_and_all_else_has_pictures(kind: Kind) -> None:
    assert captions.noun_of(sample_job(kind=kind)) == ("clip" if kind in (Kind.VIDEO, Kind.EXTEND) else "picture")


def test_a_suggestion_is_one_line_of_a_hundred_characters() -> None:
    assert captions.suggested(sample_job(params=JobParams("a\n boat"))) == f"a boat (video, {JOB_ID})"
    long = captions.suggested(sample_job(params=JobParams("boat " * 100)))
    assert len(long) == 100
    assert long.startswith("boat boat")
    assert long.endswith(f"… (video, {JOB_ID})")


@pytest.mark.parametrize(
    ("why", "problem", "advice"),
    [
        ("unfinished", "is not finished yet.", "Watch it: link"),
        ("failed", "failed, so there is nothing to show.", "Ask for it again."),
        ("being_shown", "is being shown just now.", "Watch it: link"),
        ("gone", "made is no longer kept here.", "It is where it was shown: link"),
        ("cancelled", "was cancelled, so there is nothing to show.", "Ask for it again."),
        ("unknown", "here that you may see.", "An id looks like `1m7wte9b7e357w`; /jobs list names yours."),
    ],
)
def test_why_a_job_cannot_be_shown_and_what_to_do_instead(why: str, problem: str, advice: str) -> None:
    said, instead = captions.cannot_show({"job_id": JOB_ID, "link": "link", "why": why})
    assert JOB_ID in said
    assert said.endswith(problem)
    assert instead == advice


@pytest.mark.parametrize(
    ("action", "words"),
    [("reroll", "Drawn again"), ("pan_left", "Pan left"), ("zoom_out_2", "Zoom out 2x"), ("upsample2", "U2")],
)
def test_an_action_is_listed_by_what_it_does(action: str, words: str) -> None:
    job = sample_job(kind=Kind.ACTION, params=JobParams("a kite", action=action))
    assert captions.suggested(job) == f"a kite ({words}, {JOB_ID})"
