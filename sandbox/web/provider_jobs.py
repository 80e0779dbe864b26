"""The provider's jobs as its vendor's books have them: where they stand and what they cost."""

from __future__ import annotations

from itertools import takewhile

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
        """The number of the newest job that was told of."""
        self._open: dict[str, tuple[Job, Json]] = {}
        """Unfinished jobs with their rows, as they were told last."""

    def news(self) -> list[Json]:
        """Give the jobs that are new or have changed since, oldest first."""
        told, self._open = self._open, {}
        changed: list[Json] = []
        for job in [*(job for job, _ in told.values()), *self._new()]:
            row = self._row(job)
            if job.id not in told or row != told[job.id][1]:
                changed.append(row)
            if not job.state.over:
                self._open[job.id] = job, row
        return changed

    def _new(self) -> list[Job]:
        """Find the jobs that came since, the newest of them where they are many, oldest first."""
        newest_first = reversed(self._provider.jobs.values())
        new = [*takewhile(lambda job: job.number > self._seen, newest_first)]
        if new:
            self._seen = new[0].number
        return new[:NEWEST_JOBS][::-1]

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
