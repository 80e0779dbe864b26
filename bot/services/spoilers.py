"""What a card shows, hidden behind Discord's spoiler, or shown openly again."""

from collections.abc import Callable

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import card_link
from bot.errors import CannotShow, NotYourCard, SpoilerAlways
from bot.services.requests import Requester


class Spoilers:
    """Hide and show the media of ended jobs; the worker then brings the card up to date, free of charge."""

    def __init__(self, store: Store, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake

    async def set(self, requester: Requester, job_id: str, *, hidden: bool, moderates: bool) -> None:
        """Hide the media of a job, or show it again; that it is so already does no harm.

        Raises `NotYourCard` for who neither asked for it nor moderates there, `SpoilerAlways` for showing what the
        server hides, `CannotShow` for a job that is unknown, has not ended, or is being shown just now.
        """
        job = await self._store.jobs.get(job_id)
        if job is None or job.guild_id != requester.guild_id:
            raise CannotShow(job_id, "unknown")
        if job.user_id != requester.user_id and not moderates:
            raise NotYourCard
        if not hidden and (await self._store.guild_settings.get(job.guild_id)).spoiler:
            raise SpoilerAlways
        if await self._store.history.set_spoiler(job.id, int(hidden), self._clock()) is None:
            raise CannotShow(job.id, "being_shown", card_link(job))
        self._wake()
