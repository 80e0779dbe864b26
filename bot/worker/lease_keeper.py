"""Leases in hand: renewed while their steps run, and steps ended whose leases are lost."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.db.leases import Leases
from bot.domain.clock import Clock
from bot.domain.job import Job, State
from bot.errors import LostLease

log = logging.getLogger(__name__)


class LeaseKeeper:
    """Keep leases; a step is cancelled when its own is lost, unless it submits."""

    def __init__(self, leases: Leases, clock: Clock) -> None:
        self._leases = leases
        self._clock = clock
        self._steps: dict[asyncio.Task[None], Job] = {}
        self._lost: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def kept(self, job: Job, lease_ms: int) -> AsyncGenerator[None]:
        """Renew a lease for so many milliseconds, again and again while the block runs; `LostLease` when it is lost."""
        step = asyncio.current_task()
        if step is None:
            raise RuntimeError("a step is a task")
        self._steps[step] = job
        renewal = asyncio.create_task(self._renew(step, job, lease_ms))
        try:
            yield
        except asyncio.CancelledError:
            if step in self._lost:
                raise LostLease(job.id) from None
            raise
        finally:
            renewal.cancel()
            self._lost.discard(step)
            del self._steps[step]

    def end_all(self) -> None:
        """End all steps at once, because the name that their leases are held under is lost."""
        for step, job in self._steps.items():
            self._end(step, job)

    async def _renew(self, step: asyncio.Task[None], job: Job, lease_ms: int) -> None:
        kept = True
        while kept:
            await asyncio.sleep(lease_ms / 3000)
            try:
                kept = await self._leases.renew(job, self._clock() + lease_ms)
            except Exception:
                # Two more tries fit into the lease.
                log.exception("the lease of job %s could not be renewed", job.id)
        self._end(step, job)

    def _end(self, step: asyncio.Task[None], job: Job) -> None:
        # A submit goes on: an id that still comes is written down whoever has the job now.
        if job.state is not State.SUBMITTING:
            self._lost.add(step)
            step.cancel()
