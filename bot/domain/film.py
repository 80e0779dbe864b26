"""A film: the clips of a chain, each of which goes on from the one before, joined into one."""

from dataclasses import dataclass

from bot.domain.job import Job


@dataclass(frozen=True)
class Part:
    """Hold one clip of a chain, by its job and its slot, counted from 0."""

    job: Job
    slot: int


@dataclass(frozen=True)
class Ancestor:
    """Hold one part of a lineage, as a card names it: the clip that it goes on from, and the part's own card.

    The first part goes on from none, and the card's own part needs no link.
    """

    from_slot: int | None
    card: str | None


@dataclass(frozen=True)
class Film:
    """Mirror one row of the film table: a chain up to a clip, to be joined, or joined and posted.

    `seconds`, `parts` and `bytes` are known once it is joined, and `message_id` once it is posted.
    """

    job_id: str
    slot: int
    user_id: int
    """Who asked for it last."""
    token_until_ms: int
    asked_ms: int
    answer_id: int | None = None
    """The answer that they alone see, which tells where it is."""
    token: str | None = None
    """The interaction's token, which may fill that."""
    media_file: str | None = None
    parts: int | None = None
    seconds: float | None = None
    bytes: int | None = None
    channel_id: int | None = None
    message_id: int | None = None
    due_ms: int | None = None
    """When it is to be joined or posted; None when there is nothing to do."""
    tries: int = 0
    """How often in a row that did not succeed."""
    locale: str | None = None
    """The language that the answer is filled in, by Discord's code."""
