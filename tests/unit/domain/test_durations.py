"""How long something lasts is read as people type it."""

import pytest

from bot.domain.durations import DAY_MS, HOUR_MS, MINUTE_MS, YEAR_MS, read_duration
from bot.errors import BadDuration


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1h", HOUR_MS),
        ("3 days", 3 * DAY_MS),
        ("2w", 14 * DAY_MS),
        (" 90 Minutes ", 90 * MINUTE_MS),
        ("1d12h", 36 * HOUR_MS),
        ("1 day, 12 hours", 36 * HOUR_MS),
        ("for 1 week and 2 days", 9 * DAY_MS),
        ("an hour", HOUR_MS),
        ("a day", DAY_MS),
        ("1.5 h", 90 * MINUTE_MS),
        ("1,5h", 90 * MINUTE_MS),
        ("1,000 minutes", 1000 * MINUTE_MS),
        ("1 month", 30 * DAY_MS),
        ("5 years", 5 * YEAR_MS),
        ("3天", 3 * DAY_MS),
        ("2 周", 14 * DAY_MS),
        ("1天12小时", 36 * HOUR_MS),
        ("一个小时", HOUR_MS),
        ("两小时30分钟", 150 * MINUTE_MS),
        ("半小时", 30 * MINUTE_MS),
        ("１個月", 30 * DAY_MS),
        ("3 ngày", 3 * DAY_MS),
        ("2 Tuần", 14 * DAY_MS),
        ("1 giờ và 30 phút", 90 * MINUTE_MS),
        ("1 gio\u031b\u0300", HOUR_MS),
        ("một tháng", 30 * DAY_MS),
        ("nửa ngày", 12 * HOUR_MS),
        ("2 nam", 2 * YEAR_MS),
    ],
)
def test_a_length_of_time_is_read_as_it_was_meant(typed: str, meant: int) -> None:
    assert read_duration(typed) == meant


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "unreadable"),
        ("soon", "unreadable"),
        ("3", "unreadable"),
        ("h", "unreadable"),
        ("1h for spam", "unreadable"),
        ("1 fortnight", "unreadable"),
        ("1 天气", "unreadable"),
        ("1 ngàyy", "unreadable"),
        ("1..5h", "unreadable"),
        ("9" * 5000 + "h", "unreadable"),
        ("-1h", "too_short"),
        ("- 3 days", "too_short"),
        ("0h", "too_short"),
        ("0.01m", "too_short"),
        ("10,000 years", "too_long"),
        ("10000y", "too_long"),
        ("999999999999 weeks", "too_long"),
        ("5 years 1 minute", "too_long"),
    ],
)
def test_what_is_no_length_of_time_is_refused(typed: str, problem: str) -> None:
    with pytest.raises(BadDuration) as refusal:
        read_duration(typed)
    assert refusal.value.problem == problem
    assert len(refusal.value.typed) <= 60
