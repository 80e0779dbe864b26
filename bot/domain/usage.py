"""What a server spent over time, by kinds, members and providers: pure, standard library only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.job import Kind
from bot.domain.periods import Period

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
PIECE_DAYS = 31
"""Days that are summed up at a time, so that nobody waits for a whole year to be read."""

STRAY_DAYS = 7
"""How far outside a period something may have been asked for that was charged in it."""


class Span(StrEnum):
    """Name how far an admin looks back; the day that is not over yet counts as one."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


DAYS: Mapping[Span, int] = {Span.DAY: 1, Span.WEEK: 7, Span.MONTH: 30, Span.YEAR: 365}


class KindGroup(StrEnum):
    """Name what credits go to, in the order in which it is drawn."""

    FILMS = "films"
    EXTENSIONS = "extensions"
    PICTURES = "pictures"
    WORDS = "words"

    @classmethod
    def of(cls, kind: Kind) -> "KindGroup":
        """Tell what a kind of job counts as."""
        if kind.makes_video:
            return cls.EXTENSIONS if kind is Kind.EXTEND else cls.FILMS
        return cls.PICTURES if kind.makes_images else cls.WORDS


@dataclass(frozen=True)
class Stretch:
    """Hold a time that is summed up in steps of an hour or a day: whole ones, in UTC; milliseconds since 1970."""

    start_ms: int
    end_ms: int
    step_ms: int = DAY_MS

    @classmethod
    def back(cls, span: Span, now_ms: int) -> "Stretch":
        """Look back from the end of this day."""
        end = (now_ms // DAY_MS + 1) * DAY_MS
        return cls(end - DAYS[span] * DAY_MS, end, HOUR_MS if span is Span.DAY else DAY_MS)

    @classmethod
    def of_period(cls, period: Period, now_ms: int) -> "Stretch":
        """Look back to where this period began; where it has no beginning, over a year."""
        today = datetime.fromtimestamp(now_ms // DAY_MS * DAY_MS // 1000, UTC)
        match period:
            case Period.DAY:
                return cls.back(Span.DAY, now_ms)
            case Period.WEEK:
                start = today - timedelta(days=today.weekday())
            case Period.MONTH:
                start = today.replace(day=1)
            case Period.NEVER:
                return cls.back(Span.YEAR, now_ms)
        return cls(int(start.timestamp()) * 1000, (now_ms // DAY_MS + 1) * DAY_MS)

    @property
    def steps(self) -> range:
        """Give when each step begins."""
        return range(self.start_ms, self.end_ms, self.step_ms)

    def step_of(self, step_ms: int) -> int:
        """Give the step that a moment's stands in: what lies outside belongs to the first or the last one."""
        return min(max(step_ms, self.start_ms), self.end_ms - self.step_ms)

    def with_strays(self) -> "Stretch":
        """Widen it to where all was asked for that was charged in it."""
        return Stretch(self.start_ms - STRAY_DAYS * DAY_MS, self.end_ms + STRAY_DAYS * DAY_MS, self.step_ms)

    def pieces(self) -> Iterator["Stretch"]:
        """Cut it into pieces that are read one after the other."""
        most = PIECE_DAYS * DAY_MS
        for start in range(self.start_ms, self.end_ms, most):
            yield Stretch(start, min(start + most, self.end_ms), self.step_ms)


@dataclass(frozen=True)
class UsageSum:
    """Hold what some jobs took: credits, and what a provider says it charged, in its own unit."""

    credits: int = 0
    jobs: int = 0
    charged: float = 0.0

    def __add__(self, other: "UsageSum") -> "UsageSum":
        return UsageSum(self.credits + other.credits, self.jobs + other.jobs, self.charged + other.charged)


@dataclass(frozen=True)
class ServerUsage:
    """Hold what a server's jobs took, each counted when it was asked for; who and what took most comes first.

    `steps` are by the beginning of a step and what was made; `worth` is how much of a provider's unit one credit is
    worth, where a setting says so.
    """

    stretch: Stretch
    steps: Mapping[tuple[int, KindGroup], UsageSum]
    members: Mapping[int, UsageSum]
    providers: Mapping[str, UsageSum]
    worth: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def total(self) -> UsageSum:
        """Sum everything up; what providers charged has no common unit."""
        return UsageSum(sum(one.credits for one in self.steps.values()), sum(one.jobs for one in self.steps.values()))

    @property
    def by_day(self) -> bool:
        """Tell whether a step is a day; else it is an hour."""
        return self.stretch.step_ms == DAY_MS

    @property
    def groups(self) -> Mapping[KindGroup, UsageSum]:
        """Sum up what each kind took; those that nobody asked for are left out."""
        found: dict[KindGroup, UsageSum] = {}
        for group in KindGroup:
            sums = [one for (_, of), one in self.steps.items() if of is group]
            if sums:
                found[group] = sum(sums, UsageSum())
        return found

    def credits_at(self, step_ms: int) -> int:
        """Tell what was spent in a step."""
        return sum(self.steps.get((step_ms, group), UsageSum()).credits for group in KindGroup)

    def in_credits(self, provider: str) -> float | None:
        """Tell what a provider charged in credits; None where no setting says what one is worth."""
        units = self.worth.get(provider)
        return self.providers[provider].charged / units if units else None


@dataclass(frozen=True)
class MemberInfo:
    """Hold how a member stands in a server.

    `spent` and what was asked for are of all time, `strikes` of this server; `strikes_today` of all servers together.
    """

    running: int
    waiting: int
    jobs: int
    films: int
    pictures: int
    spent: int
    favourites: int
    strikes: int
    strikes_today: int
