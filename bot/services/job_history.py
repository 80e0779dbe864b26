"""What members look back on: their newest jobs, and a finished one shown again with all its clips."""

from collections.abc import Callable, Sequence
from typing import Literal

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Clip, Job, State, card_link
from bot.domain.job_id import bare
from bot.domain.job_lists import NEWEST, JobQuery, Needed
from bot.domain.search_words import LONGEST_SEARCH, search_text
from bot.domain.storyboard import LIVE
from bot.errors import Cancelled, CannotShow, NotInServer
from bot.media import MediaStore
from bot.services.requests import DeferredReply, Requester

SEARCHED = 100
"""Among how many of a member's newest jobs that fit a part of an id or of a word is looked for."""

SUGGESTED = 25
"""How many suggestions Discord takes."""


JobFilter = Callable[[Job], bool]


def any_job(job: Job) -> bool:
    """Let every job fit."""
    return True


class JobHistory:
    """Look back on jobs; members on those of their own server."""

    def __init__(self, store: Store, media: MediaStore, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._media = media
        self._clock = clock
        self._wake = wake

    async def unreached_channels(self) -> list[int]:
        """Name the channels whose results could not be brought to their cards."""
        return await self._store.undelivered.channels()

    async def catch_up(self, channel_id: int) -> None:
        """Bring results to their cards in a channel that was closed when they were made (T9)."""
        if await self._store.undelivered.deliver_again(channel_id, self._clock()):
            self._wake()

    async def unfinished(self) -> list[Job]:
        """List the jobs of all servers that have not ended, oldest first."""
        return await self._store.history.unfinished()

    async def shown_in(self, job: Job) -> list[int]:
        """Name the channels where a message of ours shows a job."""
        own = [] if job.message_id is None else [job.channel_id]
        return list(dict.fromkeys([*own, *await self._store.shown_messages.channels(job.id)]))

    async def suggestions(
        self, guild_id: int, user_id: int, typed: str, needed: Needed = Needed.ANY, fits: JobFilter = any_job
    ) -> list[Job]:
        """List a member's own finished jobs that are needed, of those looked at the ones that fit.

        They are those of the newest whose id or prompt holds what was typed so far, then all whose prompt has words
        that begin so.
        """
        part = bare(typed).lower()
        find = self._store.lists.find
        recent = await find(guild_id, JobQuery(user_id), NEWEST, SEARCHED, needed)
        found = {job.id: job for job, _ in recent.entries if part in job.id or part in job.params.prompt.lower()}
        words = search_text(typed)[:LONGEST_SEARCH]
        if words:
            query = JobQuery(user_id, words=words)
            older = await find(guild_id, query, NEWEST, SEARCHED, needed)
            found |= {job.id: job for job, _ in older.entries}
        return [job for job in found.values() if fits(job)][:SUGGESTED]

    async def find(self, guild_id: int | None, job_id: str) -> Job:
        """Give a job of this server; raises `CannotShow` for any other."""
        job = await self._store.jobs.get(job_id)
        if job is None or job.guild_id != guild_id:
            raise CannotShow(job_id, "unknown")
        return job

    async def find_even_erased(self, guild_id: int | None, job_id: str) -> Job:
        """Give a job of this server, also one of which only the card is left; raises `CannotShow` for any other."""
        job = await self._store.jobs.get_even_erased(job_id)
        if job is None or job.guild_id != guild_id:
            raise CannotShow(job_id, "unknown")
        return job

    async def show_again(self, job: Job, requester: Requester, answer: DeferredReply) -> None:
        """Let a promised card become the job's (T9); the worker delivers the clips to it, free of charge.

        Raises `CannotShow` when it is not finished, or when its clips are to be had only where they were shown.
        """
        if requester.guild_id is None:
            raise NotInServer
        if job.state is not State.DONE:
            raise CannotShow(job.id, _why_not(job), card_link(job))
        shots = await self._store.storyboards.jobs(job.storyboard_id) if job.storyboard_id is not None else []
        if any(shot.state in LIVE for shot in shots):
            raise CannotShow(job.id, "unfinished", card_link(job))
        if not await self._can_be_brought(job, shots):
            raise CannotShow(job.id, "gone", card_link(job))
        again = await self._store.history.show_again(
            job.id,
            channel_id=requester.channel_id,
            message_id=answer.message_id,
            token=answer.token,
            until_ms=answer.until_ms,
            file_limit=requester.file_limit,
            now=self._clock(),
        )
        if again is None:
            raise CannotShow(job.id, "being_shown", card_link(job))
        self._wake()

    async def _can_be_brought(self, job: Job, shots: Sequence[Job]) -> bool:
        """Tell whether there is anything to show elsewhere; where all shots share a card, none is to be lost by it."""
        stored: list[Clip] = []
        lost: list[Clip] = []
        for shot in shots or [job]:
            for clip in await self._store.clips.clips(shot.id):
                if clip.media_file is not None and await self._media.has(clip.media_file):
                    stored.append(clip)
                elif clip.attachment_id is not None:
                    lost.append(clip)
        return bool(job.undelivered) or not lost or (bool(stored) and not shots)


def _why_not(job: Job) -> Literal["unfinished", "failed", "cancelled", "being_shown"]:
    if job.state in (State.FAILING, State.FAILED):
        return "cancelled" if job.error_code == Cancelled.code else "failed"
    return "being_shown" if job.state is State.READY else "unfinished"
