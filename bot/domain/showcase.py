"""What members share in a server's showcase, and which of it is a week's best: pure, standard library only."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.periods import Period
from bot.domain.storyboard import FILM_PLACE

STAR = "⭐"
"""What members react with to what they like."""

LEAST_STARS = 2
"""How many members must have starred a result for it to be among the best."""

MOST_BEST = 3
"""How many are the best of a week."""

DAY_MS = 24 * 3_600_000
"""How long stars are given at least: what is shared on a week's last day belongs to the next one."""

FILM = FILM_PLACE
"""The slot of a storyboard's joined film, which belongs to the job of its last shot."""


class Redrawn(StrEnum):
    """What came of showing a posted result as it is now."""

    SHOWN = "shown"
    DELETED = "deleted"
    """Somebody deleted its message."""
    NO_CHANNEL = "no_channel"
    """Its channel is gone, and the message with it."""


@dataclass(frozen=True)
class Share:
    """Mirror one row of the share table: a result that was shared, or is about to be; once a job and slot."""

    job_id: str
    slot: int
    guild_id: int
    user_id: int
    """Its maker, whoever shared it."""
    channel_id: int
    """The showcase that it was shared in."""
    week: str
    shared_ms: int
    """By the wall clock."""
    message_id: int | None = None
    """None until it is posted, and once it is gone."""
    due_ms: int | None = None
    """When something is to be done about it; None when there is nothing."""
    tries: int = 0
    """How often in a row that did not succeed."""
    answer_id: int | None = None
    """The answer of who shares it, which they alone see."""
    token: str | None = None
    """The interaction's token, which may fill that."""
    token_until_ms: int = 0
    again: int = 0
    """1 where who asks may have it posted again if somebody deleted its message."""
    taken_down: int = 0
    """1 once its job was removed: its message goes, and it never comes back."""
    stars: int | None = None
    """How many members had starred it when the week was over."""
    lifted: int = 0
    """1 once it is among the best of its week."""
    locale: str | None = None
    """The language that the answer is filled in, by Discord's code."""


@dataclass(frozen=True)
class ShowcaseWeek:
    """Mirror one row of the showcase_week table: a week in which something was shared in a server."""

    guild_id: int
    week: str
    due_ms: int | None
    """When its best are to be chosen or shown, by the wall clock; None when there is nothing to do."""
    chosen: int = 0
    """1 once its best are written down, which happens before they are shown."""
    channel_id: int | None = None
    message_id: int | None = None
    """The message that shows them."""
    tries: int = 0


def week_of(wall_ms: int) -> str:
    """Name the week, by UTC, whose best something can be that is shared at a moment."""
    return Period.WEEK.key(wall_ms + DAY_MS)


def week_ends_ms(wall_ms: int) -> int:
    """Tell when that week is over, in milliseconds since 1970 by the wall clock."""
    ends = Period.WEEK.renews_ms(wall_ms + DAY_MS)
    return ends if ends is not None else wall_ms + DAY_MS


def choose_best(starred: Sequence[tuple[Share, int]]) -> list[Share]:
    """Choose the best by their stars; of as many, what was shared first."""
    enough = [(share, stars) for share, stars in starred if stars >= LEAST_STARS]
    ranked = sorted(enough, key=lambda one: (-one[1], one[0].shared_ms, one[0].job_id, one[0].slot))
    return [share for share, _ in ranked[:MOST_BEST]]
