"""What members report to moderators, and what those do about it."""

from collections.abc import Callable

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.domain.reports import Outcome, Report
from bot.errors import NoJobInMessage


class Reports:
    """Take reports, and let moderators settle them."""

    def __init__(self, store: Store, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake

    async def send(self, job: Job, user_id: int, reason: str) -> bool:
        """Report a job to the moderators of its server; False for a member who has done so before."""
        new = await self._store.reports.add(job, user_id, reason, self._clock())
        if new:
            self._wake()
        return new

    async def find(self, guild_id: int, job_id: str, user_id: int) -> tuple[Report, Job]:
        """Find a member's report with its job, removed as that may be, in a server; raises `NoJobInMessage`."""
        report = await self._store.reports.get(guild_id, job_id, user_id)
        job = await self._store.jobs.get_even_removed(job_id) if report is not None else None
        if report is None or job is None:
            raise NoJobInMessage
        return report, job

    async def beside(self, report: Report) -> list[Report]:
        """List the reports that share a message with one, itself included."""
        return await self._store.reports.in_message(report.log_id) if report.log_id is not None else []

    async def settle(self, report: Report, outcome: Outcome, by: int) -> Report | None:
        """Say what was done about a report; where somebody was faster, give it as they settled it."""
        if await self._store.reports.settle(report, outcome, by):
            return None
        settled = await self._store.reports.get(report.guild_id, report.job_id, report.user_id)
        # By what is removed its reports are settled.
        is_own = settled is None or (settled.outcome, settled.handled_by) == (outcome, by)
        return None if is_own else settled
