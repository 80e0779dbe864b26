"""The one call that costs money: made at most once for a job unless it was surely refused."""

import asyncio
import logging
import secrets

from bot.domain import Job, Kind, back_off_ms
from bot.errors import AnimaticError, JobFailed, NoSuchClip, ProviderError
from bot.providers.base import ExtendRequest, Provider, Submitted, VideoRequest
from bot.ways import Ways

log = logging.getLogger(__name__)

UNKNOWN_GRACE_MS = 120_000
"""How long an ambiguous submit is waited for before its credits go back."""

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

    async def submit(self, job: Job) -> None:
        """Hand an admitted job to its provider; once, whatever happens (T4, T3b or T6)."""
        try:
            provider = self._ways.provider(job)
            submitted = await self._send(provider, job)
        except ProviderError as error:
            await self._not_submitted(job, error)
        except AnimaticError as error:
            await self._ways.fail(job, error)
        else:
            log.info("job %s is %s at %s", job.id, submitted.remote_id, job.provider)
            due = self._now() + self._ways.poll_ms
            # Shielded: an id that the provider gave out is written down even while the process stops.
            running = await asyncio.shield(self._store.jobs.accepted(job.client_token or "", submitted.remote_id, due))
            if running is not None:
                await self._ways.publisher.show(job.id)

    async def reconcile(self, job: Job) -> None:
        """A claimed `submitting` row is always an ambiguous submit: it is waited for, and never sent again."""
        give_up = (job.submitted_ms or job.created_ms) + UNKNOWN_GRACE_MS
        if self._now() < give_up:
            await self._store.jobs.put_back(job, give_up)
            await self._ways.publisher.show(job.id)
        else:
            log.warning("job %s: %s never said whether it accepted it", job.id, job.provider)
            await self._ways.fail(job, JobFailed("unknown_charge", self._ways.title(job)))

    async def _send(self, provider: Provider, job: Job) -> Submitted:
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
                    callback_url=None,
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
                callback_url=None,
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
            await self._store.jobs.put_back(job, now + UNKNOWN_GRACE_MS)
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
