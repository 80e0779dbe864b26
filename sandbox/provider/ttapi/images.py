"""TTAPI's image endpoints under ``/midjourney/v1``, which share the account and its queue with the video endpoints."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from aiohttp import web

from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.engine.engine import QueueFullError
from sandbox.provider.engine.fault_actions import answer_with
from sandbox.provider.engine.image_fetch import BadLinkError
from sandbox.provider.engine.request_fields import InvalidError, read_json
from sandbox.provider.model.faults import (
    FailLater,
    FetchFault,
    NoJobId,
    OddState,
    ShowProgress,
    SubmitFault,
)
from sandbox.provider.model.image_jobs import ImageOrder, is_image_job
from sandbox.provider.model.job import Job, Json
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.ttapi.envelope import Envelope, refuse
from sandbox.provider.ttapi.image_fields import EmptyError, Fields
from sandbox.provider.ttapi.image_orders import (
    later_failure,
    read_action,
    read_blend,
    read_describe,
    read_imagine,
    read_inpaint,
    read_seed,
)
from sandbox.provider.ttapi.image_pages import ImagePages
from sandbox.provider.ttapi.video_orders import BannedError

QUEUE_FULL = "The number of running jobs has reached the limit."
FORGIVEN = 30
"""Illegal prompts a day after which the vendor keeps the quota of those that failed (TTAPI's FAQ)."""

Read = Callable[[Json, Mapping[str, Job], ProviderSettings], ImageOrder]


class TtapiImages:
    """``imagine``, ``action``, ``blend``, ``describe``, ``inpaint``, ``seed`` and their ``fetch``.

    They know image jobs alone. No page says how an unknown job is answered; 404 is assumed, as for videos.
    """

    def __init__(self, context: EndpointContext) -> None:
        self._envelope = Envelope(context.key)
        self._context = context
        self._pages = ImagePages(context.downloads, context.settings)

    def routes(self) -> list[web.RouteDef]:
        return [
            self._route("imagine", read_imagine),
            self._route("action", read_action),
            self._route("blend", read_blend),
            self._route("describe", read_describe),
            self._route("inpaint", read_inpaint, refuse_with_object),
            self._route("seed", read_seed),
            web.post("/midjourney/v1/fetch", self._fetch),
        ]

    def _route(self, name: str, read: Read, no: Callable[[int, str], web.Response] = refuse) -> web.RouteDef:
        return web.post(f"/midjourney/v1/{name}", partial(self._accept_order, read, no))

    async def _accept_order(
        self, read: Read, no: Callable[[int, str], web.Response], request: web.Request
    ) -> web.StreamResponse:
        fault = self._context.faults.take_submit()

        async def handle() -> web.Response:
            if refused := self._envelope.check_access(request, "post"):
                return refused
            try:
                body = await read_json(request)
                order = await asyncio.to_thread(read, body, self._context.engine.jobs, self._context.settings)
                job = await self._context.accept(order, self._pages.describe, self._job_fault(order, fault))
            except BannedError as error:
                self._context.engine.prompt_strikes.add()
                return no(400, str(error))
            except InvalidError as error:
                return no(400, str(error))
            except BadLinkError as error:
                return no(400, f"[Invalid link!] {error}")
            except QueueFullError:
                return no(499, QUEUE_FULL)
            return self._accept({} if isinstance(fault, NoJobId) else self._name(job))

        return await answer_with(fault, request, handle, no, self._context.closing)

    def _job_fault(self, order: ImageOrder, fault: SubmitFault | None) -> SubmitFault | None:
        failure_to_come = later_failure(order, self._context.settings)
        if failure_to_come is None:
            return fault
        if failure_to_come.banned:
            self._context.engine.prompt_strikes.add()
        return FailLater(
            failure_to_come.message,
            charged=failure_to_come.banned and self._context.engine.prompt_strikes.today > FORGIVEN,
        )

    def _accept(self, data: Json) -> web.Response:
        return web.json_response({"status": "SUCCESS", "message": "", "data": data})

    def _name(self, job: Job) -> Json:
        field = self._context.settings.id_field
        return dict.fromkeys(("jobId", "job_id") if field == "both" else (field,), job.id)

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        fault = self._context.faults.take_fetch()

        async def handle() -> web.Response:
            if refused := self._envelope.check_access(request, "post"):
                return refused
            try:
                job_id = Fields(await read_json(request), frozenset({"jobId"}), self._context.settings).text("jobId")
                if job_id is None:
                    raise EmptyError("jobId")
            except InvalidError as error:
                return refuse(400, str(error))
            job = None if job_id in self._context.settings.forgotten else self._context.engine.jobs.get(job_id)
            if job is None or not is_image_job(job):
                return refuse(404, "the job does not exist")
            return web.json_response(_distorted(self._pages.describe(job), fault))

        return await answer_with(fault, request, handle, refuse, self._context.closing)


def refuse_with_object(status: int, message: str = "") -> web.Response:
    """Refuse as the sample of an inpaint does, with an empty object for data."""
    answer = refuse(status, message)
    answer.text = (answer.text or "").replace('"data": null', '"data": {}')
    return answer


def _distorted(body: Json, fault: FetchFault | None) -> Json:
    if isinstance(fault, OddState):
        body["status"] = fault.name
    if isinstance(fault, ShowProgress) and isinstance(body["data"], dict):
        body["data"]["progress"] = None if fault.percent is None else str(fault.percent)
    return body
