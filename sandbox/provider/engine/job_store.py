"""The jobs that the provider remembers, and the folder in which their files lie."""

from __future__ import annotations

import shutil
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from sandbox.provider.model.job import Job
from sandbox.provider.model.settings import ProviderSettings


class JobStore:
    """Keeps jobs by their id, with their files, and forgets the oldest ones.

    A job is as young as the youngest one that builds upon it, so that no job outlives what it was made from.
    """

    def __init__(self, settings: ProviderSettings, folder: Path) -> None:
        self.jobs: dict[str, Job] = {}
        self.accepted = 0
        """How many jobs were ever added."""
        self._settings = settings
        self._folder = folder
        self._by_age: OrderedDict[str, Job] = OrderedDict()
        self._bytes: dict[str, int] = {}
        self._quota_of_forgotten = 0

    @property
    def unfinished(self) -> list[Job]:
        return [job for job in self.jobs.values() if not job.state.over]

    @property
    def quota_spent(self) -> int:
        """What all jobs cost together, forgotten ones included."""
        return self._quota_of_forgotten + sum(job.quota for job in self.jobs.values())

    def add(self, job: Job) -> None:
        self.accepted += 1
        self.jobs[job.id] = job
        for older in job.lineage:
            self._by_age[older.id] = older
            self._by_age.move_to_end(older.id)
        self._forget_the_oldest()

    def end(self, job: Job) -> None:
        """Count the files of a job that will get no more of them."""
        folder = self._folder / job.result_id
        self._bytes[job.id] = sum(file.stat().st_size for file in folder.iterdir()) if folder.exists() else 0
        self._forget_the_oldest()

    def folder_of(self, job: Job) -> Path:
        """Return the folder of a job's files, which exists from then on."""
        folder = self._folder / job.result_id
        folder.mkdir(exist_ok=True)
        return folder

    def _forget_the_oldest(self) -> None:
        if not self._is_full():
            return
        for job in list(self._finished_for_good()):
            self._forget(job)
            if not self._is_full():
                return

    def _finished_for_good(self) -> Iterator[Job]:
        """Go through the jobs, oldest first, that are over and that no unfinished one builds upon."""
        under_way = {older.id for job in self.unfinished for older in job.lineage}
        return (job for name, job in self._by_age.items() if name not in under_way)

    def _is_full(self) -> bool:
        return len(self._by_age) > self._settings.kept_jobs or sum(self._bytes.values()) > self._settings.kept_job_bytes

    def _forget(self, job: Job) -> None:
        self._quota_of_forgotten += job.quota
        self.jobs.pop(job.id, None)
        self._bytes.pop(job.id, None)
        del self._by_age[job.id]
        shutil.rmtree(self._folder / job.result_id, ignore_errors=True)
