"""The one call that costs money: made at most once for a job unless it was surely refused."""

import asyncio
import logging
import secrets

from bot.callbacks import is_callback_of
from bot.domain import Job, Kind, back_off_ms
from bot.errors import AnimaticError, JobFailed, NoSuchClip, ProviderError
from bot.providers.base import ExtendRequest, Provider, Submitted, VideoRequest
from bot.ways import Ways

log = logging.getLogger(__name__)

UNKNOWN_GRACE_MS = 2 * 60_000
"""How long an ambiguous submit is looked for, where no callback can come, before its credits go back."""

CALLED_GRACE_MS = 45 * 60_000
"""The same where a callback may still come."""

LEAST_ASKS = 2
"""How often a provider that can be asked is asked at least."""

ASK_SOON_MS = 2_000
ASK_AGAIN_MS = 30_000
"""The pauses before it is asked for the first time and again."""

DEADLINE_MS = 35 * 60_000
"""How long a provider may work on a job; the slowest documented limit is 30 minutes (providers.md, section 7)."""

FRESH_LINK_MS = 12 * 3_600_000
"""How long Discord's link to a picture is used; it expires after about a day (discord.md, section 2)."""

LONGEST_WAIT_MS = 6 * 3_600_000
"""How long a job is tried again at a provider that turns it away."""


def new_client_token() -> str:
    """Make the random token that fences a submit."""
    return secrets.token_urlsafe(24)


class Submitter:
    """Hand jobs to their providers, and keep watch over those whose answer was lost."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._store = ways.store

    async def submit(self, job: Job, callback_url: str | None) -> None:
        """Hand an admitted job to its provider; once, whatever happens (T4, T3b or T6)."""
        try:
            provider = self._ways.provider(job)
            submitted = await self._send(provider, job, callback_url)
        except ProviderError as error:
            await self._not_submitted(job, error)
        except AnimaticError as error:
            await self._ways.fail(job, error)
        else:
            log.info("job %s is %s at %s", job.id, submitted.remote_id, job.provider)
            await self._accept(job, submitted.remote_id)

    async def reconcile(self, job: Job) -> None:
        """Find out whether an ambiguous submit was accepted; every claimed `submitting` row is one.

        It is never sent again. The provider is asked where it can be, a callback is waited for where one can come,
        and after the grace the credits go back.
        """
        if await self._look(job):
            return
        now, asks = self._now(), job.tries + 1
        able = self._ways.provider(job).capabilities
        called = able.callbacks and self._ways.callbacks.are_received
        grace = CALLED_GRACE_MS if called else UNKNOWN_GRACE_MS
        if now - (job.submitted_ms or job.created_ms) < grace or (able.find and asks < LEAST_ASKS):
            await self._store.jobs.put_back(job, now + ASK_AGAIN_MS, tries=asks)
            await self._ways.publisher.show(job.id)
            return
        log.warning("job %s: %s never said whether it accepted it", job.id, job.provider)
        await self._ways.fail(job, JobFailed("unknown_charge", self._ways.title(job)))

    async def revive(self, job: Job) -> bool:
        """Take up a job that was given up, if the provider turns out to have it (T8); free for the member."""
        if job.remote_id is not None or job.hint is None or not await self._look(job):
            return False
        log.info("job %s is found after all", job.id)
        return True

    async def adopt(self, job: Job, remote_id: str) -> bool:
        """Take an id for a job's own if the provider's job repeats its callback path; True when it is."""
        snapshot = await self._ways.provider(job).poll(remote_id)
        if snapshot.echo is None or not is_callback_of(job)(snapshot.echo):
            log.warning("job %s: %s at %s is not this job", job.id, remote_id, job.provider)
            return False
        return await self._accept(job, remote_id)

    async def _look(self, job: Job) -> bool:
        """Look for an ambiguous job at its provider: by the id that a callback named, else in the provider's list."""
        provider = self._ways.provider(job)
        try:
            if job.hint is not None and await self.adopt(job, job.hint):
                return True
            if not provider.capabilities.find:
                return False
            found = await provider.find(job.params.prompt, is_callback_of(job))
        except ProviderError as error:
            log.warning("job %s could not be looked for at %s: %s", job.id, job.provider, error)
            return False
        return found is not None and await self._accept(job, found)

    async def _accept(self, job: Job, remote_id: str) -> bool:
        """Write down the id that a provider gave a job (T4); shielded, so that it is kept even while we stop."""
        now = self._now()
        accepted = self._store.jobs.accepted(
            job.client_token or "", remote_id, now + self._ways.poll_ms, now + DEADLINE_MS
        )
        if await asyncio.shield(accepted) is None:
            return False
        await self._ways.publisher.show(job.id)
        return True

    async def _send(self, provider: Provider, job: Job, callback_url: str | None) -> Submitted:
        params = job.params
        token = job.client_token or ""
        if job.kind is Kind.EXTEND:
            parent = await self._store.jobs.get(job.parent_job_id or "")
            if parent is None or parent.extend_ref is None or job.parent_slot is None:
                raise NoSuchClip(job.parent_job_id or "", (job.parent_slot or 0) + 1)
            return await provider.extend(
                ExtendRequest(
                    client_token=token,
                    parent_ref=parent.extend_ref,
                    index=job.parent_slot,
                    prompt=params.prompt,
                    motion=params.motion,
                    resolution=params.resolution,
                    clips=params.clips,
                    callback_url=callback_url,
                )
            )
        return await provider.submit(
            VideoRequest(
                client_token=token,
                prompt=params.prompt,
                image_url=await self._link(job, "start") or "",
                end_url=await self._link(job, "end"),
                loop=params.loop,
                motion=params.motion,
                resolution=params.resolution,
                clips=params.clips,
                speed=params.speed,
                callback_url=callback_url,
            )
        )

    async def _link(self, job: Job, place: str) -> str | None:
        """Give the provider the option's own link while it is fresh, else the card's."""
        picture = job.params.image if place == "start" else job.params.end_image
        if picture is None:
            return None
        if self._now() - job.created_ms < FRESH_LINK_MS:
            return picture.url
        return await self._ways.publisher.picture_link(job, place) or picture.url

    async def _not_submitted(self, job: Job, error: ProviderError) -> None:
        now = self._now()
        if error.accepted != "no":
            log.warning("job %s: %s may or may not have accepted it: %s", job.id, job.provider, error)
            await self._store.jobs.put_back(job, now + ASK_SOON_MS)
            await self._ways.publisher.show(job.id)
        elif error.passes and now - job.created_ms < LONGEST_WAIT_MS:
            wait = max(back_off_ms(job.tries + 1), int((error.retry_after or 0) * 1000))
            log.info("job %s was turned away by %s: %s", job.id, job.provider, error)
            await self._store.jobs.turned_away(job, now + wait)
            await self._ways.publisher.show(job.id)
        else:
            log.warning("job %s was refused by %s: %s", job.id, job.provider, error)
            await self._ways.fail(job, JobFailed(str(error.kind), self._ways.title(job)))

    def _now(self) -> int:
        return self._ways.clock()
