"""TTAPI's image endpoints under ``/midjourney/v1``, which share the account and its queue with the video endpoints."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from aiohttp import web

from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.engine.engine import QueueFullError
from sandbox.provider.engine.fault_actions import act_out
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
from sandbox.provider.model.image_jobs import PictureOrder, is_picture_job
from sandbox.provider.model.job import Job, Json
from sandbox.provider.model.settings import Knobs
from sandbox.provider.ttapi.envelope import Door, refuse
from sandbox.provider.ttapi.image_fields import EmptyError, Fields
from sandbox.provider.ttapi.image_orders import (
    doom_of,
    read_action,
    read_blend,
    read_describe,
    read_imagine,
    read_inpaint,
    read_seed,
)
from sandbox.provider.ttapi.image_pages import JobPages
from sandbox.provider.ttapi.video_orders import BannedError

QUEUE_FULL = "The number of running jobs has reached the limit."
FORGIVEN = 30
"""Illegal prompts a day after which the vendor keeps the quota of those that failed (TTAPI's FAQ)."""

Read = Callable[[Json, Mapping[str, Job], Knobs], PictureOrder]


class TtapiImages:
    """``imagine``, ``action``, ``blend``, ``describe``, ``inpaint``, ``seed`` and their ``fetch``.

    They know picture jobs alone. No page says how an unknown job is answered; 404 is assumed, as for videos.
    """

    def __init__(self, desk: EndpointContext) -> None:
        self._door = Door(desk.key)
        self._desk = desk
        self._pages = JobPages(desk.cdn, desk.knobs)

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
        return web.post(f"/midjourney/v1/{name}", partial(self._lodge, read, no))

    async def _lodge(
        self, read: Read, no: Callable[[int, str], web.Response], request: web.Request
    ) -> web.StreamResponse:
        fault = self._desk.script.take_submit()

        async def honest() -> web.Response:
            if refused := self._door.refuse(request, "post"):
                return refused
            try:
                body = await read_json(request)
                order = await asyncio.to_thread(read, body, self._desk.engine.jobs, self._desk.knobs)
                job = await self._desk.lodge(order, self._pages.describe, self._fate(order, fault))
            except BannedError as error:
                self._desk.engine.strikes.add()
                return no(400, str(error))
            except InvalidError as error:
                return no(400, str(error))
            except BadLinkError as error:
                return no(400, f"[Invalid link!] {error}")
            except QueueFullError:
                return no(499, QUEUE_FULL)
            return self._accept({} if isinstance(fault, NoJobId) else self._name(job))

        return await act_out(fault, request, honest, no, self._desk.closing)

    def _fate(self, order: PictureOrder, fault: SubmitFault | None) -> SubmitFault | None:
        doom = doom_of(order, self._desk.knobs)
        if doom is None:
            return fault
        if doom.banned:
            self._desk.engine.strikes.add()
        return FailLater(doom.message, charged=doom.banned and self._desk.engine.strikes.today > FORGIVEN)

    def _accept(self, data: Json) -> web.Response:
        return web.json_response({"status": "SUCCESS", "message": "", "data": data})

    def _name(self, job: Job) -> Json:
        field = self._desk.knobs.id_field
        return dict.fromkeys(("jobId", "job_id") if field == "both" else (field,), job.id)

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        fault = self._desk.script.take_fetch()

        async def honest() -> web.Response:
            if refused := self._door.refuse(request, "post"):
                return refused
            try:
                job_id = Fields(await read_json(request), frozenset({"jobId"}), self._desk.knobs).text("jobId")
                if job_id is None:
                    raise EmptyError("jobId")
            except InvalidError as error:
                return refuse(400, str(error))
            job = None if job_id in self._desk.knobs.forgotten else self._desk.engine.jobs.get(job_id)
            if job is None or not is_picture_job(job):
                return refuse(404, "the job does not exist")
            return web.json_response(_distorted(self._pages.describe(job), fault))

        return await act_out(fault, request, honest, refuse, self._desk.closing)


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
