"""APIMart's Midjourney video endpoint and the two pages that show its tasks; there is no extend."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from sandbox.provider.apimart.envelope import (
    ACCEPTING,
    Envelope,
    RefusedError,
    accept,
)
from sandbox.provider.apimart.orders import ApiMartOrder, read_video, refuse_hidden
from sandbox.provider.apimart.pages import TaskPages
from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.engine.engine import QueueFullError
from sandbox.provider.engine.fault_actions import answer_with
from sandbox.provider.engine.image_fetch import BadLinkError
from sandbox.provider.engine.request_fields import InvalidError, read_json
from sandbox.provider.model.faults import (
    BodyCode,
    FetchFault,
    NoJobId,
    SubmitFault,
)
from sandbox.provider.model.imagine_tasks import IMAGES, ImagineTask, new_task_id
from sandbox.provider.model.job import Job, Json
from sandbox.provider.rendering.imagine_images import draw_imagine_image

QUEUE_FULL = "too many unfinished tasks"
"""APIMart names a cap on submits a minute but no number; the account's queue stands in for it."""


class ApiMart:
    """``/v1/midjourney/generations/video``, ``/v1/midjourney/{id}`` and ``/v1/tasks/{id}``, and imagined images."""

    def __init__(self, context: EndpointContext) -> None:
        self._context = context
        self._settings = context.settings
        self._envelope = Envelope(context.key, context.settings)
        self._pages = TaskPages(context.downloads, context.settings)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/midjourney/generations/video", self._submit),
            web.get("/v1/midjourney/{task}", self._show_midjourney),
            web.get("/v1/tasks/{task}", self._show_task),
            web.get(r"/cdn/{task}/{number:\d}.png", self._show_image),
        ]

    async def _submit(self, request: web.Request) -> web.StreamResponse:
        fault = self._context.faults.take_submit()

        async def handle() -> web.Response:
            try:
                self._envelope.check_key(request)
                return await self._accept_order(request, fault)
            except RefusedError as error:
                return self._envelope.refuse(error.status, str(error))
            except (InvalidError, BadLinkError) as error:
                return self._envelope.refuse(400, str(error))
            except QueueFullError:
                return self._envelope.refuse(429, QUEUE_FULL)

        return await answer_with(fault, request, handle, self._envelope.refuse, self._context.closing)

    async def _accept_order(self, request: web.Request, fault: SubmitFault | None) -> web.Response:
        code = fault.code if isinstance(fault, BodyCode) else 200
        if isinstance(fault, BodyCode) and code not in ACCEPTING:
            return self._envelope.refuse_by_code(code, fault.message)
        key = request.headers.get("Idempotency-Key")
        order = read_video(await read_json(request), self._context.imagine_tasks, self._settings, key)
        if known := self._replay(order):
            return accept(known, replayed=True)
        job = await self._context.accept(order, self._pages.midjourney, fault, new_task_id())
        return accept(None if isinstance(fault, NoJobId) else job.id, code)

    def _replay(self, order: ApiMartOrder) -> str | None:
        """Return the task that a key was first used for; the same key with another body is refused (assumed)."""
        if order.idempotency_key is None or self._settings.apimart_keys == "recorded":
            return None
        for task_id, job in self._context.engine.jobs.items():
            first = job.order
            if isinstance(first, ApiMartOrder) and first.idempotency_key == order.idempotency_key:
                if first.body != order.body:
                    raise RefusedError(409, "the Idempotency-Key was used for another request")
                return task_id
        return None

    async def _show_midjourney(self, request: web.Request) -> web.StreamResponse:
        return await self._show(request, self._pages.midjourney)

    async def _show_task(self, request: web.Request) -> web.StreamResponse:
        return await self._show(request, self._pages.task)

    async def _show(
        self, request: web.Request, page: Callable[[Job | ImagineTask, FetchFault | None], Json]
    ) -> web.StreamResponse:
        fault = self._context.faults.take_fetch()

        async def handle() -> web.Response:
            try:
                self._envelope.check_key(request)
                return web.json_response(page(self._find(request.match_info["task"]), fault))
            except RefusedError as error:
                return self._envelope.refuse(error.status, str(error))

        return await answer_with(fault, request, handle, self._envelope.refuse, self._context.closing)

    def _find(self, task_id: str) -> Job | ImagineTask:
        refuse_hidden(task_id, self._settings)
        job = self._context.engine.jobs.get(task_id)
        task = job if job is not None and task_id.startswith("task_") else self._context.imagine_tasks.get(task_id)
        if task is None:
            raise RefusedError(404)
        return task

    async def _show_image(self, request: web.Request) -> web.Response:
        imagine_task = self._context.imagine_tasks.get(request.match_info["task"])
        number = int(request.match_info["number"])
        if imagine_task is None or not imagine_task.finished or number >= IMAGES:
            return web.Response(status=404, text="gone")
        return web.Response(body=draw_imagine_image(imagine_task.prompt, number), content_type="image/png")
