"""A task as CometAPI shows it in a fetch, a list and a callback (its fetch page; midjourney-proxy, TaskInfo)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sandbox.provider.cometapi.envelope import MESSAGES, Code
from sandbox.provider.cometapi.orders import CometOrder
from sandbox.provider.engine.downloads import Downloads
from sandbox.provider.model.faults import FetchFault, OddState, ShowProgress
from sandbox.provider.model.job import Job, Json, State
from sandbox.provider.model.settings import ProviderSettings

BUTTON, GREY = 2, 2
"""Discord's numbers for a button and its style, which the family hands through."""


@dataclass(frozen=True)
class TaskPage:
    """Shows tasks; the settings say where their clips stand."""

    settings: ProviderSettings
    downloads: Downloads

    def report(self, job: Job, fault: FetchFault | None) -> Json:
        """Return a task as a fetch shows it, odd where the fault says so."""
        task = self.describe(job)
        if isinstance(fault, OddState):
            task["status"] = fault.name
        if isinstance(fault, ShowProgress):
            task["progress"] = None if fault.percent is None else f"{fault.percent}%"
        return task

    def describe(self, job: Job) -> Json:
        """Return a task as it stands; times are milliseconds since 1970, 0 where there is none."""
        order = job.order
        return self._named(
            {
                "id": task_name(job.id, self.settings),
                "action": "VIDEO",
                "status": self._status(job),
                "progress": _progress(job),
                "prompt": job.prompt,
                "promptEn": "",
                "description": MESSAGES[Code.SUCCESS],
                "submitTime": _milliseconds(job.created_at),
                "startTime": _milliseconds(job.started_at),
                "finishTime": _milliseconds(job.finished_at),
                "failReason": job.message if job.state is State.FAILED else "",
                "state": order.state if isinstance(order, CometOrder) else "",
                "buttons": self._buttons(job),
                "properties": {"finalPrompt": job.prompt},
                **self._media(job),
            }
        )

    def _named(self, task: Json) -> Json:
        """Give the fields the names that the setting says."""
        if self.settings.comet_names == "camel":
            return task
        names = {"videoUrl": "video_url", "videoUrls": "video_urls", "failReason": "fail_reason"}
        named = {names.get(name, name): value for name, value in task.items()}
        if self.settings.comet_names == "text":
            named["video_urls"] = json.dumps(named.get("video_urls"))
        return named

    def _status(self, job: Job) -> str:
        match job.state:
            case State.QUEUED:
                return self.settings.comet_waiting
            case State.RUNNING:
                return "IN_PROGRESS" if job.progress else "SUBMITTED"
            case State.DONE:
                return "SUCCESS"
            case State.FAILED:
                return "FAILURE"

    def _media(self, job: Job) -> Json:
        if job.state is not State.DONE:
            return {"imageUrl": "", "videoUrl": "", "videoUrls": None}
        cover = f"{self.downloads.base_url}/mj/image/{job.id}"
        links = self._links(job)
        first = links[0] if links else None
        nothing: Json = {"imageUrl": cover, "videoUrl": None, "videoUrls": None}
        match self.settings.comet_clips:
            case "urls":
                videos = [{"url": link, "thumbnail": cover} for link in links]
                return {"imageUrl": cover, "videoUrl": first, "videoUrls": videos or None}
            case "single":
                return nothing | {"videoUrl": first}
            case "image":
                return nothing | {"imageUrl": (self.downloads.clip_links(job) or [cover])[0]}
            case "url":
                return nothing | {"url": (self.downloads.clip_links(job) or [None])[0]}
            case "nowhere":
                return nothing

    def _links(self, job: Job) -> list[str]:
        """Return the clips' addresses: with noStorage where they lie, else under CometAPI's own."""
        if isinstance(job.order, CometOrder) and job.order.no_storage:
            return self.downloads.clip_links(job)
        return [self.downloads.written(f"/mj/video/{job.id}/{number}") for number in range(len(job.clips))]

    def _buttons(self, job: Job) -> list[Json]:
        if job.state is not State.DONE:
            return []
        if self.settings.comet_clips == "nowhere":
            return [_button(f"MJ::JOB::video_virtual_upscale::1::{job.result_id}", "U1")]
        return [
            _button(f"MJ::JOB::animate_{motion}_extend::{number}::{job.result_id}", f"Extend {motion} {number}")
            for motion in ("low", "high")
            for number in range(1, len(job.clips) + 1)
        ]


def task_name(task_id: str, settings: ProviderSettings) -> str | int:
    """Write a task's id as the setting says."""
    return int(task_id) if settings.comet_ids == "number" and task_id.isdecimal() else task_id


def _button(custom_id: str, label: str) -> Json:
    return {"customId": custom_id, "emoji": "", "label": label, "type": BUTTON, "style": GREY}


def _progress(job: Job) -> str:
    return "" if job.state is State.FAILED else f"{job.progress or 0}%"


def _milliseconds(seconds: float | None) -> int:
    return int((seconds or 0) * 1000)
