"""A task as APIMart's two status pages show it, in two vocabularies."""

from __future__ import annotations

from sandbox.provider.apimart.envelope import describe_error
from sandbox.provider.engine.downloads import Cdn
from sandbox.provider.model.faults import FetchFault, OddState, ShowProgress
from sandbox.provider.model.imagine_tasks import PICTURES, Imagine
from sandbox.provider.model.job import Job, Json, State
from sandbox.provider.model.settings import Knobs

MIDJOURNEY_STATES = {
    State.QUEUED: "SUBMITTED",
    State.RUNNING: "IN_PROGRESS",
    State.DONE: "SUCCESS",
    State.FAILED: "FAILURE",
}
TASK_STATES = {
    State.QUEUED: "pending",
    State.RUNNING: "processing",
    State.DONE: "completed",
    State.FAILED: "failed",
}
FAILURES = ("Banned prompt detected", "Task timeout", "No available upstream")
"""The reasons for a failure that a copy of APIMart's Midjourney pages lists."""
LIFETIME = 72 * 3600
"""Links live 72 hours (APIMart's skill repository); the status page's sample shows 24."""
ESTIMATE = 60
CREDITS = {"sd": 2.0, "hd": 4.0}
DOLLARS_A_CREDIT = 0.1
"""Prices a clip of August 2026; a credit is about ten cents."""


class Pages:
    """Describes tasks; the knobs choose between shapes that the documents do not decide on."""

    def __init__(self, cdn: Cdn, knobs: Knobs) -> None:
        self._cdn = cdn
        self._knobs = knobs

    def midjourney(self, task: Job | Imagine, fault: FetchFault | None = None) -> Json:
        """Return the body of ``/v1/midjourney/{id}``."""
        body = self._film_in_midjourney(task) if isinstance(task, Job) else self._pictures_in_midjourney(task)
        match fault:
            case OddState():
                body["status"] = fault.name
            case ShowProgress():
                body["progress"] = None if fault.percent is None else f"{fault.percent}%"
            case _:
                pass
        return body

    def task(self, task: Job | Imagine, fault: FetchFault | None = None) -> Json:
        """Return the body of ``/v1/tasks/{id}``."""
        if self._knobs.apimart_tasks == "midjourney":
            return self.midjourney(task, fault)
        data = self._film_in_tasks(task) if isinstance(task, Job) else self._pictures_in_tasks(task)
        match fault:
            case OddState():
                data["status"] = fault.name
            case ShowProgress():
                data["progress"] = fault.percent
            case _:
                pass
        return {"code": 200, "data": data}

    def _film_in_midjourney(self, job: Job) -> Json:
        links = self._cdn.links(job)
        body: Json = {
            "id": job.id,
            "status": MIDJOURNEY_STATES[job.state],
            "action": "VIDEO",
            "mode": "FAST",
            "video_url": links[0] if links else None,
            "video_urls": links,
            "fail_reason": job.message if job.state is State.FAILED else "",
        } | self._cost(job)
        if self._knobs.apimart_page == "sparse":
            return {name: value for name, value in body.items() if value}
        return body | {"progress": f"{job.progress or 0}%", "prompt": job.prompt, "buttons": []}

    def _film_in_tasks(self, job: Job) -> Json:
        data: Json = {
            "id": job.id,
            "status": TASK_STATES[job.state],
            "progress": job.progress or 0,
            "created": int(job.created_at),
            "estimated_time": ESTIMATE,
        }
        if job.finished_at is None:
            return data
        data |= {"completed": int(job.finished_at), "actual_time": round(job.finished_at - job.created_at)}
        if job.state is State.FAILED:
            status = 422 if job.message.startswith("Banned prompt") else 500
            return data | {"error": describe_error(status, job.message)}
        return data | self._result(self._cdn.links(job), int(job.finished_at) + LIFETIME) | self._cost(job)

    def _result(self, links: list[str], expires_at: int) -> Json:
        match self._knobs.apimart_tasks:
            case "video_urls":
                return {"result": {"video_url": links[0] if links else None, "video_urls": links}}
            case "top":
                return {"video_url": links[0] if links else None, "video_urls": links}
            case "lists":
                return {"result": {"videos": [{"url": links, "expires_at": expires_at}]}}
            case _:
                return {"result": {"videos": [{"url": link, "expires_at": expires_at} for link in links]}}

    def _cost(self, job: Job) -> Json:
        if not self._knobs.apimart_cost or job.state is not State.DONE:
            return {}
        credits = CREDITS[job.options.resolution] * job.options.clips
        return {"cost": round(credits * DOLLARS_A_CREDIT, 4), "credits_cost": credits}

    def _pictures_in_midjourney(self, imagine: Imagine) -> Json:
        return {
            "id": imagine.id,
            "status": "SUCCESS" if imagine.finished else "IN_PROGRESS",
            "action": "IMAGINE",
            "progress": "100%" if imagine.finished else "0%",
            "prompt": imagine.prompt,
            "image_urls": self._pictures(imagine),
            "buttons": [],
            "fail_reason": "",
        }

    def _pictures_in_tasks(self, imagine: Imagine) -> Json:
        created = int(imagine.created_at)
        data: Json = {
            "id": imagine.id,
            "status": "completed" if imagine.finished else "processing",
            "progress": 100 if imagine.finished else 0,
            "created": created,
            "estimated_time": ESTIMATE,
        }
        if not imagine.finished:
            return data
        images = [{"url": self._pictures(imagine), "expires_at": created + LIFETIME}]
        return data | {"completed": created, "actual_time": 0, "result": {"images": images}}

    def _pictures(self, imagine: Imagine) -> list[str]:
        numbers = range(PICTURES if imagine.finished else 0)
        return [f"{self._cdn.base_url}/cdn/{imagine.id}/{number}.png" for number in numbers]
