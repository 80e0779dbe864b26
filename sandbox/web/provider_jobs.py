"""The provider's jobs as its vendor accounts for them: where they stand and what they cost."""

from __future__ import annotations

from itertools import takewhile

from sandbox.harness import Sandbox
from sandbox.provider.model.job import Job
from sandbox.web.body_preview import BodyPreview
from sandbox.web.wire.activity import ProviderJob

NEWEST_JOBS = 200


class ProviderJobs:
    """Follow the provider's jobs; those that are over, or older than the newest, are polled no more."""

    def __init__(self, sandbox: Sandbox, body_preview: BodyPreview) -> None:
        self._provider = sandbox.provider
        self._preview = body_preview
        self._seen = 0
        """The number of the newest job that was told of."""
        self._open: dict[str, tuple[Job, ProviderJob]] = {}
        """Unfinished jobs with their rows, as they were told last."""

    def read_changes(self) -> list[ProviderJob]:
        """Give the jobs that are new or have changed since, oldest first."""
        told, self._open = self._open, {}
        changed: list[ProviderJob] = []
        for job in [*(job for job, _ in told.values()), *self._new()]:
            row = self._row(job)
            if job.id not in told or row != told[job.id][1]:
                changed.append(row)
            if not job.state.over:
                self._open[job.id] = job, row
        for job_id in list(self._open)[:-NEWEST_JOBS]:
            del self._open[job_id]
        return changed

    def _new(self) -> list[Job]:
        """Find the jobs that came since, the newest of them where they are many, oldest first."""
        newest_first = reversed(self._provider.jobs.values())
        new = [*takewhile(lambda job: job.number > self._seen, newest_first)]
        if new:
            self._seen = new[0].number
        return new[:NEWEST_JOBS][::-1]

    def _row(self, job: Job) -> ProviderJob:
        return {
            "id": job.id,
            "number": job.number,
            "provider": job.vendor,
            "action": job.action,
            "state": str(job.state),
            "progress": job.progress,
            "cost": job.quota,
            "price": job.price,
            "prompt": self._preview.text(job.prompt),
            "message": self._preview.text(job.message),
            "at": int(job.created_at * 1000),
            "ended": None if job.finished_at is None else int(job.finished_at * 1000),
        }
