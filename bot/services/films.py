"""The film so far: a chain of clips that is joined and posted once, and told to whoever asks for it."""

from collections.abc import Sequence

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.film import Film, Part
from bot.domain.job import Job, State
from bot.errors import FilmOfOne, NoFilmClip, NoSuchJob
from bot.services.requests import DeferredReply, Requester
from bot.services.timed_event import TimedEvent

MADE = (State.READY, State.DONE)
"""The states of a job whose clips are there; a card can show them in the first already."""


class Films:
    """Look up chains, and write down which film somebody wants; the worker joins and posts it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.asked = TimedEvent()

    async def slots(self, guild_id: int | None, job_id: str) -> list[int]:
        """Give the slots of a job's clips, each of which a film can end with; raises `NoSuchJob`."""
        job = await self._store.jobs.get(job_id)
        if job is None or job.guild_id != guild_id or not job.kind.makes_video or job.state not in MADE:
            raise NoSuchJob(job_id)
        return [clip.slot for clip in await self._store.clips.clips(job_id)]

    async def parts(self, guild_id: int | None, job_id: str, slot: int) -> list[Part]:
        """Give the clips that lead to one of a job's, with that; raises `NoSuchJob`, `NoFilmClip` or `FilmOfOne`."""
        if slot not in await self.slots(guild_id, job_id):
            raise NoFilmClip(job_id, slot + 1)
        parts = await self._store.lineage.parts(job_id, slot)
        if len(parts) < 2:
            raise FilmOfOne(job_id)
        return parts

    async def ask(self, requester: Requester, parts: Sequence[Part], answer: DeferredReply) -> bool:
        """Write down that somebody wants a film, to be told in their answer; False while it is made for another one.

        Raises `TooManyOpen`.
        """
        last = parts[-1]
        film = Film(
            last.job.id,
            last.slot,
            requester.user_id,
            token_until_ms=answer.until_ms,
            asked_ms=self._clock(),
            answer_id=answer.message_id,
            token=answer.token,
            locale=answer.locale,
        )
        asked = await self._store.films.ask(film)
        self.asked.set()
        return asked is not None


def is_continued(job: Job) -> bool:
    """Tell whether a job goes on from a clip, so that there is a film to be joined."""
    return job.kind.makes_video and job.parent_job_id is not None and job.parent_slot is not None
