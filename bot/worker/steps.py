"""One bounded step for a job in each state; whatever is not finished here goes on when the row is due again."""

import asyncio
import logging
from collections.abc import Sequence

from bot.domain.job import (
    IMAGE_AND_TEXT_KINDS,
    Clip,
    Job,
    State,
    back_off_ms,
    next_poll_ms,
)
from bot.errors import (
    BadPicture,
    ErrorKind,
    JobFailed,
    PictureProblem,
    ProviderError,
    Refused,
    ResultError,
    UnknownCharge,
)
from bot.media import run_in_image_thread, split_grid
from bot.providers.polling import TILES, poll_job
from bot.providers.types import RemoteState, Snapshot
from bot.worker.context import StepContext
from bot.worker.submission import Submission

log = logging.getLogger(__name__)

GIVE_UP_TRIES = 8
"""How often in a row a step may fail before a job that has no result yet is given up."""

FETCH_TRIES = 6
"""How often a finished clip is fetched before the card goes without it."""

LONGEST_BACK_OFF_MS = 3_600_000

SHOW_TRIES = 80
"""How often Discord is told of an end before it stays untold: three days, most of them at the longest back-off."""

RECHECK_MS = 5 * 60_000
"""How soon a job that we gave up, and its provider did not, is looked at again."""

LATE_ANSWER_MS = 24 * 3_600_000
"""How long a provider that cannot be asked about a late answer is asked again."""

IMAGE_TRIES = 3
"""How often a picture that cannot be reached is fetched again before the request is refused."""


DRAIN_SECONDS = 2.0
"""How long moving the jobs of a paused provider may keep all others waiting: another one may check their prompts."""


class JobSteps:
    """Carry jobs forward, one step a call; the caller holds the lease."""

    def __init__(self, context: StepContext) -> None:
        self._context = context
        self._store = context.store
        self._submission = Submission(context)

    async def run(self, job: Job) -> None:
        """Take the step that a claimed job is due for."""
        match job.state:
            case State.RECEIVED:
                await self._prepare(job)
            case State.SUBMITTING:
                await self._submission.reconcile(job)
            case State.RUNNING:
                await self._poll(job)
            case State.READY:
                await self._deliver(job)
            case State.FAILING:
                await self._tell_failure(job)
            case State.FAILED:
                await self._recheck(job)
            case _:
                log.error("job %s was claimed as %s", job.id, job.state)

    async def submit(self, job: Job, callback_url: str | None) -> None:
        """Hand an admitted job to its provider; once, whatever happens."""
        await self._submission.submit(job, callback_url)

    async def drain_provider(self, provider: str) -> None:
        """Let what waits for a provider that is paused go to others, where it can; the rest is looked at next time."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                moved = await self._context.router.drain(provider)
        except TimeoutError:
            log.info("not all that waited for %s could be looked at", provider)
            return
        if moved:
            log.info("%d jobs that waited for %s go elsewhere", moved, provider)
            self._context.wake()

    async def reschedule_or_fail(self, job: Job, error: Exception) -> None:
        """Put a job back after a step failed unexpectedly; give it up when nothing is lost by that."""
        tries = job.tries + 1
        late = tries >= GIVE_UP_TRIES and (job.deadline_ms is None or self._now() > job.deadline_ms)
        if late and job.state in (State.RECEIVED, State.RUNNING):
            await self._context.fail(job, JobFailed("internal", self._context.title(job), final=False))
        elif late and job.state is State.SUBMITTING:
            await self._context.fail(job, UnknownCharge(self._context.title(job)))
        elif tries >= SHOW_TRIES and job.state in (State.READY, State.FAILING):
            log.error("job %s could not be shown: %s", job.id, error)
            await self._store.jobs.finish(job, undeliverable=True)
        else:
            due_ms = self._now() + back_off_ms(tries, longest_ms=LONGEST_BACK_OFF_MS)
            await self._store.leases.reschedule(job, due_ms, tries=tries)
            self._context.refresher.request(job.id)

    async def _prepare(self, job: Job) -> None:
        try:
            await self._context.service.prepare_and_charge(job)
        except Refused as refusal:
            if _may_pass(refusal) and job.tries < IMAGE_TRIES:
                tries = job.tries + 1
                await self._store.leases.reschedule(job, self._now() + back_off_ms(tries), tries=tries)
                return
            await self._store.jobs.fail(job, refusal.code, refusal.data, self._now())
            return
        self._context.refresher.request(job.id)

    async def _poll(self, job: Job) -> None:
        now = self._now()
        try:
            snapshot = await poll_job(self._context.provider(job), job, job.remote_id or "")
        except ProviderError as error:
            await self._poll_failed(job, error)
            return
        if snapshot.state is RemoteState.SUCCEEDED:
            await self._succeed(job, snapshot)
        elif snapshot.state is RemoteState.FAILED:
            error = snapshot.error
            log.warning("job %s failed at %s: %s", job.id, job.provider, error)
            if error is not None and error.kind is ErrorKind.MODERATED_PROMPT:
                await self._context.moderation.record_strike(job)
            await self._context.fail(job, JobFailed(str(error.kind) if error else "upstream", self._context.title(job)))
        elif snapshot.error is not None:
            await self._poll_failed(job, snapshot.error, snapshot)
        elif job.deadline_ms is not None and now > job.deadline_ms:
            await self._context.fail(job, JobFailed("job_timeout", self._context.title(job), final=False))
        else:
            wait = next_poll_ms(now - (job.submitted_ms or now), self._context.poll_ms)
            await self._store.leases.reschedule(job, now + wait, progress=snapshot.progress)
            self._context.refresher.request(job.id)

    async def _poll_failed(self, job: Job, error: ProviderError, snapshot: Snapshot | None = None) -> None:
        """Ask again later; the job may well be running, so only its deadline or a final answer ends it.

        A success that stays incomplete is delivered as far as it goes.
        """
        now = self._now()
        tries = job.tries + 1
        final = error.kind in (ErrorKind.NOT_FOUND, ErrorKind.RESULT_MISSING) and tries >= GIVE_UP_TRIES
        # One error after the deadline is not enough: we may have been away ourselves while the job was made.
        late = tries >= GIVE_UP_TRIES and job.deadline_ms is not None and now > job.deadline_ms
        over = final or late
        if over and snapshot is not None and snapshot.clips:
            await self._succeed(job, snapshot)
            return
        if over:
            log.warning("job %s is given up: %s", job.id, error)
            await self._context.fail(job, JobFailed(str(error.kind), self._context.title(job), final=False))
            return
        log.info("job %s could not be asked for (%d times): %s", job.id, tries, error)
        wait = max(back_off_ms(tries, self._context.poll_ms), int((error.retry_after or 0) * 1000))
        await self._store.leases.reschedule(job, now + wait, tries=tries)

    async def _succeed(self, job: Job, snapshot: Snapshot) -> None:
        links = snapshot.clips[: job.params.clips]
        # Settled at the price it was reserved for, not at what the settings say today; pictures are paid for together.
        whole = len(links) == job.params.clips or job.kind in IMAGE_AND_TEXT_KINDS
        await self._store.jobs.succeed(
            job,
            links,
            job.cost if whole else job.cost // job.params.clips * len(links),
            self._now(),
            extend_ref=snapshot.extend_ref,
            provider_cost=snapshot.cost,
            result=snapshot.result,
        )
        log.info("job %s is made: %d clips", job.id, len(links))

    async def _deliver(self, job: Job) -> None:
        """Deliver what could be fetched; what may still come is tried again later, and the rest goes without it."""
        wanted = [clip for clip in await self._store.clips.clips(job.id) if clip.attachment_id is None]
        may_come = [clip for clip, there in zip(wanted, await self._fetch_all(job, wanted), strict=True) if not there]
        reached = await self._context.publisher.deliver(job, whole=not may_come)
        if may_come:
            tries = job.tries + 1
            due_ms = self._now() + back_off_ms(tries, self._context.poll_ms)
            await self._store.leases.reschedule(job, due_ms, tries=tries)
            return
        await self._store.jobs.finish(job, undeliverable=not reached)
        log.info("job %s is delivered" if reached else "job %s is made, but no way to the member is left", job.id)

    async def _fetch_all(self, job: Job, clips: Sequence[Clip]) -> list[bool]:
        async with asyncio.TaskGroup() as tasks:
            fetching = [tasks.create_task(self._fetch(job, clip)) for clip in clips]
        return [task.result() for task in fetching]

    async def _fetch(self, job: Job, clip: Clip) -> bool:
        """Fetch one clip into the media store, unless it is there; False when it may still come.

        When that is hopeless the vendor's link stays as the last resort.
        """
        if clip.media_file is not None and await self._context.media.has(clip.media_file):
            return True
        try:
            name, size = await self._keep(job, clip)
        except ResultError as error:
            log.warning("job %s: clip %d could not be fetched: %s", job.id, clip.slot + 1, error)
            if clip.media_file is not None:
                await self._store.clips.clear_file(job.id, clip.slot)
            return error.final or job.tries + 1 >= FETCH_TRIES
        await self._store.clips.set_file(job.id, clip.slot, name, size)
        return True

    async def _keep(self, job: Job, clip: Clip) -> tuple[str, int]:
        """Fetch a clip or a picture into the media store; gives its name there, and its size in bytes."""
        if job.kind in IMAGE_AND_TEXT_KINDS:
            image = await self._context.downloader.result_picture(clip.remote_url)
            data, extension = image.data, image.extension
            if clip.remote_url.endswith(TILES):
                data, extension = await self._tile(data, clip.slot), "png"
            return await self._context.media.keep(f"{job.id}/{clip.slot + 1}.{extension}", data), len(data)
        name = f"{job.id}/{clip.slot + 1}.mp4"
        return name, await self._context.downloader.clip(clip.remote_url, self._context.media.path(name))

    async def _tile(self, grid: bytes, slot: int) -> bytes:
        """Cut one picture out of four."""
        try:
            return (await run_in_image_thread(split_grid, grid))[slot]
        except BadPicture as error:
            raise ResultError(str(error.problem), final=True) from error

    async def _recheck(self, job: Job) -> None:
        """Check a late answer to a job that was given up; who cannot be asked now is asked again for a day."""
        found = await (self._submission.revive(job) if job.remote_id is None else self._finished_late(job))
        if found is None and self._now() - job.created_ms < LATE_ANSWER_MS:
            tries = job.tries + 1
            due_ms = self._now() + back_off_ms(tries, longest_ms=LONGEST_BACK_OFF_MS)
            await self._store.leases.reschedule(job, due_ms, tries=tries)
        elif not found:
            await self._store.leases.reschedule(job, None)

    async def _finished_late(self, job: Job) -> bool | None:
        """Take up a job that we gave up and that its provider finished (T8); None while that may still come."""
        provider = self._context.providers.get(job.provider)
        if provider is None:
            return False
        try:
            snapshot = await poll_job(provider, job, job.remote_id or "")
        except ProviderError as error:
            log.info("job %s could not be asked for after its end: %s", job.id, error)
            return None
        if snapshot.state is RemoteState.FAILED:
            return False
        if snapshot.state is not RemoteState.SUCCEEDED and not snapshot.clips:
            return None
        log.info("job %s was finished late", job.id)
        await self._store.jobs.resume(job, self._now())
        return True

    async def _tell_failure(self, job: Job) -> None:
        if await self._submission.revive(job):
            return
        reached = await self._context.publisher.tell_failure(job)
        ours = job.remote_id is not None and (job.error_data or {}).get("final") is False
        again = self._now() + RECHECK_MS if ours else None
        await self._store.jobs.finish(job, undeliverable=not reached, look_again_ms=again)

    def _now(self) -> int:
        return self._context.clock()


def _may_pass(refusal: Refused) -> bool:
    return isinstance(refusal, BadPicture) and refusal.problem is PictureProblem.UNREACHABLE
