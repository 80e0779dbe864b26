"""The one call that costs money: made at most once for a job unless it was surely refused."""

import logging
import secrets
from dataclasses import replace

from bot.domain.job import Job, Kind, back_off_ms
from bot.errors import AnimaticError, ErrorKind, JobFailed, NoProvider, ProviderError, UnknownCharge
from bot.worker.context import Ways
from bot.worker.provider_requests import Errands

log = logging.getLogger(__name__)

UNKNOWN_GRACE_MS = 2 * 60_000
"""How long an ambiguous submit is looked for, where no callback can come, before its credits go back."""

CALLED_GRACE_MS = 45 * 60_000
"""The same where a callback may still come."""

LEAST_ASKS = 2
"""How often a provider that can be asked is asked at least."""

ASK_SOON_MS = 2_000
ASK_AGAIN_MS = 30_000
LONGEST_ASK_MS = 10 * 60_000
"""The pauses before it is asked for the first time and again; they double, for a search may cost many questions."""

ACCOUNT_TROUBLES = frozenset({ErrorKind.AUTH, ErrorKind.INSUFFICIENT_BALANCE, ErrorKind.ACCOUNT_BLOCKED})
"""The refusals that speak of our account: every other job would meet them too."""

AVOID_MS = 10 * 60_000
"""How long new jobs go elsewhere, where they can, after one of these."""

AILMENTS = frozenset({ErrorKind.UNREACHABLE, ErrorKind.UPSTREAM, ErrorKind.OUTCOME_UNKNOWN, ErrorKind.BAD_RESPONSE})
"""The failures that speak of the provider and not of the job."""

ANEW = frozenset({Kind.VIDEO, Kind.IMAGINE, Kind.BLEND, Kind.DESCRIBE})
"""What goes on from nothing at the provider: there is nothing that it could fail to find but its own address."""

LONGEST_WAIT_MS = 6 * 3_600_000
"""How long a job is tried again, there or elsewhere, that providers turn away."""


def new_client_token() -> str:
    """Make the random token that fences a submit."""
    return secrets.token_urlsafe(24)


class Submitter:
    """Hand jobs to their providers, and keep watch over those whose answer was lost."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._store = ways.store
        self._errands = Errands(ways)

    async def submit(self, job: Job, callback_url: str | None) -> None:
        """Hand an admitted job to its provider; once, whatever happens (T4, T3b or T6)."""
        try:
            provider = self._ways.provider(job)
            submitted = await self._errands.send(provider, job, callback_url)
        except ProviderError as error:
            await self._not_submitted(job, error)
        except NoProvider as error:
            moved = await self._ways.router.elsewhere(job)
            await (self._ways.fail(job, error) if moved is None else self._move(job, moved))
        except AnimaticError as error:
            await self._ways.fail(job, error)
        else:
            log.info("job %s is %s at %s", job.id, submitted.remote_id, job.provider)
            if await self._ways.lost.accept(job, submitted.remote_id):
                self._ways.refresher.soon(job.id)
            await self._store.health.well(job.provider, accepted=True)

    async def reconcile(self, job: Job) -> None:
        """Find out whether an ambiguous submit was accepted; every claimed `submitting` row is one.

        It is never sent again. The provider is asked where it can be, a callback is waited for where one can come,
        and after the grace the credits go back.
        """
        if job.given_up_ms is not None:
            # The admin was told that the credits are back; what is found all the same is free (T8).
            await self._ways.fail(job, UnknownCharge(self._ways.title(job)))
        found = await self._ways.lost.look(job)
        if found:
            await self._store.health.well(job.provider)
            self._ways.refresher.soon(job.id)
        if found or job.given_up_ms is not None:
            return
        # Only an answer counts: who cannot be asked may well have the job.
        now, asks = self._now(), job.tries + (found is False)
        provider = self._ways.providers.get(job.provider)
        called = provider is not None and provider.capabilities.callbacks and self._ways.callbacks.are_received
        asked = provider is None or not provider.capabilities.find or asks >= LEAST_ASKS or found is None
        grace = CALLED_GRACE_MS if called or found is None else UNKNOWN_GRACE_MS
        graced_ms = (job.submitted_ms or job.created_ms) + grace
        waits = now < graced_ms or not asked
        if waits:
            due_ms = now + back_off_ms(asks, ASK_AGAIN_MS, LONGEST_ASK_MS)
            await self._store.leases.put_back(job, min(due_ms, max(graced_ms, now + ASK_AGAIN_MS)), tries=asks)
            self._ways.refresher.soon(job.id)
            return
        log.warning("job %s: %s never said whether it accepted it", job.id, job.provider)
        await self._ways.fail(job, UnknownCharge(self._ways.title(job)))

    async def _mind(self, job: Job, error: ProviderError) -> None:
        """Leave a provider alone for a while that asks for it, or that fails again and again."""
        now = self._now()
        if error.kind in AILMENTS:
            condition = await self._store.health.failed(job.provider, now)
            if condition.paused(now):
                seconds = (condition.paused_until_ms - now) // 1000
                log.warning("%s failed %d times in a row: paused for %d s", job.provider, condition.failures, seconds)
        elif error.kind is ErrorKind.RATE_LIMITED and error.retry_after:
            await self._store.health.pause(job.provider, now + int(error.retry_after * 1000))
        elif error.kind in ACCOUNT_TROUBLES:
            await self._store.health.avoid(job.provider, error.kind, now + AVOID_MS)
        elif error.kind is not ErrorKind.NOT_FOUND:
            # That one leaves open whether what it goes on from is gone, or the provider's address is wrong.
            await self._store.health.well(job.provider)

    async def revive(self, job: Job) -> bool | None:
        """Take up a job that was given up, if the provider turns out to have it (T8); free for the member.

        None when the provider could not be asked.
        """
        if job.remote_id is not None or job.hint is None:
            return False
        found = await self._ways.lost.look(job)
        if found:
            log.info("job %s is found after all", job.id)
            self._ways.refresher.soon(job.id)
        return found

    async def _not_submitted(self, job: Job, error: ProviderError) -> None:
        now = self._now()
        if error.kind is ErrorKind.NOT_FOUND and job.kind in ANEW and job.params.picture_task is None:
            error = replace(error, kind=ErrorKind.BAD_RESPONSE)
        await self._mind(job, error)
        if error.accepted != "no":
            log.warning("job %s: %s may or may not have accepted it: %s", job.id, job.provider, error)
            await self._store.leases.put_back(job, now + ASK_SOON_MS)
            self._ways.refresher.soon(job.id)
            return
        late = now - job.created_ms >= LONGEST_WAIT_MS
        moved = None if late else await self._elsewhere(job, error)
        if moved is not None:
            log.info("job %s goes from %s to %s: %s", job.id, job.provider, moved.provider, error)
            await self._move(job, moved)
        elif error.passes and not late:
            wait = max(back_off_ms(job.tries + 1), int((error.retry_after or 0) * 1000))
            log.info("job %s was turned away by %s: %s", job.id, job.provider, error)
            await self._store.jobs.turned_away(job, now + wait)
            self._ways.refresher.soon(job.id)
        else:
            log.warning("job %s was refused by %s: %s", job.id, job.provider, error)
            if error.kind is ErrorKind.MODERATED_PROMPT:
                await self._ways.words.strike(job)
            lost = error.kind is ErrorKind.NOT_FOUND and job.params.picture_task is not None
            await self._ways.fail(job, JobFailed("no_such_source" if lost else str(error.kind), self._ways.title(job)))

    async def _move(self, job: Job, moved: Job) -> None:
        """Let a job wait for another provider: at once, unless it was turned away before."""
        due_ms = self._now() + back_off_ms(job.tries) if job.tries else None
        await self._store.jobs.turned_away(moved, due_ms)
        self._ways.refresher.soon(job.id)
        self._ways.wake()

    async def _elsewhere(self, job: Job, error: ProviderError) -> Job | None:
        """Give the job to another provider when this one surely did not take it, for reasons that are its own."""
        if error.passes or error.kind in ACCOUNT_TROUBLES | AILMENTS:
            return await self._ways.router.elsewhere(job)
        return None

    def _now(self) -> int:
        return self._ways.clock()
