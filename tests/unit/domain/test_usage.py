"""What is summed up of a server: the times that an admin looks back over, and what counts as what."""

from datetime import UTC, datetime

import pytest

from bot.domain.job import Kind
from bot.domain.periods import Period
from bot.domain.usage import DAY_MS, HOUR_MS, KindGroup, ServerUsage, Span, Stretch, UsageSum

WEDNESDAY_NOON = int(datetime(2026, 11, 18, 12, tzinfo=UTC).timestamp() * 1000)


def day(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("span", "start", "steps"),
    [
        (Span.DAY, "2026-11-18 00:00", 24),
        (Span.WEEK, "2026-11-12 00:00", 7),
        (Span.MONTH, "2026-10-20 00:00", 30),
        (Span.YEAR, "2025-11-19 00:00", 365),
    ],
)
def test_who_looks_back_sees_whole_days_and_today(span: Span, start: str, steps: int) -> None:
    stretch = Stretch.back(span, WEDNESDAY_NOON)
    assert day(stretch.start_ms) == start
    assert day(stretch.end_ms) == "2026-11-19 00:00"
    assert len(stretch.steps) == steps
    assert stretch.step_ms == (HOUR_MS if span is Span.DAY else DAY_MS)


@pytest.mark.parametrize(
    ("period", "start"),
    [
        (Period.DAY, "2026-11-18 00:00"),
        (Period.WEEK, "2026-11-16 00:00"),
        (Period.MONTH, "2026-11-01 00:00"),
        (Period.NEVER, "2025-11-19 00:00"),
    ],
)
def test_a_period_is_seen_from_its_beginning(period: Period, start: str) -> None:
    assert day(Stretch.of_period(period, WEDNESDAY_NOON).start_ms) == start


def test_a_year_is_read_in_pieces_that_leave_no_day_out_and_take_none_twice() -> None:
    year = Stretch.back(Span.YEAR, WEDNESDAY_NOON)
    pieces = list(year.pieces())
    assert len(pieces) == 12
    assert [step for piece in pieces for step in piece.steps] == list(year.steps)


def test_each_kind_of_job_counts_as_something() -> None:
    assert {kind: KindGroup.of(kind).value for kind in Kind} == {
        Kind.VIDEO: "films",
        Kind.EXTEND: "extensions",
        Kind.IMAGINE: "pictures",
        Kind.ACTION: "pictures",
        Kind.BLEND: "pictures",
        Kind.REGION: "pictures",
        Kind.DESCRIBE: "words",
        Kind.SEED: "words",
    }


def test_what_was_charged_is_told_in_credits_only_where_a_setting_says_what_one_is_worth() -> None:
    providers = {"ttapi": UsageSum(8, 1, 30), "acedata": UsageSum(8, 1, 30)}
    usage = ServerUsage(Stretch.back(Span.DAY, WEDNESDAY_NOON), {}, {}, providers, {"ttapi": 3.75})
    assert usage.in_credits("ttapi") == 8
    assert usage.in_credits("acedata") is None
