"""What lists of jobs say of each, and what is said of stars."""

import pytest

from bot.domain.job import Kind, State
from bot.domain.job_lists import JobQuery
from bot.domain.params import JobParams
from bot.ui.text import job_lists as text
from bot.ui.text.errors import describe_error_code
from tests.support.jobs import JOB_ID, sample_job


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.RECEIVED, "just asked for"),
        (State.QUEUED, "waiting"),
        (State.SUBMITTING, "being handed over"),
        (State.RUNNING, "being made"),
        (State.READY, "made, being delivered"),
        (State.DONE, "done"),
        (State.FAILING, "failed"),
        (State.FAILED, "failed"),
    ],
)
def test_a_listed_job_tells_its_state(state: State, words: str) -> None:
    said = text.facts(sample_job(state=state, kind=Kind.EXTEND), "link")
    assert said == f"extension, {words}, <t:1795003200:R>: link, job `{JOB_ID}`"


@pytest.mark.parametrize("state", [State.FAILING, State.FAILED])
def test_what_was_cancelled_is_not_listed_as_failed(state: State) -> None:
    said = text.facts(sample_job(state=state, error_code="cancelled"), "link")
    assert said == f"video, cancelled, <t:1795003200:R>: link, job `{JOB_ID}`"


def test_an_action_is_listed_by_what_it_does() -> None:
    job = sample_job(kind=Kind.ACTION, params=JobParams("a kite", action="zoom_out_2"))
    assert text.facts(job, "link").startswith("Zoom out 2x, ")


def test_a_list_is_named_by_what_it_holds() -> None:
    assert text.heading(JobQuery(1)) == "Your jobs"
    assert text.heading(JobQuery(1, starred=True)) == "Your stars"
    assert text.heading(JobQuery(1, words="paper boat")) == "Your jobs with “paper boat”"
    assert text.heading(JobQuery(1, starred=True, words="boat")) == "Your stars with “boat”"


def test_what_cannot_be_looked_for_is_told_in_one_sentence_without_a_word_of_credits() -> None:
    assert describe_error_code("no_search_words", {"typed": "%_"}) == (
        "“\\_” holds no word to look for. Type the beginnings of words that the prompt has."
    )
    assert describe_error_code("no_search_words", {"typed": "🚤"}).startswith("That is no word to look for.")
    assert describe_error_code("search_too_long", {"length": 2000, "limit": 40}) == (
        "The words have 2,000 characters, and I can look for 40. Type fewer words."
    )
    assert describe_error_code("not_your_list") == (
        "Only the member who asked for this list may turn its pages. /jobs list shows yours."
    )
