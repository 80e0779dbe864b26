"""One clock: due times follow the boot-time clock, whoever sets the wall clock; people are told by the wall."""

import time

import pytest

from bot.domain.clock import FARTHEST_MS, Clock, is_ahead, read_boot_clock, read_wall_clock
from bot.domain.job import by_wall_clock
from tests.support.jobs import sample_job
from tests.support.worker_harness import NOON
from tests.support.worker_harness import Clock as HandClock

HOUR_MS = 3_600_000


@pytest.mark.parametrize("shift", [-6 * HOUR_MS, 6 * HOUR_MS])
def test_a_wall_clock_that_is_set_moves_no_due_time(shift: int) -> None:
    clock = HandClock()
    clock.wall_shift_ms = shift
    clock.now += 1000
    assert clock() == NOON + 1000
    assert clock.wall_ms() == NOON + 1000 + shift


@pytest.mark.parametrize("shift", [-6 * HOUR_MS, 0, 6 * HOUR_MS])
def test_a_moment_of_due_times_is_told_as_the_wall_clock_shows_it(shift: int) -> None:
    clock = HandClock()
    clock.wall_shift_ms = shift
    assert clock.to_wall(clock() + 60_000) == clock.wall_ms() + 60_000


def test_every_time_of_a_job_that_people_read_follows_the_wall_clock() -> None:
    shown = ("created_ms", "submitted_ms", "finished_ms", "due_ms", "fetch_until_ms")
    moments = {name: NOON + number * 60_000 for number, name in enumerate(shown)}
    clock = HandClock()
    clock.wall_shift_ms = -6 * HOUR_MS
    told = by_wall_clock(sample_job(**moments), clock)
    assert {name: getattr(told, name) for name in shown} == {
        name: moment - 6 * HOUR_MS for name, moment in moments.items()
    }
    assert by_wall_clock(sample_job(), clock).finished_ms is None


@pytest.mark.parametrize("jitter", [-3, 1, 999])
def test_the_jitter_of_two_readings_changes_nothing_that_is_told(jitter: int) -> None:
    clock = HandClock()
    clock.wall_shift_ms = jitter
    assert clock.to_wall(NOON) == NOON


def test_the_offset_is_the_walls_at_the_start_and_may_be_set() -> None:
    clock = Clock(boot_ms=lambda: 5000, wall_ms=lambda: NOON)
    assert (clock(), clock.offset_ms) == (NOON, NOON - 5000)
    clock.offset_ms = 7
    assert clock() == 5007
    assert clock.wall_ms() == NOON


def test_the_machines_own_clocks_are_read() -> None:
    clock = Clock()
    assert abs(clock() - time.time() * 1000) < 5000
    assert abs(read_wall_clock() - clock()) < 5000
    assert read_boot_clock() >= time.monotonic() * 1000 - 5000


@pytest.mark.parametrize(
    ("ahead_ms", "counts"),
    [(-1, False), (0, False), (1, True), (FARTHEST_MS, True), (FARTHEST_MS + 1, False), (6 * HOUR_MS, False)],
)
def test_what_lies_more_than_two_hours_ahead_is_over(ahead_ms: int, counts: bool) -> None:
    assert is_ahead(NOON + ahead_ms, NOON) is counts
