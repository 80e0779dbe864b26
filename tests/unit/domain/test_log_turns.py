"""What a server is told next: many events a message, no more messages than a channel takes, an owner once a day."""

from typing import Any

from bot.domain.log_turns import (
    DAY_MS,
    EVENTS,
    LOOK_AGAIN_MS,
    OWNER_GATHER_MS,
    PACE_MS,
    REPORTS,
    Outlet,
    turn,
    turn_again,
)
from bot.domain.mod_log import EventKind, LogEvent

NOW = 1_795_003_200_000
LOG = Outlet(1, channel_id=7)
OWNER = Outlet(1)


def event(number: int, kind: EventKind = EventKind.REMOVED, at_ms: int = NOW, **data: Any) -> LogEvent:
    return LogEvent(f"event{number:04}", kind, data, at_ms)


def test_a_channel_is_told_of_many_events_at_once_and_of_the_rest_a_moment_later() -> None:
    waiting = [event(number) for number in range(EVENTS + 3)]
    told = turn(LOG, waiting, NOW)
    assert told.events == tuple(waiting[:EVENTS])
    assert told.rest_due_ms == NOW + PACE_MS


def test_a_channel_that_was_written_to_just_now_waits() -> None:
    told = turn(Outlet(1, channel_id=7, sent_ms=NOW - 1000), [event(1)], NOW)
    assert (told.events, told.rest_due_ms) == ((), NOW - 1000 + PACE_MS)


def test_a_message_that_a_wrong_clock_wrote_down_keeps_nobody_waiting() -> None:
    assert turn(Outlet(1, channel_id=7, sent_ms=NOW + DAY_MS), [event(1)], NOW).events
    ahead = Outlet(1, owner_told_ms=NOW + 9 * DAY_MS)
    assert turn(ahead, [event(1, at_ms=NOW + 9 * DAY_MS)], NOW).events


def test_reports_share_a_message_with_nothing_else() -> None:
    reports = [event(number, EventKind.REPORT) for number in range(0, 20, 2)]
    others = [event(number) for number in range(1, 20, 2)]
    told = turn(LOG, sorted([*reports, *others], key=lambda one: one.id), NOW)
    assert told.events == tuple(reports[:REPORTS])
    assert turn(LOG, others, NOW).events == tuple(others)


def test_what_is_told_again_keeps_the_pace_and_stays_whole() -> None:
    untold = [event(number) for number in range(3)]
    assert turn_again(LOG, untold, NOW).events == tuple(untold)
    told = turn_again(Outlet(1, channel_id=7, sent_ms=NOW - 1000), untold, NOW)
    assert (told.events, told.rest_due_ms) == ((), NOW - 1000 + PACE_MS)


def test_an_owner_is_told_again_without_waiting_for_the_next_day() -> None:
    untold = [event(1, EventKind.REPORT), event(2)]
    assert turn_again(Outlet(1, owner_told_ms=NOW - 60_000), untold, NOW).events == tuple(untold)
    assert turn_again(LOG, untold, NOW).events == (untold[0],)


def test_an_owner_is_told_once_a_day_of_all_that_can_wait() -> None:
    waiting = [event(1, at_ms=NOW - OWNER_GATHER_MS), event(2, EventKind.REPORT)]
    assert turn(OWNER, waiting, NOW).events == tuple(waiting)
    lately = Outlet(1, owner_told_ms=NOW - DAY_MS + 1000)
    assert turn(lately, waiting, NOW).events == ()
    assert turn(lately, waiting, NOW).rest_due_ms == NOW + 1000
    assert turn(lately, waiting, NOW + 1000).events == tuple(waiting)


def test_what_an_owner_is_told_first_waits_a_while_for_more() -> None:
    told = turn(OWNER, [event(1)], NOW)
    assert (told.events, told.rest_due_ms) == ((), NOW + OWNER_GATHER_MS)


def test_what_waits_for_a_day_is_looked_at_again_soon_for_a_channel_may_be_named_meanwhile() -> None:
    told = turn(Outlet(1, owner_told_ms=NOW), [event(1)], NOW)
    assert (told.events, told.rest_due_ms) == ((), NOW + LOOK_AGAIN_MS)


def test_an_owner_is_told_at_once_of_what_stops_all_jobs_and_of_that_alone() -> None:
    urgent = event(2, EventKind.ACCOUNT, provider="ttapi", error="insufficient_balance")
    told = turn(Outlet(1, sent_ms=NOW, owner_told_ms=NOW), [event(1), urgent], NOW)
    assert told.events == (urgent,)
