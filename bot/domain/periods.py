"""How often credits renew."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Period(StrEnum):
    """Name how often credits renew; all periods turn over at midnight UTC."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    NEVER = "never"

    def key(self, now_ms: int) -> str:
        """Name the period that holds a moment: '2026-11-20', '2026-W47', '2026-11' or 'all'."""
        day = _utc(now_ms)
        match self:
            case Period.DAY:
                return f"{day:%Y-%m-%d}"
            case Period.WEEK:
                year, week, _ = day.isocalendar()
                return f"{year}-W{week:02}"
            case Period.MONTH:
                return f"{day:%Y-%m}"
            case Period.NEVER:
                return "all"

    def renews_ms(self, now_ms: int) -> int | None:
        """Tell when the next period begins, in milliseconds since 1970; None when it never does."""
        midnight = _utc(now_ms).replace(hour=0, minute=0, second=0, microsecond=0)
        match self:
            case Period.DAY:
                start = midnight + timedelta(days=1)
            case Period.WEEK:
                start = midnight + timedelta(days=7 - midnight.weekday())
            case Period.MONTH:
                start = (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
            case Period.NEVER:
                return None
        return int(start.timestamp() * 1000)


def keys_of(now_ms: int) -> dict[Period, str]:
    """Name the period of each kind that holds a moment."""
    return {period: period.key(now_ms) for period in Period}


def _utc(now_ms: int) -> datetime:
    return datetime.fromtimestamp(now_ms / 1000, UTC)
