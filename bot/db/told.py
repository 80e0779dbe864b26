"""The repositories that move jobs, where somebody listens: each transition is told once it is committed."""

from collections.abc import Iterable, Sequence
from typing import Any, Unpack

from bot.db.accounts import Accounts
from bot.db.job_moves import Ending
from bot.db.jobs import Jobs
from bot.db.member_blocks import MemberBlockRepository, Put
from bot.db.queue import Queue
from bot.db.removals import Removals
from bot.db.storyboards import Storyboards
from bot.db.waiting_jobs import WaitingJobs
from bot.domain.blocks import MemberBlock
from bot.domain.job import Frame, Job, State
from bot.domain.removal import Removed
from bot.errors import AnimaticError
from bot.metrics import Metrics


class ToldJobs(Jobs):
    """Tell of each job that moves; how a revived one failed before is told once."""

    def __init__(self, metrics: Metrics, *opened: Any) -> None:
        super().__init__(*opened)
        self._metrics = metrics

    async def receive(self, job: Job) -> Job:
        """Tell of T0, if it is this job that is written down."""
        received = await super().receive(job)
        if received.id == job.id and received.state is State.RECEIVED:
            self._metrics.job_moved(received, None)
        return received

    async def charge(self, job: Job, cost: int, frames: Sequence[Frame], now_ms: int) -> Job:
        """Tell of T1, and what was reserved."""
        moved = await super().charge(job, cost, frames, now_ms)
        self._metrics.job_moved(moved, job.state, cost)
        return moved

    async def requeue(self, job: Job, due_ms: int | None) -> Job:
        """Tell of T3b."""
        moved = await super().requeue(job, due_ms)
        self._metrics.job_moved(moved, job.state)
        return moved

    async def mark_running(
        self, client_token: str, remote_id: str, due_ms: int, deadline_ms: int | None = None
    ) -> Job | None:
        """Tell of T4 and T8."""
        moved = await super().mark_running(client_token, remote_id, due_ms, deadline_ms)
        if moved is not None:
            self._metrics.job_moved(moved, None)
        return moved

    async def succeed(self, job: Job, links: Sequence[str], final_cost: int, *asked: Any, **found: Any) -> Job:
        """Tell of T5, and what was spent: nothing if it was refunded before."""
        reserved = await self._still_reserved(job)
        moved = await super().succeed(job, links, final_cost, *asked, **found)
        self._metrics.job_moved(moved, job.state, final_cost if reserved else 0)
        return moved

    async def fail_all(self, job: Job, reason: AnimaticError, now_ms: int) -> list[Job]:
        """Tell of T6, and what was given back."""
        reserved = await self._still_reserved(job)
        moved, *later = await super().fail_all(job, reason, now_ms)
        self._metrics.job_moved(moved, job.state, job.cost if reserved else 0)
        _tell_refunded(self._metrics, later)
        return [moved, *later]

    async def finish(self, job: Job, **ending: Unpack[Ending]) -> Job:
        """Tell of T7."""
        moved = await super().finish(job, **ending)
        self._metrics.job_moved(moved, job.state)
        return moved

    async def finish_shown(self, job: Job, now_ms: int, **ending: Unpack[Ending]) -> Job | None:
        """Tell of T7, unless the card is looked at once more before."""
        moved = await super().finish_shown(job, now_ms, **ending)
        if moved is not None:
            self._metrics.job_moved(moved, job.state)
        return moved

    async def resume(self, job: Job, now_ms: int) -> Job:
        """Tell of T8."""
        moved = await super().resume(job, now_ms)
        self._metrics.job_moved(moved, job.state)
        return moved

    async def _still_reserved(self, job: Job) -> bool:
        """Tell whether a job's credits are neither settled nor given back; whoever has it in hand alone may do so."""
        if not job.charged:
            return False
        ended = await self._db.fetch("select 1 from ledger where job_id = $1 and kind in ('settle', 'refund')", job.id)
        return not ended


class ToldStoryboards(Storyboards):
    """Tell of the shots of a storyboard."""

    def __init__(self, metrics: Metrics, *opened: Any) -> None:
        super().__init__(*opened)
        self._metrics = metrics

    async def make(self, *asked: Any, **more: Any) -> list[Job]:
        """Tell of T0, if it is these jobs that are written down."""
        shots = await super().make(*asked, **more)
        for shot in shots:
            self._metrics.job_moved(shot, None)
        return shots

    async def charge(
        self, shots: Sequence[Job], costs: Sequence[int], frames: Sequence[Frame], now_ms: int
    ) -> list[Job]:
        """Tell of T1, and what was reserved."""
        moved = await super().charge(shots, costs, frames, now_ms)
        for shot, cost in zip(moved, costs, strict=True):
            self._metrics.job_moved(shot, State.RECEIVED, cost)
        return moved


class ToldQueue(Queue):
    """Tell of each job that is admitted."""

    def __init__(self, metrics: Metrics, *opened: Any) -> None:
        super().__init__(*opened)
        self._metrics = metrics

    async def admit(self, *asked: Any, **bounds: Any) -> list[Job]:
        """Tell of T3."""
        admitted = await super().admit(*asked, **bounds)
        for job in admitted:
            self._metrics.job_moved(job, State.QUEUED)
        return admitted


class ToldWaitingJobs(WaitingJobs):
    """Tell of the jobs of a server that the bot has left."""

    def __init__(self, metrics: Metrics, *opened: Any) -> None:
        super().__init__(*opened)
        self._metrics = metrics

    async def leave(self, guild_id: int, reason: AnimaticError, now_ms: int) -> list[Job]:
        """Tell of T6 for all that waited there."""
        ended = await super().leave(guild_id, reason, now_ms)
        _tell_refunded(self._metrics, ended)
        return ended


class ToldRemovals(Removals):
    """Tell of the jobs that end because they, or what they were to go on from, are removed."""

    def __init__(self, metrics: Metrics, *opened: Any) -> None:
        super().__init__(*opened)
        self._metrics = metrics

    async def strike(self, *asked: Any, **more: Any) -> Removed:
        """Tell of T6 for all that waited."""
        removed = await super().strike(*asked, **more)
        _tell_refunded(self._metrics, removed.refunded)
        return removed


class ToldAccounts(Accounts):
    """Tell of the jobs of a member whose allowance is 0."""

    def __init__(self, metrics: Metrics, *opened: Any) -> None:
        super().__init__(*opened)
        self._metrics = metrics

    async def set_allowance(
        self, guild_id: int, subject: str, subject_id: int, credits: int, now_ms: int, by: int | None = None
    ) -> list[Job]:
        """Tell of T6 for all that waited."""
        ended = await super().set_allowance(guild_id, subject, subject_id, credits, now_ms, by)
        _tell_refunded(self._metrics, ended)
        return ended


class ToldMemberBlocks(MemberBlockRepository):
    """Tell of the jobs of a member whom a moderator has blocked."""

    def __init__(self, metrics: Metrics, *opened: Any) -> None:
        super().__init__(*opened)
        self._metrics = metrics

    async def put(self, guild_id: int, block: MemberBlock, now_ms: int) -> Put:
        """Tell of T6 for all that waited."""
        put = await super().put(guild_id, block, now_ms)
        _tell_refunded(self._metrics, put.ended)
        return put


def _tell_refunded(metrics: Metrics, jobs: Iterable[Job]) -> None:
    """Tell of jobs that were ended before they were sent: what was reserved is given back, once."""
    for job in jobs:
        metrics.job_moved(job, None, job.cost if job.charged else 0)
