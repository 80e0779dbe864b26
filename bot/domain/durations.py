"""How long something lasts, as people type it: `1h`, `3 days`, `2w`, `1 day 12 hours`, `3 天`, `2 tuần`."""

import re
import unicodedata

from bot.errors import BadDuration

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
YEAR_MS = 365 * DAY_MS

LONGEST_YEARS = 5

_UNITS = {
    MINUTE_MS: ("m", "min", "mins", "minute", "minutes", "phút", "phut"),
    HOUR_MS: ("h", "hr", "hrs", "hour", "hours", "giờ", "gio", "tiếng", "tieng"),
    DAY_MS: ("d", "day", "days", "ngày", "ngay"),
    7 * DAY_MS: ("w", "wk", "wks", "week", "weeks", "tuần", "tuan"),
    30 * DAY_MS: ("mo", "month", "months", "tháng", "thang"),
    YEAR_MS: ("y", "yr", "yrs", "year", "years", "năm", "nam"),
}
_CHINESE = {
    MINUTE_MS: ("分钟", "分鐘", "分"),
    HOUR_MS: ("小时", "小時", "钟头", "鐘頭", "时", "時"),
    DAY_MS: ("天", "日"),
    7 * DAY_MS: ("星期", "礼拜", "禮拜", "周", "週"),
    30 * DAY_MS: ("月",),
    YEAR_MS: ("年",),
}
_MS = {name: ms for units in (_UNITS, _CHINESE) for ms, names in units.items() for name in names}

_IN_WORDS = {"a": 1, "an": 1, "one": 1, "một": 1, "mot": 1, "nửa": 0.5, "半": 0.5, "两": 2, "兩": 2} | {
    sign: number for number, sign in enumerate("一二三四五六七八九十", 1)
}
_WORDS = "|".join(sorted(_IN_WORDS, key=len, reverse=True))
_NUMBER = rf"(?P<number>[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,12}}(?:[.,][0-9]{{1,2}})?|{_WORDS})"
# Chinese writes the next number right behind a unit, so that a unit ends where one is known.
_UNIT = rf"[个個]? ?(?P<unit>{'|'.join(name for names in _CHINESE.values() for name in names)}|[^\W\d_]+)"
_PART = re.compile(rf"(?:and |và )?(?P<minus>[-−–]?) ?{_NUMBER} ?{_UNIT}[ ,、]*")
_THOUSANDS = re.compile(r",(?=[0-9]{3})")


def read_duration(typed: str) -> int:
    """Give how long is meant, milliseconds; raises `BadDuration` for what is none, or is too short or too long."""
    words = " ".join(unicodedata.normalize("NFKC", typed).lower().split()).removeprefix("for ")
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
    if written in _IN_WORDS:
        return _IN_WORDS[written]
    return float(_THOUSANDS.sub("", written).replace(",", "."))
