"""AceData's video endpoint: orders that block or return at once, results and callbacks (its video guide)."""

from __future__ import annotations

import asyncio

from aiohttp import web

from sandbox.provider.acedata.envelope import Envelope, error_of_failed_job, peek
from sandbox.provider.acedata.orders import AceDataOrder, callback_of, flag, read_order
from sandbox.provider.acedata.records import (
    Task,
    TaskArchive,
    TaskRecords,
    cover_of,
    cover_path,
    task_of,
)
from sandbox.provider.acedata.tasks import AceDataTasks
from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.engine.engine import QueueFullError
from sandbox.provider.engine.fault_actions import answer_with
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

    def __init__(self, context: EndpointContext) -> None:
        self._context = context
        self._archive = TaskArchive(context.engine.jobs)
        self._envelope = Envelope(context.key, context.settings)
        self._records = TaskRecords(context.downloads, context.settings)
        self._tasks = AceDataTasks(self._envelope, self._archive, self._records, context)

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
        fault = self._context.faults.take_extend() if extends else self._context.faults.take_submit()

        async def handle() -> web.Response:
            if refused := self._envelope.check_access(request):
                return refused
            if NDJSON in request.headers.get("Accept", ""):
                return self._envelope.refuse(400, "api_not_implemented")
            try:
                body = await read_json(request)
                at_once = flag(body, "async") or callback_of(body) is not None
                order = read_order(body, self._archive.find_video, self._context.settings)
            except InvalidError as error:
                return self._envelope.refuse(400, str(error))
            return await self._accept_order(order, fault, at_once)

        return await answer_with(fault, request, handle, self._envelope.refuse, self._context.closing)

    async def _accept_order(self, order: AceDataOrder, fault: SubmitFault | None, at_once: bool) -> web.Response:
        banned = banned_words(order.prompt, self._context.settings)
        if banned and self._context.settings.acedata_moderation == "at_once":
            return self._envelope.refuse(403)
        try:
            job = await self._context.accept(order, self.describe, FailLater("forbidden") if banned else fault)
        except BadLinkError as error:
            return self._envelope.refuse(400, str(error))
        except QueueFullError:
            return self._envelope.refuse(429)
        task = Task(job, order)
        if not at_once:
            return await self._wait(task, fault)
        names = {"task_id": job.id} | ({"trace_id": task.trace_id} if self._context.settings.acedata_trace else {})
        return web.json_response({} if isinstance(fault, NoJobId) else names)

    async def _wait(self, task: Task, fault: SubmitFault | None) -> web.Response:
        """Answer a blocking order when its task is over."""
        try:
            async with asyncio.timeout(self._context.settings.acedata_patience):
                await self._context.engine.until_over(task.job, self._context.closing)
        except TimeoutError:
            return self._envelope.refuse(504)
        if task.job.state is not State.DONE:
            error = error_of_failed_job(task.job.message)
            return self._envelope.fail(error.status, error, task.trace_id)
        result = self._records.result(task)
        if isinstance(fault, NoJobId):
            del result["task_id"]
        return web.json_response(result)

    async def _cover(self, request: web.Request) -> web.Response:
        job = next((task.job for task in self._archive if task.job.result_id == request.match_info["result"]), None)
        return web.Response(status=404) if job is None else web.Response(body=cover_of(job), content_type="image/png")
