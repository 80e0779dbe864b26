"""/jobs list: one line a job, as many as one message holds."""

import dataclasses

from discord.ui import LayoutView, TextDisplay

from bot.domain.job import Job, State
from bot.domain.params import JobParams
from bot.ui.job_list import PROMPT, draw_list
from bot.ui.markdown import MAX_TEXT
from tests.support.jobs import sample_job


def text(view: LayoutView) -> str:
    [part] = view.children
    assert isinstance(part, TextDisplay)
    return part.content


def test_each_job_is_one_line_with_its_state_and_its_card() -> None:
    done, failed = sample_job(state=State.DONE, message_id=7), sample_job(id="1jd8x3k2m9f4qy", state=State.FAILED)
    assert text(draw_list([done, failed])).splitlines() == [
        "`1jd8x3k2m9f4qz` video, done, <t:1795003200:R>: a paper boat https://discord.com/channels/1/5/7",
        "`1jd8x3k2m9f4qy` video, failed, <t:1795003200:R>: a paper boat https://discord.com/channels/1/5",
    ]


def test_a_member_without_jobs_is_told_how_to_begin() -> None:
    assert text(draw_list([])) == "You have no jobs in this server yet. Attach a picture to **/video** to begin."


def test_a_prompt_is_one_line_escaped_and_cut() -> None:
    [line] = text(draw_list([sample_job(params=JobParams("**a**\n" + "boat " * 40))])).splitlines()
    assert ": \\*\\*a\\*\\* boat boat" in line
    assert "…" in line
    assert len(line) < 2 * PROMPT + 120


def test_no_more_jobs_are_listed_than_fit_into_a_message() -> None:
    jobs: list[Job] = [
        dataclasses.replace(sample_job(params=JobParams("*" * 200)), id=f"{number:014}") for number in range(60)
    ]
    shown = text(draw_list(jobs))
    assert len(shown) <= MAX_TEXT
    assert 5 < len(shown.splitlines()) < 60
    assert shown.startswith("`00000000000000`")


def test_what_was_made_and_not_delivered_says_how_to_get_it() -> None:
    job = sample_job(state=State.DONE, error_code="undeliverable")
    assert "video, made, but not delivered: `/jobs show id:1jd8x3k2m9f4qz`, <t:" in text(draw_list([job]))


def test_what_was_given_up_and_may_have_been_made_says_who_can_still_get_it() -> None:
    job = sample_job(state=State.FAILED, error_code="job_failed", undelivered=1)
    assert "video, given up and refunded, though it may have been made: ask an admin for it, <t:" in text(
        draw_list([job])
    )
