"""Who waits to hear of an end: those who asked more than 30 seconds ago, and have not heard of it already."""

from typing import Any

import pytest

from bot.domain.job import State
from bot.domain.pings import SHARED_MS, WAITED_MS, awaits_end, ping_due_ms
from tests.support.db_fixture import MIRA, NOON, OTTO
from tests.support.jobs import sample_job

LATER = NOON + WAITED_MS + 1
CHARGED = {"period": "2026-11-18"}


@pytest.mark.parametrize(
    ("fields", "now", "awaited"),
    [
        ({"state": State.READY, **CHARGED}, LATER, True),
        ({"state": State.READY, **CHARGED}, LATER - 1, False),
        ({"state": State.READY, "silent": 1, **CHARGED}, LATER, False),
        ({"state": State.FAILING, "error_code": "job_failed", **CHARGED}, LATER, True),
        ({"state": State.FAILING, "error_code": "cancelled", "error_data": {"by": MIRA}, **CHARGED}, LATER, False),
        ({"state": State.FAILING, "error_code": "cancelled", "error_data": {"by": OTTO}, **CHARGED}, LATER, True),
        ({"state": State.FAILING, "error_code": "cancelled", "error_data": {"by": None}, **CHARGED}, LATER, True),
        ({"state": State.FAILING, "error_code": "bad_picture", "token_until_ms": LATER + 1}, LATER, False),
        ({"state": State.FAILING, "error_code": "bad_picture", "token_until_ms": LATER}, LATER, True),
    ],
)
def test_an_end_is_news_to_who_waited_for_it(fields: dict[str, Any], now: int, awaited: bool) -> None:
    assert awaits_end(sample_job(**fields), now) is awaited


def test_a_result_is_told_at_once_and_a_failure_together_with_those_that_follow() -> None:
    assert ping_due_ms(NOON, failed=False) == NOON
    assert ping_due_ms(NOON, failed=True) == NOON + SHARED_MS
