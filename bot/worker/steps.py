"""One bounded step for a job in each state; whatever is not finished here goes on when the row is due again."""

import logging
from collections.abc import Mapping

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job, State
from bot.domain.pacing import back_off_ms, next_poll_ms, poll_moment_ms
from bot.domain.removal import AT_PROVIDER
from bot.errors import (
    AnimaticError,
    BadImage,
    ClipGone,
    ErrorKind,
    ImageProblem,
    JobFailed,
    ProviderError,
    Refused,
    UnconfirmedCharge,
)
from bot.providers.base import Provider
from bot.providers.polling import poll_job
from bot.providers.registry import title_of
from bot.providers.types import RemoteState, Snapshot
from bot.services.job_recovery import NO_KEY
from bot.services.jobs import JobService
from bot.services.prompt_moderation import PromptModeration
from bot.worker.card_refresher import CardRefresher
from bot.worker.leftovers import Leftovers
from bot.worker.publisher import Publisher
from bot.worker.result_files import ResultFiles
from bot.worker.storyboard_film import StoryboardFilm
from bot.worker.submission import Submission

log = logging.getLogger(__name__)

GIVE_UP_TRIES = 8
"""How often in a row a step may fail before a job that has no result yet is given up."""

LONGEST_BACK_OFF_MS = 3_600_000

SHOW_TRIES = 80
"""How often Discord is told of an end before it stays untold: three days, most of them at the longest back-off."""

RECHECK_MS = 5 * 60_000
"""How soon a job that we gave up, and its provider did not, is rechecked."""

LATE_ANSWER_MS = 24 * 3_600_000
"""How long a provider that cannot be asked about a late answer is asked again."""

NO_KEY_MS = 24 * 3_600_000
"""How long beyond its deadline a job may run whose provider has no key here that opens anything: it cannot be asked."""

NO_KEY_PAUSE_MS = 10 * 60_000
"""How far apart such a provider is asked at most; a key comes back with a restart, and then nobody wants to wait."""

KEY_ERRORS = frozenset({ErrorKind.AUTH, ErrorKind.ACCOUNT_BLOCKED})
"""What a key that opens nothing is answered with, whatever became of the job."""

IMAGE_TRIES = 3
"""How often an image that cannot be reached is fetched again before the request is refused."""


class JobSteps:
    """Carry jobs forward, one step a call; the caller holds the lease."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        service: JobService,
        submission: Submission,
        result_files: ResultFiles,
        moderation: PromptModeration,
        publisher: Publisher,
        refresher: CardRefresher,
        storyboard_film: StoryboardFilm,
        *,
        clock: Clock,
        poll_ms: int,
    ) -> None:
        self._store = store
        self._providers = providers
        self._service = service
        self._leftovers = Leftovers(store, service)
        self._submission = submission
        self._result_files = result_files
        self._moderation = moderation
        self._publisher = publisher
        self._refresher = refresher
        self._storyboard_film = storyboard_film
        self._clock = clock
        self._poll_ms = poll_ms

    async def run(self, job: Job) -> None:
        """Take the step that a claimed job is due for; one that was removed goes on only at its provider."""
        if job.removed_ms is not None and job.state not in AT_PROVIDER:
            await self._leftovers.end_removed(job)
            return
        match job.state:
            case State.RECEIVED:
                await self._prepare(job)
            case State.SUBMITTING:
                await self._submission.reconcile(job)
            case State.RUNNING:
                await self._poll(job)
            case State.READY:
                await self._result_files.deliver(job)
            case State.FAILING:
                await self._tell_failure(job)
            case State.FAILED:
                await self._recheck(job)
            case _:
                log.error("job %s was claimed as %s", job.id, job.state)

    async def reschedule_or_fail(self, job: Job, error: Exception) -> None:
        """Put a job back after a step failed unexpectedly; give it up when nothing is lost by that."""
        tries = max(job.tries, 0) + 1
        late = tries >= GIVE_UP_TRIES and (job.deadline_ms is None or self._clock() > job.deadline_ms)
        if late and job.state in (State.RECEIVED, State.RUNNING):
            await self._fail(job, JobFailed("internal", title_of(job.provider), final=False))
        elif late and job.state is State.SUBMITTING:
            await self._fail(job, UnconfirmedCharge(title_of(job.provider)))
        elif tries >= SHOW_TRIES and job.state in (State.READY, State.FAILING):
            log.error("job %s could not be shown: %s", job.id, error)
            await self._store.jobs.finish(job, undeliverable=True)
        else:
            due_ms = self._clock() + back_off_ms(tries, longest_ms=LONGEST_BACK_OFF_MS)
            await self._store.leases.reschedule(job, due_ms, tries=tries)
            self._refresher.request(job.id)

    async def clear_up(self, job: Job) -> None:
        """Delete what was kept for a job by a step that went on after the job had ended, or was removed."""
        await self._leftovers.clear_up(job)

    async def _prepare(self, job: Job) -> None:
        try:
            await self._service.prepare_and_charge(job)
        except Refused as refusal:
            if _may_pass(refusal) and job.tries < IMAGE_TRIES:
                tries = job.tries + 1
                await self._store.leases.reschedule(job, self._clock() + back_off_ms(tries), tries=tries)
                return
            await self._fail(job, refusal)
            return
        self._refresher.request(job.id)

    async def _poll(self, job: Job) -> None:
        now = self._clock()
        provider = self._providers.get(job.provider)
        if provider is None:
            await self._wait_for_key(job, NO_KEY)
            return
        try:
            snapshot = await poll_job(provider, job, job.remote_id or "")
        except ProviderError as error:
            await self._poll_failed(job, error)
            return
        if snapshot.state is RemoteState.SUCCEEDED:
            await self._succeed(job, snapshot)
        elif snapshot.state is RemoteState.FAILED:
            error = snapshot.error
            log.warning("job %s failed at %s: %s", job.id, job.provider, error)
            if error is not None and error.kind is ErrorKind.MODERATED_PROMPT:
                await self._moderation.record_strike(job)
            await self._store.jobs.fail(
                job, JobFailed(str(error.kind) if error else "upstream", title_of(job.provider)), self._clock()
            )
        elif snapshot.error is not None:
            await self._poll_failed(job, snapshot.error, snapshot)
        elif job.deadline_ms is not None and now > job.deadline_ms:
            await self._store.jobs.fail(
                job, JobFailed("job_timeout", title_of(job.provider), final=False), self._clock()
            )
        else:
            wait = next_poll_ms(now - (job.submitted_ms or now), self._poll_ms)
            due_ms = poll_moment_ms(now + wait, self._poll_ms)
            await self._store.leases.ask_again(job, due_ms, snapshot.progress)
            self._refresher.request(job.id)

    async def _poll_failed(self, job: Job, error: ProviderError, snapshot: Snapshot | None = None) -> None:
        """Ask again later; the job may well be running, so only its deadline or a final answer ends it.

        A success that stays incomplete is delivered as far as it goes.
        """
        if error.kind in KEY_ERRORS:
            await self._wait_for_key(job, str(error.kind), error.retry_after)
            return
        now = self._clock()
        tries = max(job.tries, 0) + 1
        final = error.kind in (ErrorKind.NOT_FOUND, ErrorKind.RESULT_MISSING) and tries >= GIVE_UP_TRIES
        # One error after the deadline is not enough: we may have been away ourselves while the job was made.
        late = tries >= GIVE_UP_TRIES and job.deadline_ms is not None and now > job.deadline_ms
        gives_up = final or late
        if gives_up and snapshot is not None and snapshot.clips:
            await self._succeed(job, snapshot)
            return
        if gives_up:
            log.warning("job %s is given up: %s", job.id, error)
            await self._store.jobs.fail(
                job, JobFailed(str(error.kind), title_of(job.provider), final=False), self._clock()
            )
            return
        log.info("job %s could not be asked for (%d times): %s", job.id, tries, error)
        wait = max(back_off_ms(tries, self._poll_ms), int((error.retry_after or 0) * 1000))
        await self._store.leases.reschedule(job, now + wait, tries=tries)

    async def _wait_for_key(self, job: Job, reason: str, retry_after: float | None = None) -> None:
        """Leave a job running whose provider cannot be asked without a key: that says nothing of the job.

        Counted below 0, so that one error once the key is back is not taken for the last of many.
        """
        now, tries = self._clock(), max(-job.tries, 0) + 1
        if tries >= GIVE_UP_TRIES and now > (job.deadline_ms or now) + NO_KEY_MS:
            log.warning("job %s is given up: %s could not be asked for a day (%s)", job.id, job.provider, reason)
            await self._fail(job, JobFailed(reason, title_of(job.provider), final=False))
            return
        log.info("job %s: %s cannot be asked (%s)", job.id, job.provider, reason)
        wait = max(back_off_ms(tries, self._poll_ms, NO_KEY_PAUSE_MS), int((retry_after or 0) * 1000))
        await self._store.leases.reschedule(job, now + wait, tries=-tries)
        self._refresher.request(job.id)

    async def _succeed(self, job: Job, snapshot: Snapshot) -> None:
        links = snapshot.clips[: job.params.clips]
        # Settled at the price it was reserved for, not at what the settings say today; images are paid for together.
        whole = len(links) == job.params.clips or not job.kind.makes_video
        await self._store.jobs.succeed(
            job,
            links,
            job.cost if whole else job.cost // job.params.clips * len(links),
            self._clock(),
            extend_ref=snapshot.extend_ref,
            provider_cost=snapshot.cost,
            result=snapshot.result,
        )
        log.info("job %s is made: %d clips", job.id, len(links))

    async def _recheck(self, job: Job) -> None:
        """Check a late answer to a job that was given up; who cannot be asked now is asked again for a day.

        A card that could not be told of the end is told first.
        """
        if job.untold and await self._publisher.tell_failure(job):
            await self._store.undelivered.told(job)
        found = await (self._submission.revive(job) if job.remote_id is None else self._finished_late(job))
        if found is None and self._clock() - job.created_ms < LATE_ANSWER_MS:
            tries = job.tries + 1
            due_ms = self._clock() + back_off_ms(tries, longest_ms=LONGEST_BACK_OFF_MS)
            await self._store.leases.reschedule(job, due_ms, tries=tries)
        elif not found:
            await self._store.leases.reschedule(job, None)

    async def _finished_late(self, job: Job) -> bool | None:
        """Take up a job that we gave up and that its provider finished (T8); None while that may still come."""
        provider = self._providers.get(job.provider)
        if provider is None:
            return None
        try:
            snapshot = await poll_job(provider, job, job.remote_id or "")
        except ProviderError as error:
            log.info("job %s could not be asked for after its end: %s", job.id, error)
            return None
        if snapshot.state is RemoteState.FAILED:
            await self._store.undelivered.strike_off(job.id)
            return False
        if snapshot.state is not RemoteState.SUCCEEDED and not snapshot.clips:
            return None
        log.info("job %s was finished late", job.id)
        await self._store.jobs.resume(job, self._clock())
        return True

    async def _tell_failure(self, job: Job) -> None:
        if await self._submission.revive(job):
            return
        await self._service.discard_unsent(job)
        if job.storyboard_id is not None:
            await self._storyboard_film.join(job)
        reached = await self._publisher.tell_failure(job)
        may_finish_late = job.remote_id is not None and (job.error_data or {}).get("final") is False
        recheck_ms = self._clock() + RECHECK_MS if may_finish_late else None
        await self._store.jobs.finish_shown(job, self._clock(), undeliverable=not reached, recheck_ms=recheck_ms)

    async def _fail(self, job: Job, reason: AnimaticError) -> None:
        """Give a job's credits back and keep the reason (T6)."""
        await self._store.jobs.fail(job, reason, self._clock())


def _may_pass(refusal: Refused) -> bool:
    if isinstance(refusal, ClipGone):
        return not refusal.final
    return isinstance(refusal, BadImage) and refusal.problem is ImageProblem.UNREACHABLE
