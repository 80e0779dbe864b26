"""One bounded step for a job in each state; whatever is not finished here goes on when the row is due again."""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock
from bot.domain import Clip, Job, Kind, State, back_off_ms, next_poll_ms
from bot.errors import (
    AnimaticError,
    BadPicture,
    ErrorKind,
    JobFailed,
    NoProvider,
    NoSuchClip,
    PictureProblem,
    ProviderError,
    Refused,
    ResultError,
)
from bot.media import Downloader, MediaStore
from bot.providers.base import ExtendRequest, Provider, RemoteState, Snapshot, Submitted, VideoRequest
from bot.service import Service
from bot.store import Store

log = logging.getLogger(__name__)

UNKNOWN_GRACE_MS = 120_000
"""How long an ambiguous submit is waited for before its credits go back."""

FRESH_LINK_MS = 12 * 3_600_000
"""How long Discord's link to a picture is used; it expires after about a day (discord.md, section 2)."""

LONGEST_WAIT_MS = 6 * 3_600_000
"""How long a job is tried again at a provider that turns it away."""

GIVE_UP_TRIES = 8
"""How often in a row a step may fail before a job that has no result yet is given up, or a clip is only linked."""


PICTURE_TRIES = 3
"""How often a picture that cannot be reached is fetched again before the request is refused."""


class Publisher(Protocol):
    """Show jobs to people."""

    async def show(self, job_id: str) -> None:
        """Bring the card of a job under way up to date as well as possible; never raises for Discord's sake."""
        ...

    async def deliver(self, job: Job) -> bool:
        """Put the clips on the card; False when no way to the member is left. Raises what may pass."""
        ...

    async def tell_failure(self, job: Job) -> bool:
        """Say why a job failed; False when no way to the member is left. Raises what may pass."""
        ...

    async def picture_link(self, job: Job, place: str) -> str | None:
        """Give a fresh link to a picture that the card shows."""
        ...


@dataclass(frozen=True)
class Ways:
    """Hold what the steps work with."""

    store: Store
    service: Service
    providers: Mapping[str, Provider]
    publisher: Publisher
    downloader: Downloader
    media: MediaStore
    clock: Clock
    poll_ms: int


class Steps:
    """Carry jobs forward, one step a call; the caller holds the lease."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._store = ways.store

    async def take(self, job: Job) -> None:
        """Take the step that a claimed job is due for."""
        match job.state:
            case State.RECEIVED:
                await self._prepare(job)
            case State.SUBMITTING:
                await self._reconcile(job)
            case State.RUNNING:
                await self._poll(job)
            case State.READY:
                await self._deliver(job)
            case State.FAILING:
                await self._tell_failure(job)
            case _:
                log.error("job %s was claimed as %s", job.id, job.state)

    async def submit(self, job: Job) -> None:
        """Hand an admitted job to its provider; once, whatever happens (T4, T3b or T6)."""
        try:
            provider = self._provider(job)
            submitted = await self._send(provider, job)
        except ProviderError as error:
            await self._not_submitted(job, error)
        except AnimaticError as error:
            await self._fail(job, error)
        else:
            log.info("job %s is %s at %s", job.id, submitted.remote_id, job.provider)
            due = self._now() + self._ways.poll_ms
            # Shielded: an id that the provider gave out is written down even while the process stops.
            running = await asyncio.shield(self._store.jobs.accepted(job.client_token or "", submitted.remote_id, due))
            if running is not None:
                await self._ways.publisher.show(job.id)

    async def stumble(self, job: Job, error: Exception) -> None:
        """Put a job back after a step failed unexpectedly; give it up when nothing is lost by that."""
        tries = job.tries + 1
        if tries >= GIVE_UP_TRIES and job.state in (State.RECEIVED, State.RUNNING):
            await self._fail(job, JobFailed("internal", job.provider))
        elif tries >= GIVE_UP_TRIES * 3 and job.state in (State.READY, State.FAILING):
            log.error("job %s could not be shown: %s", job.id, error)
            await self._store.jobs.finish(job, undeliverable=True)
        else:
            await self._store.jobs.put_back(job, self._now() + back_off_ms(tries), tries=tries)
            await self._ways.publisher.show(job.id)

    async def _prepare(self, job: Job) -> None:
        try:
            await self._ways.service.prepare(job)
        except Refused as refusal:
            if _may_pass(refusal) and job.tries < PICTURE_TRIES:
                tries = job.tries + 1
                await self._store.jobs.put_back(job, self._now() + back_off_ms(tries), tries=tries)
                return
            await self._store.jobs.fail(job, refusal.code, refusal.data, self._now())
            return
        await self._ways.publisher.show(job.id)

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
            await self._fail(job, JobFailed(_reason(error), self._title(job)))

    async def _reconcile(self, job: Job) -> None:
        """A claimed `submitting` row is always an ambiguous submit: it is waited for, and never sent again."""
        give_up = (job.submitted_ms or job.created_ms) + UNKNOWN_GRACE_MS
        if self._now() < give_up:
            await self._store.jobs.put_back(job, give_up)
            await self._ways.publisher.show(job.id)
        else:
            log.warning("job %s: %s never said whether it accepted it", job.id, job.provider)
            await self._fail(job, JobFailed("unknown_charge", self._title(job)))

    async def _poll(self, job: Job) -> None:
        now = self._now()
        try:
            snapshot = await self._provider(job).poll(job.remote_id or "")
        except ProviderError as error:
            await self._poll_failed(job, error)
            return
        if snapshot.state is RemoteState.SUCCEEDED and snapshot.clips:
            await self._succeed(job, snapshot)
        elif snapshot.state is RemoteState.FAILED:
            error = snapshot.error
            log.warning("job %s failed at %s: %s", job.id, job.provider, error)
            await self._fail(job, JobFailed(_reason(error) if error else "upstream", self._title(job)))
        elif snapshot.error is not None:
            await self._poll_failed(job, snapshot.error, snapshot)
        elif job.deadline_ms is not None and now > job.deadline_ms:
            await self._fail(job, JobFailed("job_timeout", self._title(job)))
        else:
            wait = next_poll_ms(now - (job.submitted_ms or now), self._ways.poll_ms)
            await self._store.jobs.put_back(job, now + wait, progress=snapshot.progress)
            await self._ways.publisher.show(job.id)

    async def _poll_failed(self, job: Job, error: ProviderError, snapshot: Snapshot | None = None) -> None:
        """Ask again later; the job may well be running, so only its deadline or a final answer ends it.

        A success that stays incomplete is delivered as far as it goes.
        """
        now = self._now()
        tries = job.tries + 1
        final = error.kind in (ErrorKind.NOT_FOUND, ErrorKind.RESULT_MISSING) and tries >= GIVE_UP_TRIES
        over = final or (job.deadline_ms is not None and now > job.deadline_ms)
        if over and snapshot is not None and snapshot.clips:
            await self._succeed(job, snapshot)
            return
        if over:
            log.warning("job %s is given up: %s", job.id, error)
            await self._fail(job, JobFailed(_reason(error), self._title(job)))
            return
        log.info("job %s could not be asked for (%d times): %s", job.id, tries, error)
        wait = max(back_off_ms(tries, self._ways.poll_ms), int((error.retry_after or 0) * 1000))
        await self._store.jobs.put_back(job, now + wait, tries=tries)

    async def _succeed(self, job: Job, snapshot: Snapshot) -> None:
        links = snapshot.clips[: job.params.clips]
        # Settled at the price it was reserved for, not at what the settings say today.
        each = job.cost // job.params.clips
        await self._store.jobs.succeed(
            job,
            links,
            job.cost if len(links) == job.params.clips else each * len(links),
            self._now(),
            extend_ref=snapshot.extend_ref,
            provider_cost=snapshot.cost,
        )
        log.info("job %s is made: %d clips", job.id, len(links))

    async def _deliver(self, job: Job) -> None:
        for clip in await self._store.media.clips(job.id):
            if clip.media_file is None:
                await self._fetch(job, clip)
        reached = await self._ways.publisher.deliver(job)
        await self._store.jobs.finish(job, undeliverable=not reached)
        log.info("job %s is delivered" if reached else "job %s is made, but no way to the member is left", job.id)

    async def _fetch(self, job: Job, clip: Clip) -> None:
        """Fetch one clip into the media store; the vendor's link stays as the last resort when that is hopeless."""
        name = f"{job.id}/{clip.slot + 1}.mp4"
        try:
            size = await self._ways.downloader.clip(clip.remote_url, self._ways.media.path(name))
        except ResultError as error:
            if not error.final and job.tries < GIVE_UP_TRIES:
                raise
            log.warning("job %s: clip %d could not be fetched: %s", job.id, clip.slot + 1, error)
        else:
            await self._store.media.kept(job.id, clip.slot, name, size)

    async def _tell_failure(self, job: Job) -> None:
        reached = await self._ways.publisher.tell_failure(job)
        await self._store.jobs.finish(job, undeliverable=not reached)

    async def _fail(self, job: Job, error: AnimaticError) -> None:
        await self._store.jobs.fail(job, error.code, error.data, self._now())

    def _provider(self, job: Job) -> Provider:
        if job.provider not in self._ways.providers:
            raise NoProvider(job.provider)
        return self._ways.providers[job.provider]

    def _title(self, job: Job) -> str:
        provider = self._ways.providers.get(job.provider)
        return provider.title if provider else job.provider

    def _now(self) -> int:
        return self._ways.clock()


def new_client_token() -> str:
    """Make the random token that fences a submit."""
    return secrets.token_urlsafe(24)


def _may_pass(refusal: Refused) -> bool:
    return isinstance(refusal, BadPicture) and refusal.problem is PictureProblem.UNREACHABLE


def _reason(error: ProviderError) -> str:
    return str(error.kind)
