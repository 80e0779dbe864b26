"""AceData's video endpoint: orders that block or return at once, results and callbacks (its video guide)."""

from __future__ import annotations

import asyncio

from aiohttp import web

from sandbox.provider.acedata.envelope import Envelope, failure, peek
from sandbox.provider.acedata.orders import AceDataOrder, flag, read_order
from sandbox.provider.acedata.records import (
    Records,
    Task,
    TaskArchive,
    cover,
    cover_path,
    task_of,
)
from sandbox.provider.acedata.tasks import AceDataTasks
from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.engine.engine import QueueFullError
from sandbox.provider.engine.fault_actions import act_out
from sandbox.provider.engine.image_fetch import BadLinkError
from sandbox.provider.engine.request_fields import (
    InvalidError,
    banned_words,
    read_json,
)
from sandbox.provider.model.faults import FailLater, NoJobId, SubmitFault
from sandbox.provider.model.job import Job, Json, State

NDJSON = "application/x-ndjson"


class AceData:
    """The endpoints under ``/midjourney`` for videos, and the covers that results link to.

    A full queue is answered as too many requests: the documents name no limit of running tasks (*assumed*). Results as
    lines of JSON, which the reference allows by the accept header, are answered as not implemented.
    """

    def __init__(self, desk: EndpointContext) -> None:
        self._desk = desk
        self._archive = TaskArchive(desk.engine.jobs)
        self._door = Envelope(desk.key, desk.knobs)
        self._records = Records(desk.cdn, desk.knobs)
        self._tasks = AceDataTasks(self._door, self._archive, self._records, desk)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/midjourney/videos", self._videos),
            *self._tasks.routes(),
            web.get(cover_path("{result}"), self._cover),
        ]

    def describe(self, job: Job) -> Json:
        """Return a job as its callback shows it."""
        return self._records.result(task_of(job))

    async def _videos(self, request: web.Request) -> web.StreamResponse:
        extends = (await peek(request)).get("action") == "extend"
        fault = self._desk.script.take_extend() if extends else self._desk.script.take_submit()

        async def honest() -> web.Response:
            if refused := self._door.turn_away(request):
                return refused
            if NDJSON in request.headers.get("Accept", ""):
                return self._door.refuse(400, "api_not_implemented")
            try:
                body = await read_json(request)
                at_once = flag(body, "async") or "callback_url" in body
                order = read_order(body, self._archive.find_video, self._desk.knobs)
            except InvalidError as error:
                return self._door.refuse(400, str(error))
            return await self._lodge(order, fault, at_once)

        return await act_out(fault, request, honest, self._door.refuse, self._desk.closing)

    async def _lodge(self, order: AceDataOrder, fault: SubmitFault | None, at_once: bool) -> web.Response:
        banned = banned_words(order.prompt, self._desk.knobs)
        if banned and self._desk.knobs.acedata_moderation == "at_once":
            return self._door.refuse(403)
        try:
            job = await self._desk.lodge(order, self.describe, FailLater("forbidden") if banned else fault)
        except BadLinkError as error:
            return self._door.refuse(400, str(error))
        except QueueFullError:
            return self._door.refuse(429)
        task = Task(job, order)
        if not at_once:
            return await self._wait(task, fault)
        names = {"task_id": job.id} | ({"trace_id": task.trace_id} if self._desk.knobs.acedata_trace else {})
        return web.json_response({} if isinstance(fault, NoJobId) else names)

    async def _wait(self, task: Task, fault: SubmitFault | None) -> web.Response:
        """Answer a blocking order when its task is over."""
        try:
            async with asyncio.timeout(self._desk.knobs.acedata_patience):
                await self._desk.engine.until_over(task.job, self._desk.closing)
        except TimeoutError:
            return self._door.refuse(504)
        if task.job.state is not State.DONE:
            error = failure(task.job.message)
            return self._door.fail(error.status, error, task.trace_id)
        result = self._records.result(task)
        if isinstance(fault, NoJobId):
            del result["task_id"]
        return web.json_response(result)

    async def _cover(self, request: web.Request) -> web.Response:
        job = next((task.job for task in self._archive if task.job.result_id == request.match_info["result"]), None)
        return web.Response(status=404) if job is None else web.Response(body=cover(job), content_type="image/png")
