"""Jobs whose submit was never answered: found where the provider can be asked, adopted or given up by admins."""

import asyncio
import logging
from collections.abc import Callable, Mapping

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job, Kind, State, by_wall_clock
from bot.domain.pacing import poll_moment_ms
from bot.domain.prompts import without_flags
from bot.errors import ErrorKind, NotAdoptable, NotUnconfirmed, ProviderError
from bot.providers.base import Provider
from bot.providers.polling import poll_job
from bot.providers.registry import title_of
from bot.providers.types import RemoteState
from bot.services.callbacks import is_callback_of

log = logging.getLogger(__name__)

NO_KEY = "no_key"
"""Why a job is given up whose provider had no key here for a day."""

DEADLINE_MS = 35 * 60_000
"""How long a provider may work on a job; the slowest documented limit is 30 minutes (providers.md, section 7)."""


WRITE_PAUSES = (1, 2, 4, 8, 15, *[30] * 18)
"""Seconds between the tries to write an accepted id down: ten minutes, for a disk that is full or a locked database."""


class JobRecovery:
    """Bring jobs and the provider's ids together."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        *,
        poll_ms: int,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._providers = providers
        self._poll_ms = poll_ms
        self._clock = clock
        self._wake = wake

    async def record_remote_id(self, job: Job, remote_id: str) -> bool:
        """Write down the id that a provider gave a job (T4, or T8 after a refund); False when the job has one.

        Shielded, so that an id is kept even while the process stops.
        """
        if await asyncio.shield(self._write(job, remote_id)) is not None:
            return True
        log.warning("job %s: %s was not taken as its id: one of them belongs to another", job.id, remote_id)
        return False

    async def _write(self, job: Job, remote_id: str) -> Job | None:
        """Write an id down, again and again: it is paid for, and perhaps nobody else can tell it."""
        for pause in WRITE_PAUSES:
            try:
                return await self._mark_running(job, remote_id)
            except Exception:
                log.exception("job %s: its id %s could not be written down, trying again", job.id, remote_id)
                await asyncio.sleep(pause)
        return await self._mark_running(job, remote_id)

    async def _mark_running(self, job: Job, remote_id: str) -> Job | None:
        now = self._clock()
        return await self._store.jobs.mark_running(
            job.client_token or "",
            remote_id,
            poll_moment_ms(now + self._poll_ms, self._poll_ms),
            deadline_ms=now + DEADLINE_MS,
        )

    async def find_at_provider(self, job: Job) -> bool | None:
        """Search for a job at its provider: by the id that a callback named, else in the provider's list.

        True when it was found and is running; False when it is not there; None when the provider could not be asked.
        """
        provider = self._providers.get(job.provider)
        if provider is None:
            return None
        prompt = _listed_prompt(job)
        try:
            found = (
                job.callback_remote_id
                if job.callback_remote_id is not None and await self._matches_callback(job, job.callback_remote_id)
                else None
            )
            if found is None and provider.capabilities.can_list_jobs:
                found = await provider.find(prompt, is_callback_of(job))
        except ProviderError as error:
            log.warning("job %s could not be looked for at %s: %s", job.id, job.provider, error)
            return False if error.kind is ErrorKind.NOT_FOUND else None
        return found is not None and await self.record_remote_id(job, found)

    async def unconfirmed(self, guild_id: int) -> list[Job]:
        """List a server's unconfirmed jobs, newest first, with their times as the wall clock shows them."""
        return [by_wall_clock(job, self._clock) for job in await self._store.unconfirmed.newest(guild_id)]

    async def undelivered(self, guild_id: int) -> list[Job]:
        """List what was paid in a server and not delivered, newest first, as the wall clock shows it."""
        return [by_wall_clock(job, self._clock) for job in await self._store.undelivered.of_server(guild_id)]

    async def adopt(self, guild_id: int, job_id: str, remote_id: str) -> Job:
        """Take the id that an admin found for an unconfirmed job, or for one that we gave up (T8).

        It is free for the member where the credits are back. Raises `NotUnconfirmed`, or `NotAdoptable` when the
        provider does not know the id or it is another job's.
        """
        job = await self._adoptable(guild_id, job_id)
        if job.provider not in self._providers:
            raise NotAdoptable(remote_id, title_of(job.provider), asked=False)
        try:
            if not await self._matches_callback(job, remote_id, named_by_admin=True):
                raise NotAdoptable(remote_id, title_of(job.provider))
        except ProviderError as error:
            log.warning("job %s could not adopt %s: %s", job.id, remote_id, error)
            raise NotAdoptable(remote_id, title_of(job.provider), asked=error.kind is ErrorKind.NOT_FOUND) from None
        if not await self._take(job, remote_id):
            raise NotAdoptable(remote_id, title_of(job.provider))
        log.info("job %s was told to be %s at %s", job.id, remote_id, job.provider)
        self._wake()
        return job

    async def give_up(self, guild_id: int, job_id: str) -> Job:
        """Strike a job off: an unconfirmed one, whose credits go back if they have not yet, or an undelivered one.

        Raises `NotUnconfirmed`.
        """
        listed = await self._store.undelivered.of_server(guild_id, job_id=job_id)
        if listed:
            await self._store.undelivered.strike_off(job_id)
            return listed[0]
        job = await self._unconfirmed(guild_id, job_id)
        if not await self._store.unconfirmed.give_up(job.id, self._clock()):
            raise NotUnconfirmed(job_id)
        self._wake()
        return job

    async def _adoptable(self, guild_id: int, job_id: str) -> Job:
        listed = await self._store.undelivered.of_server(guild_id, job_id=job_id)
        given_up = [job for job in listed if job.state is State.FAILED]
        return given_up[0] if given_up else await self._unconfirmed(guild_id, job_id)

    async def _take(self, job: Job, remote_id: str) -> bool:
        """Write an adopted id down; a job that we gave up has one already."""
        if job.remote_id is None:
            return await self.record_remote_id(job, remote_id)
        now = self._clock()
        return await self._store.undelivered.take_up(job.id, remote_id, now, now + DEADLINE_MS)

    async def _unconfirmed(self, guild_id: int, job_id: str) -> Job:
        found = await self._store.unconfirmed.newest(guild_id, job_id=job_id)
        if not found:
            raise NotUnconfirmed(job_id)
        return found[0]

    async def _matches_callback(self, job: Job, remote_id: str, *, named_by_admin: bool = False) -> bool:
        """Tell whether a provider's job repeats this job's callback path.

        Where the provider repeats none, an admin's word is enough for a job that it knows.
        """
        provider = self._providers.get(job.provider)
        if provider is None:
            return False
        snapshot = await poll_job(provider, job, remote_id)
        echo = snapshot.echo
        if echo is None and snapshot.state is RemoteState.WAITING and not job.kind.makes_video:
            # A picture job repeats nothing before it runs (providers.md, section 1.6).
            raise ProviderError(ErrorKind.UPSTREAM, "yes", f"{remote_id} waits, and does not show whose it is")
        ours = echo is not None and is_callback_of(job)(echo)
        if named_by_admin and not provider.capabilities.echoes_callback:
            return True
        if not ours:
            log.warning("job %s: %s at %s is another job", job.id, remote_id, job.provider)
        return ours


def _listed_prompt(job: Job) -> str:
    """Give what a list shows of a job's prompt: an extend or a button has none, a translated one another one."""
    if job.kind is Kind.VIDEO:
        return job.params.prompt
    if job.kind is Kind.IMAGINE and not job.params.translate:
        return without_flags(job.params.prompt)
    return ""
