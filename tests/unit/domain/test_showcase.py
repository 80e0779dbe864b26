"""Which week a shared result belongs to, and which of it are the best."""

from datetime import UTC, datetime

import pytest

from bot.domain.showcase import DAY_MS, MOST_BEST, Share, choose_best, week_ends_ms, week_of


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def share(number: int, **fields: int) -> Share:
    return Share(f"job{number}", 0, 1, 11, 5, "2026-W48", fields.get("shared_ms", number))


@pytest.mark.parametrize(
    ("shared", "week", "ends"),
    [
        ("2026-11-23T00:00", "2026-W48", "2026-11-30T00:00"),
        ("2026-11-28T23:59", "2026-W48", "2026-11-30T00:00"),
        ("2026-11-29T00:00", "2026-W49", "2026-12-07T00:00"),
        ("2027-01-02T23:59", "2026-W53", "2027-01-04T00:00"),
        ("2027-01-03T00:00", "2027-W01", "2027-01-11T00:00"),
    ],
)
def test_what_is_shared_on_a_weeks_last_day_belongs_to_the_next(shared: str, week: str, ends: str) -> None:
    assert (week_of(ms(shared)), week_ends_ms(ms(shared))) == (week, ms(ends))
    assert week_ends_ms(ms(shared)) - ms(shared) >= DAY_MS


def test_the_best_have_the_most_stars_and_of_as_many_the_first_one_wins() -> None:
    starred = [(share(1), 3), (share(2), 5), (share(3), 3), (share(4), 2), (share(5), 1)]
    assert [one.job_id for one in choose_best(starred)] == ["job2", "job1", "job3"]
    assert len(choose_best([(share(number), 9) for number in range(9)])) == MOST_BEST


def test_one_star_is_not_enough() -> None:
    assert choose_best([(share(1), 1), (share(2), 0)]) == []
