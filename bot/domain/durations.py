"""How long something lasts, as people type it: `1h`, `3 days`, `2w`, `1 day 12 hours`."""

import re

from bot.errors import BadDuration

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
YEAR_MS = 365 * DAY_MS

LONGEST_YEARS = 5

_UNITS = {
    MINUTE_MS: ("m", "min", "mins", "minute", "minutes"),
    HOUR_MS: ("h", "hr", "hrs", "hour", "hours"),
    DAY_MS: ("d", "day", "days"),
    7 * DAY_MS: ("w", "wk", "wks", "week", "weeks"),
    30 * DAY_MS: ("mo", "month", "months"),
    YEAR_MS: ("y", "yr", "yrs", "year", "years"),
}
_MS = {name: ms for ms, names in _UNITS.items() for name in names}

_NUMBER = r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12}(?:[.,][0-9]{1,2})?|an?|one)"
_PART = re.compile(rf"(?:and )?(?P<minus>[-−–]?) ?{_NUMBER} ?(?P<unit>[a-z]+)[ ,]*")
_THOUSANDS = re.compile(r",(?=[0-9]{3})")


def read_duration(typed: str) -> int:
    """Give how long is meant, milliseconds; raises `BadDuration` for what is none, or is too short or too long."""
    words = " ".join(typed.lower().split()).removeprefix("for ")
    total, at = 0.0, 0
    while part := _PART.match(words, at):
        if part["unit"] not in _MS:
            break
        total += (-1 if part["minus"] else 1) * _number(part["number"]) * _MS[part["unit"]]
        at = part.end()
    if not words or at < len(words):
        raise BadDuration(typed.strip()[:60], "unreadable", LONGEST_YEARS)
    if total < MINUTE_MS:
        raise BadDuration(typed.strip()[:60], "too_short", LONGEST_YEARS)
    if total > LONGEST_YEARS * YEAR_MS:
        raise BadDuration(typed.strip()[:60], "too_long", LONGEST_YEARS)
    return round(total)


def _number(written: str) -> float:
    if written in ("a", "an", "one"):
        return 1
    return float(_THOUSANDS.sub("", written).replace(",", "."))
