"""What failed for a reason that is not the request's may be tried again as it was; refused words may not."""

from typing import Any

import pytest

from bot.domain.failures import may_pass
from bot.domain.job import State
from bot.errors import ErrorKind
from tests.support.jobs import sample_job

OWN = {
    ErrorKind.INVALID_REQUEST,
    ErrorKind.FORBIDDEN,
    ErrorKind.MODERATED_PROMPT,
    ErrorKind.MODERATED_IMAGE,
}


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_a_providers_refusal_of_words_picture_or_options_stays(kind: ErrorKind) -> None:
    failed = sample_job(state=State.FAILED, error_code="job_failed", error_data={"reason": str(kind)})
    assert may_pass(failed) is (kind not in OWN)


@pytest.mark.parametrize(
    ("code", "data", "passes"),
    [
        ("internal", None, True),
        ("unknown_charge", {"provider": "TTAPI"}, True),
        ("too_few_credits", {}, True),
        ("server_out_of_credits", {}, True),
        ("media_full", {}, True),
        ("media_unavailable", {}, True),
        ("server_left", {}, True),
        ("bad_picture", {"problem": "unreachable"}, True),
        ("bad_picture", {"problem": "too_large"}, False),
        ("clip_gone", {"parent": "1jd8x3k2m9f4qz", "clip": 1, "final": False}, True),
        ("clip_gone", {"parent": "1jd8x3k2m9f4qz", "clip": 1, "final": True}, False),
        ("job_failed", {"reason": "no_such_source"}, False),
        ("banned_words", {}, False),
        ("empty_prompt", {}, False),
        ("cancelled", {"by": None}, False),
        ("blocked", {}, False),
        (None, None, False),
    ],
)
def test_other_ends_pass_or_not(code: str | None, data: dict[str, Any] | None, *, passes: bool) -> None:
    assert may_pass(sample_job(state=State.FAILING, error_code=code, error_data=data)) is passes


@pytest.mark.parametrize("state", [state for state in State if state not in (State.FAILING, State.FAILED)])
def test_what_has_not_failed_is_not_tried_again(state: State) -> None:
    assert not may_pass(sample_job(state=state, error_code="internal"))
