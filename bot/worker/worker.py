"""The one loop: claim due rows, admit waiting ones, take one bounded step each, and stop gracefully.

Retry, back-off, recovery after a crash and take-over by another process are all the same thing: the row became due.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.db.leases import DELIVERING, PREPARING, Outlook, Room
from bot.db.provider_health import BreakerState
from bot.db.queue import Ticket
from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job, State
from bot.errors import CardError, LostLease, MediaUnavailable, ResultError
from bot.locks import InstanceNames
from bot.log import name_in_lines
from bot.media import on_behalf_of
from bot.services.callbacks import ProviderCallbacks
from bot.services.job_recovery import DEADLINE_MS
from bot.services.provider_routing import ProviderRouter
from bot.worker.card_refresher import CardRefresher
from bot.worker.lease_keeper import LeaseKeeper
from bot.worker.outboxes import Outboxes
from bot.worker.steps import JobSteps
from bot.worker.submission import Submission, new_client_token

log = logging.getLogger(__name__)

LEASE_MS = 90_000
"""How long a claim lasts without renewal; longer than a submit may take (providers.base.SUBMIT_TIMEOUT)."""

IDLE_SECONDS = 5.0
"""How long the loop sleeps when nothing is due; also how often queue positions on cards are brought up to date."""

ROUND_SECONDS = 0.05
"""How far apart rounds begin at least, unless more was due than could be taken: what comes meanwhile is one round's."""

STOP_SECONDS = 8.0
"""How long steps in hand may go on after a stop was asked for."""

DRAIN_SECONDS = 2.0
"""How long moving the jobs of a paused provider may keep all others waiting: another one may check their prompts."""

QUEUE_CARDS_REFRESHED = 25
"""How many waiting cards are kept up to date; those behind them are shown their position when they come closer."""


@dataclass(frozen=True)
class Limits:
    """Hold how much runs at once: at the provider, there per member, and as steps in this process.

    Steps that prepare or deliver have bounds of their own, for strangers' links may make them last: a member has as
    many as `member_steps` of either in hand, and all others together `steps`.
    """

    running: int
    per_user: int
    steps: int = 16
    preparing: int = 8
    delivering: int = 8
    member_steps: int = 2


class Worker:
    """Run steps for due jobs until it is told to stop; `wake_up` is set to let it look for them now.

    `round_seconds` is how far apart rounds begin at least.
    """

    def __init__(
        self,
        store: Store,
        steps: JobSteps,
        submission: Submission,
        refresher: CardRefresher,
        outboxes: Outboxes,
        router: ProviderRouter,
        callbacks: ProviderCallbacks,
        instance_names: InstanceNames,
        limits: Limits,
        *,
        wake_up: asyncio.Event,
        clock: Clock,
        round_seconds: float = ROUND_SECONDS,
    ) -> None:
        self._store = store
        self._steps = steps
        self._submission = submission
        self._refresher = refresher
        self._outboxes = outboxes
        self._router = router
        self._callbacks = callbacks
        self._instance_names = instance_names
        self._limits = limits
        self._wake_up = wake_up
        self._clock = clock
        self._round_seconds = round_seconds
        self._stopping = False
        self._running: dict[asyncio.Task[None], State] = {}
        self._not_put_back: dict[str, tuple[Job, Exception]] = {}
        self._lease_keeper = LeaseKeeper(store.leases, clock)
        self._next_due_ms: int | None = None
        self._is_full = False
        self._queue_cards_refreshed_ms = 0
        instance_names.when_lost(self._lease_keeper.end_all)

    def stop(self) -> None:
        """Take no new steps and let `run` return when those in hand are done."""
        self._stopping = True
        self._wake_up.set()

    async def run(self) -> None:
        """Work until `stop`; then hand all leases back."""
        async with self._refresher.running():
            try:
                while not self._stopping:
                    self._wake_up.clear()
                    begun = time.monotonic()
                    try:
                        await self._put_back()
                        await self._tick()
                        await self._wait()
                        if not self._is_full:
                            await asyncio.sleep(begun + self._round_seconds - time.monotonic())
                    except Exception:
                        log.exception("a round of the worker failed")
                        await asyncio.sleep(1)
            finally:
                await self._shut_down()
        await self._store.card_edits.settle()

    async def _tick(self) -> None:
        # What an earlier round saw tells nothing of one that sees nothing.
        self._is_full, self._next_due_ms = False, None
        name = self._instance_names.own()
        if name is None:
            return
        now = self._clock()
        await self._store.card_edits.settle(now)
        outlook = await self._store.leases.look(now)
        if await self._free_dead_leases(outlook, name):
            outlook = await self._store.leases.look(now)
        if outlook.due and not self._stopping:
            await self._claim(outlook, name, now)
        if not self._stopping:
            self._outboxes.begin(outlook)
        for provider in outlook.waited_for:
            await self._admit(provider, name, now)
        if now - self._queue_cards_refreshed_ms >= IDLE_SECONDS * 1000:
            self._queue_cards_refreshed_ms = now
            for provider in outlook.waited_for:
                for job, _ in await self._store.queue.positions(provider, QUEUE_CARDS_REFRESHED):
                    self._refresher.request(job.id)
        self._next_due_ms = outlook.next_due_ms

    async def _claim(self, outlook: Outlook, name: str, now: int) -> None:
        room = self._room()
        jobs = await self._store.leases.claim(name, now, now + LEASE_MS, room, outlook.due)
        for job in jobs:
            if job.lease == self._instance_names.own():  # else it was lost meanwhile, and the lease with it
                self._start(job, self._steps.run)
        self._is_full = len(jobs) >= min(room.preparing, room.delivering, room.others)

    def _room(self) -> Room:
        """Tell how many steps may be begun now."""
        states = list(self._running.values())
        preparing, delivering = states.count(PREPARING), states.count(DELIVERING)
        return Room(
            preparing=self._limits.preparing - preparing,
            delivering=self._limits.delivering - delivering,
            others=self._limits.steps - (len(states) - preparing - delivering),
            per_user=self._limits.member_steps,
        )

    async def _admit(self, provider: str, name: str, now: int) -> None:
        health = await self._store.provider_health.get(provider)
        if health.state(now) is BreakerState.OPEN:
            await self._drain(provider)
            return
        bounds = {"running": self._limits.running, "per_user": self._limits.per_user}
        waiting = await self._store.queue.next_in_line(provider, **bounds, now_ms=now)
        if not waiting or self._stopping:
            return
        callbacks = {job_id: self._callbacks.new(job_id) for job_id in waiting}
        tickets = [Ticket(job_id, new_client_token(), callback.hash) for job_id, callback in callbacks.items()]
        admitted = await self._store.queue.admit(
            provider,
            tickets,
            **bounds,
            lease=name,
            now_ms=now,
            lease_until_ms=now + LEASE_MS,
            deadline_ms=now + DEADLINE_MS,
            # Whether it is well again is tried with one job; the others wait until that one is answered.
            alone=health.state(now) is BreakerState.HALF_OPEN,
        )
        for job in admitted:
            self._start(job, partial(self._submission.submit, callback_url=callbacks[job.id].url))

    async def _drain(self, provider: str) -> None:
        """Let what waits for a provider that is paused go to others, where it can; the rest is seen to next time."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                moved = await self._router.drain(provider)
        except TimeoutError:
            log.info("not all that waited for %s could be looked at", provider)
            return
        if moved:
            log.info("%d jobs that waited for %s go elsewhere", moved, provider)
            self._wake_up.set()

    async def _free_dead_leases(self, outlook: Outlook, own: str) -> bool:
        """Free what nobody has in hand any more; tells whether there was anything."""
        others = [name for name in outlook.holders if name != own]
        living = await self._instance_names.living(others) if others else ()
        dead = [name for name in others if name not in living]
        for name in dead:
            freed = await self._store.leases.release(name, self._clock())
            log.warning("took over %d jobs of a process that is gone", freed)
        return bool(dead)

    def _start(self, job: Job, step: Callable[[Job], Awaitable[None]]) -> None:
        task = asyncio.create_task(self._run_step(job, step), name=f"job {job.id} {job.state}")
        self._running[task] = job.state
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._wake_up.set()

    async def _run_step(self, job: Job, step: Callable[[Job], Awaitable[None]]) -> None:
        name_in_lines(job=job.id, member=job.user_id, guild=job.guild_id)
        try:
            with on_behalf_of(job.user_id):
                async with self._lease_keeper.kept(job, LEASE_MS):
                    await step(job)
        except LostLease:
            log.info("job %s was taken over or moved on meanwhile", job.id)
            await self._clear_up(job)
        except (CardError, MediaUnavailable, ResultError) as error:
            log.warning("job %s: %s; trying again later", job.id, error)
            await self._reschedule_or_fail(job, error)
        except Exception as error:
            log.exception("job %s: the step for %s failed", job.id, job.state)
            await self._reschedule_or_fail(job, error)

    async def _clear_up(self, job: Job) -> None:
        try:
            await self._steps.clear_up(job)
        except Exception:
            # The sweep comes for it one day.
            log.exception("what was kept for job %s could not be deleted", job.id)

    async def _reschedule_or_fail(self, job: Job, error: Exception) -> None:
        try:
            await self._steps.reschedule_or_fail(job, error)
        except LostLease:
            log.info("job %s was taken over or moved on meanwhile", job.id)
        except Exception:
            # Tried again as soon as the database can be written; else the lease ends by itself one day.
            log.exception("job %s could not be put back", job.id)
            self._not_put_back[job.id] = (job, error)

    async def _put_back(self) -> None:
        """Give back what could not be given back while the database was away."""
        not_put_back, self._not_put_back = self._not_put_back, {}
        for job, error in not_put_back.values():
            await self._reschedule_or_fail(job, error)

    async def _wait(self) -> None:
        """Sleep until something is due or somebody wakes the worker."""
        now = self._clock()
        # What was due and not taken waits for a step in hand to end, which wakes the worker.
        due = None if self._stopping else self._next_due_ms
        seconds = IDLE_SECONDS if due is None else min(IDLE_SECONDS, max(0.0, (due - now) / 1000))
        try:
            async with asyncio.timeout(seconds):
                await self._wake_up.wait()
        except TimeoutError:
            pass

    async def _shut_down(self) -> None:
        """Let steps in hand finish within bounds, end the others, and hand all leases back."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._outboxes.end()
        name = self._instance_names.own()
        if name is not None:
            await self._store.leases.release(name, self._clock())
