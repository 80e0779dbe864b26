"""What AceData keeps of a task, and how it shows it: as the result of an order and as a record of the tasks API."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PIL import Image

from sandbox.provider.acedata.envelope import error_of_failed_job
from sandbox.provider.acedata.orders import FIELDS, AceDataOrder
from sandbox.provider.engine.downloads import Downloads
from sandbox.provider.model.faults import FetchFault, OddState, ShowProgress
from sandbox.provider.model.job import Job, Json, State
from sandbox.provider.model.settings import ProviderSettings

STATES = {State.QUEUED: "pending", State.RUNNING: "processing", State.DONE: "succeeded", State.FAILED: "failed"}
"""States for the setting that shows them; the vendor's MCP server knows the last two."""

OTHER_STATES = {State.QUEUED: "queued", State.RUNNING: "running", State.DONE: "finished", State.FAILED: "failure"}
"""Other words for them, which no page of AceData's names."""


@dataclass(frozen=True)
class Task:
    """A job that was ordered from AceData."""

    job: Job
    order: AceDataOrder

    @property
    def trace_id(self) -> str:
        return self.order.trace_id

    @property
    def video_id(self) -> str:
        """The name by which a result is extended: 16 digits, as in the video guide, and no task's id."""
        return str(int(self.job.created_at * 1_000_000) + self.job.number)


class TaskArchive:
    """The tasks among the account's jobs, oldest first."""

    def __init__(self, jobs: Mapping[str, Job]) -> None:
        self._jobs = jobs

    def __iter__(self) -> Iterator[Task]:
        return (Task(job, job.order) for job in self._jobs.values() if isinstance(job.order, AceDataOrder))

    def __reversed__(self) -> Iterator[Task]:
        return reversed(list(self))

    def find_video(self, video_id: str) -> Job | None:
        """Return the finished job of a video id."""
        jobs = (task.job for task in self if task.video_id == video_id)
        return next((job for job in jobs if job.state is State.DONE), None)


def task_of(job: Job) -> Task:
    """Return the task of a job that was ordered from AceData."""
    if not isinstance(job.order, AceDataOrder):
        raise TypeError("not a job of AceData's")
    return Task(job, job.order)


class TaskRecords:
    """Shows tasks in AceData's words."""

    def __init__(self, downloads: Downloads, settings: ProviderSettings) -> None:
        self._downloads = downloads
        self._settings = settings

    def result(self, task: Task) -> Json:
        """Return what a blocking order is answered with, a callback carries and a record holds as ``response``."""
        job = task.job
        match job.state:
            case State.DONE if self._settings.acedata_result == "image":
                return self._as_image(task)
            case State.DONE:
                return self._as_videos(task)
            case State.FAILED:
                error = error_of_failed_job(job.message).body
                return {"success": False, "task_id": job.id, "error": error, "trace_id": task.trace_id}
            case _:
                return {"task_id": job.id, "progress": job.progress or 0}

    def record(self, task: Task, fault: FetchFault | None = None) -> Json:
        """Return a task's record; it has no state, and no response until the task is over."""
        job = task.job
        over = job.state.over and not isinstance(fault, OddState)
        record: Json = {
            "id": job.id,
            "type": "videos",
            "trace_id": task.trace_id,
            "request": self._request(task),
            "created_at": job.created_at,
        }
        if job.started_at is not None:
            record["started_at"] = job.started_at
        if over and job.finished_at is not None:
            record["response"] = self.result(task)
            record["finished_at"] = job.finished_at
            record["elapsed"] = job.finished_at - (job.started_at or job.created_at)
        elif self._settings.acedata_running == "nulls":
            record |= {"response": None, "finished_at": None, "elapsed": None}
        elif self._settings.acedata_running == "no":
            record["response"] = {"success": False, "task_id": job.id}
        elif self._settings.acedata_running == "progress":
            record["response"] = self.result(task) if not job.state.over else {"task_id": job.id}
        if self._settings.acedata_state:
            record["state"] = (STATES if self._settings.acedata_words == "tools" else OTHER_STATES)[job.state]
        if isinstance(fault, OddState):
            record["state"] = fault.name
        if isinstance(fault, ShowProgress):
            record["response"] = (record.get("response") or {}) | {"progress": fault.percent}
        return record

    def item(self, task: Task) -> Json:
        """Return a task's record as the list shows it."""
        record = self.record(task)
        if not self._settings.list_shows_callback:
            record["request"].pop("callback_url", None)
        return record

    def _request(self, task: Task) -> Json:
        if self._settings.acedata_request == "sent":
            return dict(task.order.body)
        return dict.fromkeys(FIELDS) | task.order.body | {"trace_id": task.trace_id}

    def _as_videos(self, task: Task) -> Json:
        with Image.open(io.BytesIO(cover_of(task.job))) as image:
            width, height = image.size
        return {
            "image_url": self._downloads.base_url + cover_path(task.job.result_id),
            "image_width": width,
            "image_height": height,
            "progress": 100,
            "video_id": task.video_id,
            "video_urls": self._downloads.clip_links(task.job) or None,
            "task_id": task.job.id,
        } | ({"success": True} if self._settings.acedata_success else {})

    def _as_image(self, task: Task) -> Json:
        first = next(iter(self._downloads.clip_links(task.job)), None)
        return {
            "success": True,
            "task_id": task.job.id,
            "image_id": task.video_id,
            "progress": 100,
            "image_url": first,
            "image_width": "1280",
            "image_height": "720",
            "raw_image_url": first,
            "raw_image_width": "1280",
            "raw_image_height": "720",
            "actions": ["extend"],
        }


def cover_of(job: Job) -> bytes:
    """Return the image that a video began with, which its cover is."""
    return job.first.image or b""


def cover_path(result_id: str) -> str:
    return f"/cdn/{result_id}/cover.png"
