"""The one call that costs money: made at most once for a job unless it was surely refused."""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.db.provider_health import BreakerState
from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.domain.pacing import back_off_ms
from bot.errors import (
    AnimaticError,
    Cancelled,
    CardError,
    ClipGone,
    ErrorKind,
    JobFailed,
    JobRemoved,
    LostLease,
    NoProvider,
    ProviderError,
    ServerLeft,
    UnconfirmedCharge,
)
from bot.providers.base import Provider
from bot.providers.registry import provider_of, title_of
from bot.services.job_recovery import JobRecovery
from bot.services.prompt_moderation import PromptModeration
from bot.services.provider_routing import ProviderRouter
from bot.worker.card_refresher import CardRefresher
from bot.worker.provider_requests import ProviderRequests

log = logging.getLogger(__name__)

UNCONFIRMED_GRACE_MS = 2 * 60_000
"""How long an ambiguous submit is looked for, where no callback can come, before its credits go back."""

CALLBACK_GRACE_MS = 45 * 60_000
"""The same where a callback may still come."""

NO_KEY_GRACE_MS = 24 * 3_600_000
"""The same where the provider has no key here, and so cannot be asked."""

LEAST_SEARCHES = 2
"""How often a provider that can be asked is asked at least."""

FIRST_SEARCH_MS = 2_000
SEARCH_AGAIN_MS = 30_000
LONGEST_SEARCH_PAUSE_MS = 10 * 60_000
"""The pauses before it is asked for the first time and again; they double, for a search may cost many questions."""

ACCOUNT_ERRORS = frozenset({ErrorKind.AUTH, ErrorKind.INSUFFICIENT_BALANCE, ErrorKind.ACCOUNT_BLOCKED})
"""The refusals that speak of our account: every other job would meet them too."""

ACCOUNT_BLOCKED_MS = 10 * 60_000
"""How long new jobs go elsewhere, where they can, after one of these."""

PROVIDER_FAULTS = frozenset(
    {ErrorKind.UNREACHABLE, ErrorKind.UPSTREAM, ErrorKind.OUTCOME_UNKNOWN, ErrorKind.BAD_RESPONSE}
)
"""The failures that speak of the provider and not of the job."""

LONGEST_WAIT_MS = 6 * 3_600_000
"""How long a job is tried again, there or elsewhere, that providers turn away."""


CLIP_TRIES = 3
"""How often a job waits again for the clip that it goes on from."""

CARD_TRIES = 30
"""How often a job waits for its card to show what it starts with: Discord may be away for most of an hour."""


def new_client_token() -> str:
    """Make the random token that fences a submit."""
    return secrets.token_urlsafe(24)


class Submission:
    """Hand jobs to their providers, and keep watch over those whose answer was lost."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        provider_requests: ProviderRequests,
        router: ProviderRouter,
        moderation: PromptModeration,
        recovery: JobRecovery,
        refresher: CardRefresher,
        *,
        callbacks_enabled: bool,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._providers = providers
        self._provider_requests = provider_requests
        self._router = router
        self._moderation = moderation
        self._recovery = recovery
        self._refresher = refresher
        self._callbacks_enabled = callbacks_enabled
        self._clock = clock
        self._wake = wake

    async def submit(self, job: Job, callback_url: str | None) -> None:
        """Hand an admitted job to its provider; once, whatever happens (T4, T3b or T6).

        One that others may have by now is not sent; it waits again, if it is still in hand.
        """
        try:
            provider = provider_of(self._providers, job.provider)
            submitted = await self._provider_requests.send(provider, job, callback_url)
        except ProviderError as error:
            await self._handle_rejection(job, error)
        except LostLease:
            log.warning("job %s was not sent: others may have taken it over", job.id)
            await self._put_back(job, None)
        except NoProvider as error:
            moved = await self._router.find_alternative(job)
            await (self._store.jobs.fail(job, error, self._clock()) if moved is None else self._move(job, moved))
        except ClipGone as error:
            # Nothing was sent; whoever has the clip may give it in a while.
            if error.final or job.tries >= CLIP_TRIES:
                await self._store.jobs.fail(job, error, self._clock())
            else:
                await self._put_back(job, self._clock() + back_off_ms(job.tries + 1))
        except CardError as error:
            log.info("job %s was not sent: %s", job.id, error)
            if job.tries >= CARD_TRIES:
                reason = JobFailed(str(ErrorKind.BAD_IMAGE_LINK), title_of(job.provider))
                await self._store.jobs.fail(job, reason, self._clock())
            else:
                await self._put_back(job, self._clock() + back_off_ms(job.tries + 1))
        except AnimaticError as error:
            await self._store.jobs.fail(job, error, self._clock())
        else:
            log.info("job %s is %s at %s", job.id, submitted.remote_id, job.provider)
            if await self._recovery.record_remote_id(job, submitted.remote_id):
                self._refresher.request(job.id)
            await self._store.provider_health.record_success(job.provider, accepted=True)

    async def reconcile(self, job: Job) -> None:
        """Find out whether an ambiguous submit was accepted; every claimed `submitting` row is one.

        It is never sent again, unless it surely never was. The provider is asked where it can be, a callback is waited
        for where one can come, and after the grace the credits go back.
        """
        if job.given_up_ms is not None:
            # The admin was told that the credits are back; what is found all the same is free (T8).
            await self._store.jobs.fail(job, UnconfirmedCharge(title_of(job.provider)), self._clock())
        elif await self._was_never_sent(job):
            log.info("job %s was never sent: its process stopped before", job.id)
            await self._put_back(job, None)
            self._wake()
            return
        found = await self._recovery.find_at_provider(job)
        if found:
            await self._store.provider_health.record_success(job.provider)
            self._refresher.request(job.id)
        if found or job.given_up_ms is not None:
            return
        # Only an answer counts: who cannot be asked may well have the job.
        now, searches = self._clock(), job.tries + (found is False)
        provider = self._providers.get(job.provider)
        may_be_called = provider is not None and provider.capabilities.callbacks and self._callbacks_enabled
        searched = (
            provider is None or not provider.capabilities.can_list_jobs or searches >= LEAST_SEARCHES or found is None
        )
        grace = CALLBACK_GRACE_MS if may_be_called or found is None else UNCONFIRMED_GRACE_MS
        grace = NO_KEY_GRACE_MS if provider is None else grace
        grace_until_ms = (job.submitted_ms or job.created_ms) + grace
        waits = now < grace_until_ms or not searched
        if waits:
            due_ms = now + back_off_ms(searches, SEARCH_AGAIN_MS, LONGEST_SEARCH_PAUSE_MS)
            await self._store.leases.reschedule(
                job, min(due_ms, max(grace_until_ms, now + SEARCH_AGAIN_MS)), tries=searches
            )
            self._refresher.request(job.id)
            return
        log.warning("job %s: %s never said whether it accepted it", job.id, job.provider)
        await self._store.jobs.fail(job, UnconfirmedCharge(title_of(job.provider)), self._clock())

    async def _was_never_sent(self, job: Job) -> bool:
        """Tell whether a job stopped before the image was written down that it is sent with."""
        return job.params.from_last_frame and "start" not in await self._store.clips.frames(job.id)

    async def _record_health(self, job: Job, error: ProviderError) -> None:
        """Leave a provider alone for a while that asks for it, or that fails again and again."""
        now = self._clock()
        if error.kind in PROVIDER_FAULTS:
            health = await self._store.provider_health.record_failure(job.provider, now, job.guild_id)
            if health.state(now) is BreakerState.OPEN:
                seconds = (health.paused_until_ms - now) // 1000
                log.warning("%s failed %d times in a row: paused for %d s", job.provider, health.failures, seconds)
        elif error.kind is ErrorKind.RATE_LIMITED and error.retry_after:
            await self._store.provider_health.pause(job.provider, now + int(error.retry_after * 1000))
        elif error.kind in ACCOUNT_ERRORS:
            await self._store.provider_health.block_account(
                job.provider, error.kind, now + ACCOUNT_BLOCKED_MS, guild_id=job.guild_id, now_ms=now
            )
        elif error.kind is not ErrorKind.NOT_FOUND:
            # That one leaves open whether what it goes on from is gone, or the provider's address is wrong.
            await self._store.provider_health.record_success(job.provider)

    async def revive(self, job: Job) -> bool | None:
        """Take up a job that was given up, if the provider turns out to have it (T8); free for the member.

        None when the provider could not be asked.
        """
        if job.remote_id is not None or job.callback_remote_id is None:
            return False
        found = await self._recovery.find_at_provider(job)
        if found:
            log.info("job %s is found after all", job.id)
            self._refresher.request(job.id)
        return found

    async def _handle_rejection(self, job: Job, error: ProviderError) -> None:
        now = self._clock()
        # Who goes on from nothing at the provider can miss nothing there but its own address.
        if error.kind is ErrorKind.NOT_FOUND and not job.continues_at_provider and job.params.provider_image is None:
            error = replace(error, kind=ErrorKind.BAD_RESPONSE)
        await self._record_health(job, error)
        if error.accepted != "no":
            log.warning("job %s: %s may or may not have accepted it: %s", job.id, job.provider, error)
            await self._store.leases.reschedule(job, now + FIRST_SEARCH_MS)
            self._refresher.request(job.id)
            return
        late = now - await self._waits_since(job) >= LONGEST_WAIT_MS
        moved = None if late else await self._find_alternative(job, error)
        if moved is not None:
            log.info("job %s goes from %s to %s: %s", job.id, job.provider, moved.provider, error)
            await self._move(job, moved)
        elif error.is_transient and not late:
            wait = max(back_off_ms(job.tries + 1), int((error.retry_after or 0) * 1000))
            log.info("job %s was turned away by %s: %s", job.id, job.provider, error)
            await self._put_back(job, now + wait)
        else:
            log.warning("job %s was refused by %s: %s", job.id, job.provider, error)
            if error.kind is ErrorKind.MODERATED_PROMPT and not error.presumed:
                await self._moderation.record_strike(job)
            from_provider_image = error.kind is ErrorKind.NOT_FOUND and job.params.provider_image is not None
            reason = "no_such_source" if from_provider_image else str(error.kind)
            await self._store.jobs.fail(job, JobFailed(reason, title_of(job.provider)), now)

    async def _waits_since(self, job: Job) -> int:
        """Tell since when a job might be made: a shot since the one before it is, which may take hours itself."""
        parent = await self._store.jobs.get(job.parent_job_id or "") if job.shot else None
        finished_ms = parent.finished_ms if parent is not None else None
        return max(job.created_ms, finished_ms or 0)

    async def _move(self, job: Job, moved: Job) -> None:
        """Let a job wait for another provider: at once, unless it was turned away before."""
        due_ms = self._clock() + back_off_ms(job.tries) if job.tries else None
        await self._put_back(moved, due_ms)
        self._wake()

    async def _put_back(self, job: Job, due_ms: int | None) -> None:
        """Let a job wait again, unless it, its server or its member's permission is gone: it would be sent anew."""
        now = self._clock()
        block = await self._store.blocks.find(job.guild_id, job.user_id, job.roles, self._clock.wall_ms())
        if block is not None and block.is_own:
            await self._store.jobs.fail(job, Cancelled(None), now)
        elif await self._store.waiting.has_left(job.guild_id):
            await self._store.jobs.fail(job, ServerLeft(), now)
        else:
            try:
                await self._store.jobs.requeue(job, due_ms)
            except JobRemoved:
                await self._store.jobs.fail(job, Cancelled(None), now)
            self._refresher.request(job.id)

    async def _find_alternative(self, job: Job, error: ProviderError) -> Job | None:
        """Give the job to another provider when this one surely did not take it, for reasons that are its own."""
        if error.is_transient or error.kind in ACCOUNT_ERRORS | PROVIDER_FAULTS:
            return await self._router.find_alternative(job)
        return None
