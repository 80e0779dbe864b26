"""What jobs leave behind whose steps were overtaken: by their end, or by their removal."""

from bot.db.store import Store
from bot.domain.job import Job, State
from bot.services.jobs import JobService


class Leftovers:
    """Delete what nobody is to have."""

    def __init__(self, store: Store, service: JobService) -> None:
        self._store = store
        self._service = service

    async def clear_up(self, job: Job) -> None:
        """Delete what was kept for a job by a step that went on after the job had ended, or was removed."""
        if job.state not in (State.RECEIVED, State.READY):
            return
        found = await self._store.jobs.get_even_removed(job.id)
        if found is None:
            return
        if found.removed_ms is not None:
            await self._service.discard(found)
        elif job.state is State.RECEIVED and found.state in (State.FAILING, State.FAILED):
            await self._service.discard_unsent(found)

    async def end_removed(self, job: Job) -> None:
        """End a removed job without a word: nothing of it is fetched, kept or shown, and no late answer counts."""
        if job.state is State.FAILED:
            await self._store.leases.reschedule(job, None)
            return
        await self._service.discard(job)
        await self._store.jobs.finish(job)
