"""The provider's jobs as its vendor's books have them: where they stand and what they cost."""

from __future__ import annotations

from itertools import islice

from sandbox.discord.json_types import Json
from sandbox.harness import Sandbox
from sandbox.provider.model.job import Job
from sandbox.web.body_preview import BodyPreview

NEWEST_JOBS = 200


class ProviderJobs:
    """Follow the provider's jobs; those that are over are looked at no more."""

    def __init__(self, sandbox: Sandbox, shortener: BodyPreview) -> None:
        self._provider = sandbox.provider
        self._short = shortener
        self._seen = 0
        self._open: dict[str, Json] = {}
        """The rows of unfinished jobs, as they were told last."""

    def news(self) -> list[Json]:
        """Give the jobs that are new or have changed since, oldest first."""
        jobs = self._provider.jobs
        first = max(self._seen, len(jobs) - NEWEST_JOBS)
        new = list(islice(jobs, first, None)) if len(jobs) > self._seen else []
        self._seen = len(jobs)
        changed: list[Json] = []
        for job_id in [*self._open, *new]:
            row = self._row(jobs[job_id])
            if row != self._open.pop(job_id, None):
                changed.append(row)
            if not jobs[job_id].state.over:
                self._open[job_id] = row
        return changed

    def _row(self, job: Job) -> Json:
        return {
            "id": job.id,
            "number": job.number,
            "provider": job.vendor,
            "action": job.action,
            "state": str(job.state),
            "progress": job.progress,
            "cost": job.quota,
            "price": job.price,
            "prompt": self._short.text(job.prompt),
            "message": self._short.text(job.message),
            "at": int(job.created_at * 1000),
            "ended": None if job.finished_at is None else int(job.finished_at * 1000),
        }
