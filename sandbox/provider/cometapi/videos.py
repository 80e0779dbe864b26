"""CometAPI's video endpoints in the /mj family (its Submit Video, Fetch Single Task and List by Condition pages)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import cast

from aiohttp import web

from sandbox.provider.cometapi.envelope import (
    MESSAGES,
    QUOTA,
    STARTED,
    Code,
    Envelope,
    RefusedError,
    gateway_error,
    refuse,
    relay_error,
    submitted,
)
from sandbox.provider.cometapi.orders import CometOrder, read_video
from sandbox.provider.cometapi.tasks import TaskPage, task_name
from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.engine.engine import QueueFullError
from sandbox.provider.engine.fault_actions import PAGE, answer_with
from sandbox.provider.engine.image_fetch import BadLinkError
from sandbox.provider.engine.request_fields import InvalidError, read_json
from sandbox.provider.model.faults import BodyCode, NoJobId, SubmitFault
from sandbox.provider.model.job import Job, Json

INSTANCE = "1118138338562560102"


class CometApi:
    """The endpoints under ``/mj`` that have to do with videos; anything else there is a wrong path."""

    def __init__(self, context: EndpointContext) -> None:
        self._envelope = Envelope(context.key, context.settings)
        self._page = TaskPage(context.settings, context.downloads)
        self._context = context
        self._settings = context.settings

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/mj/submit/video", self._submit),
            web.get("/mj/task/{id}/fetch", self._fetch),
            web.post("/mj/task/list-by-condition", self._list),
            web.get(r"/mj/video/{id}/{number:\d}", self._video),
            web.get("/mj/image/{id}", self._cover),
            web.route("*", "/mj/{rest:.*}", self._wrong_path),
        ]

    async def _submit(self, request: web.Request) -> web.StreamResponse:
        faults = self._context.faults
        fault = faults.take_extend() if await _is_extend(request) else faults.take_submit()

        async def handle() -> web.Response:
            if refused := self._envelope.check_access(request):
                return refused
            try:
                return await self._accept_order(await read_json(request), fault)
            except InvalidError as error:
                return self._refuse(RefusedError(Code.INVALID, str(error)))
            except BadLinkError as error:
                return self._refuse(RefusedError(Code.INVALID, f"Invalid link: {error}"))
            except QueueFullError:
                return self._queue_full()
            except RefusedError as error:
                return self._refuse(error)

        return await answer_with(fault, request, handle, gateway_error, self._context.closing)

    async def _accept_order(self, body: Json, fault: SubmitFault | None) -> web.Response:
        if isinstance(fault, BodyCode) and fault.code not in STARTED:
            raise RefusedError(fault.code, fault.message)
        order = read_video(body, self._tasks(), self._settings)
        if self._settings.comet_account == "empty":
            return relay_error(Code.INVALID, QUOTA)
        ahead = sum(not job.state.over for job in self._tasks().values())
        job = await self._context.accept(order, self._page.describe, fault, self._new_id())
        if isinstance(fault, BodyCode):
            return submitted(fault.code, fault.message, job.id)
        return self._accept("" if isinstance(fault, NoJobId) else job.id, ahead)

    def _accept(self, task_id: str, ahead: int) -> web.Response:
        """Name a new task; behind others it waits, which new-api's rewriting hides in the code alone."""
        name = task_name(task_id, self._settings)
        if not ahead:
            return submitted(Code.SUCCESS, "", name)
        code = Code.QUEUED if self._settings.comet_codes == "raw" else Code.SUCCESS
        description = f"{MESSAGES[Code.QUEUED]}，前面还有{ahead}个任务"
        return submitted(code, description, name, numberOfQueues=ahead, discordInstanceId=INSTANCE)

    def _queue_full(self) -> web.Response:
        """Refuse an order; the documented answer names an id all the same, which no task has."""
        words = MESSAGES[Code.QUEUE_FULL]
        if self._settings.comet_queue_full == Code.FAILURE:
            return self._refuse(RefusedError(Code.FAILURE, words))
        error = RefusedError(Code.QUEUE_FULL, words, discordInstanceId=INSTANCE)
        return refuse(error, self._settings.comet_refusals, self._new_id())

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        fault = self._context.faults.take_fetch()

        async def handle() -> web.Response:
            if refused := self._envelope.check_access(request):
                return refused
            job = self._tasks().get(request.match_info["id"])
            if job is None:
                return self._unknown()
            task = self._page.report(job, fault)
            if self._settings.comet_wrapped:
                return web.json_response({"code": Code.SUCCESS, "description": "成功", "result": task})
            return web.json_response(task)

        return await answer_with(fault, request, handle, gateway_error, self._context.closing)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        fault = self._context.faults.take_fetch()

        async def handle() -> web.Response:
            if refused := self._envelope.check_access(request):
                return refused
            try:
                ids = _ids(await read_json(request), self._settings.strict_fields)
            except InvalidError as error:
                return self._refuse(RefusedError(Code.INVALID, str(error)))
            tasks = [self._page.report(job, fault) for job in self._tasks().values() if job.id in ids]
            return web.json_response(tasks)

        return await answer_with(fault, request, handle, gateway_error, self._context.closing)

    async def _video(self, request: web.Request) -> web.StreamResponse:
        job = self._context.engine.jobs.get(request.match_info["id"])
        return await self._context.downloads.serve(request, job, int(request.match_info["number"]))

    async def _cover(self, request: web.Request) -> web.Response:
        job = self._tasks().get(request.match_info["id"])
        image = None if job is None else job.first.image
        if image is None:
            return web.json_response({"error": "midjourney_task_not_found"}, status=400)
        return web.Response(body=image, content_type="application/octet-stream")

    async def _wrong_path(self, _: web.Request) -> web.Response:
        if self._settings.comet_wrong_path == "page":
            return web.Response(text=PAGE.format(code=200), content_type="text/html")
        page = PAGE.format(code=301)
        return web.Response(status=301, headers={"Location": "/"}, text=page, content_type="text/html")

    def _tasks(self) -> Mapping[str, Job]:
        """Return the tasks that this account can ask for."""
        hidden = self._settings.forgotten | self._settings.foreign
        jobs = self._context.engine.jobs.items()
        return {task_id: job for task_id, job in jobs if isinstance(job.order, CometOrder) and task_id not in hidden}

    def _refuse(self, error: RefusedError) -> web.Response:
        return refuse(error, self._settings.comet_refusals)

    def _unknown(self) -> web.Response:
        match self._settings.comet_unknown:
            case "null":
                return web.json_response(None)
            case "nothing":
                return web.Response(status=204)
            case "task_no_found":
                return relay_error(Code.INVALID, "task_no_found")

    def _new_id(self) -> str:
        """Return a number of 16 digits that names no task yet, as midjourney-proxy's ids are."""
        number = time.time_ns() // 1000
        while str(number) in self._context.engine.jobs:
            number += 1
        return str(number)


async def _is_extend(request: web.Request) -> bool:
    try:
        return "action" in await read_json(request)
    except InvalidError:
        return False


def _ids(body: Json, strict: bool) -> set[str]:
    """Return the ids of a list's body, the only field that its schema has."""
    if strict and set(body) - {"ids"}:
        raise InvalidError("a list takes ids alone")
    ids: object = body.get("ids")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in cast("list[object]", ids)):
        raise InvalidError("ids must be a list of strings")
    return set(cast("list[str]", ids))
