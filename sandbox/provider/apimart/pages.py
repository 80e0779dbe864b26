"""A task as APIMart's two status pages show it, in two vocabularies."""

from __future__ import annotations

from sandbox.provider.apimart.envelope import describe_error
from sandbox.provider.engine.downloads import Downloads
from sandbox.provider.model.faults import FetchFault, OddState, ShowProgress
from sandbox.provider.model.imagine_tasks import IMAGES, ImagineTask
from sandbox.provider.model.job import Job, Json, State
from sandbox.provider.model.settings import ProviderSettings

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


class TaskPages:
    """Describes tasks; the settings choose between shapes that the documents do not decide on."""

    def __init__(self, downloads: Downloads, settings: ProviderSettings) -> None:
        self._downloads = downloads
        self._settings = settings

    def midjourney(self, task: Job | ImagineTask, fault: FetchFault | None = None) -> Json:
        """Return the body of ``/v1/midjourney/{id}``."""
        body = self._video_in_midjourney(task) if isinstance(task, Job) else self._images_in_midjourney(task)
        match fault:
            case OddState():
                body["status"] = fault.name
            case ShowProgress():
                body["progress"] = None if fault.percent is None else f"{fault.percent}%"
            case _:
                pass
        return body

    def task(self, task: Job | ImagineTask, fault: FetchFault | None = None) -> Json:
        """Return the body of ``/v1/tasks/{id}``."""
        if self._settings.apimart_tasks == "midjourney":
            return self.midjourney(task, fault)
        data = self._video_in_tasks(task) if isinstance(task, Job) else self._images_in_tasks(task)
        match fault:
            case OddState():
                data["status"] = fault.name
            case ShowProgress():
                data["progress"] = fault.percent
            case _:
                pass
        return {"code": 200, "data": data}

    def _video_in_midjourney(self, job: Job) -> Json:
        links = self._downloads.clip_links(job)
        body: Json = {
            "id": job.id,
            "status": MIDJOURNEY_STATES[job.state],
            "action": "VIDEO",
            "mode": "FAST",
            "video_url": links[0] if links else None,
            "video_urls": links,
            "fail_reason": job.message if job.state is State.FAILED else "",
        } | self._cost(job)
        if self._settings.apimart_page == "sparse":
            return {name: value for name, value in body.items() if value}
        return body | {"progress": f"{job.progress or 0}%", "prompt": job.prompt, "buttons": []}

    def _video_in_tasks(self, job: Job) -> Json:
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
        return data | self._result(self._downloads.clip_links(job), int(job.finished_at) + LIFETIME) | self._cost(job)

    def _result(self, links: list[str], expires_at: int) -> Json:
        match self._settings.apimart_tasks:
            case "video_urls":
                return {"result": {"video_url": links[0] if links else None, "video_urls": links}}
            case "top":
                return {"video_url": links[0] if links else None, "video_urls": links}
            case "lists":
                return {"result": {"videos": [{"url": links, "expires_at": expires_at}]}}
            case _:
                return {"result": {"videos": [{"url": link, "expires_at": expires_at} for link in links]}}

    def _cost(self, job: Job) -> Json:
        if not self._settings.apimart_cost or job.state is not State.DONE:
            return {}
        credits = CREDITS[job.options.resolution] * job.options.clips
        return {"cost": round(credits * DOLLARS_A_CREDIT, 4), "credits_cost": credits}

    def _images_in_midjourney(self, imagine_task: ImagineTask) -> Json:
        return {
            "id": imagine_task.id,
            "status": "SUCCESS" if imagine_task.finished else "IN_PROGRESS",
            "action": "IMAGINE",
            "progress": "100%" if imagine_task.finished else "0%",
            "prompt": imagine_task.prompt,
            "image_urls": self._images(imagine_task),
            "buttons": [],
            "fail_reason": "",
        }

    def _images_in_tasks(self, imagine_task: ImagineTask) -> Json:
        created = int(imagine_task.created_at)
        data: Json = {
            "id": imagine_task.id,
            "status": "completed" if imagine_task.finished else "processing",
            "progress": 100 if imagine_task.finished else 0,
            "created": created,
            "estimated_time": ESTIMATE,
        }
        if not imagine_task.finished:
            return data
        images = [{"url": self._images(imagine_task), "expires_at": created + LIFETIME}]
        return data | {"completed": created, "actual_time": 0, "result": {"images": images}}

    def _images(self, imagine_task: ImagineTask) -> list[str]:
        numbers = range(IMAGES if imagine_task.finished else 0)
        return [f"{self._downloads.base_url}/cdn/{imagine_task.id}/{number}.png" for number in numbers]
