"""TTAPI's video endpoints: submit, extend and fetch, and the shape of its jobs (its Midjourney video page)."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.engine.engine import QueueFullError
from sandbox.provider.engine.fault_actions import answer_with
from sandbox.provider.engine.image_fetch import BadLinkError
from sandbox.provider.engine.request_fields import InvalidError, read_json
from sandbox.provider.model.faults import (
    FetchFault,
    NoJobId,
    OddState,
    ShowProgress,
    SubmitFault,
)
from sandbox.provider.model.image_jobs import is_image_job
from sandbox.provider.model.job import Job, Json, Order
from sandbox.provider.ttapi.account import TtapiAccount
from sandbox.provider.ttapi.envelope import (
    STATES,
    Envelope,
    read_parameters,
    refuse,
    succeed,
)
from sandbox.provider.ttapi.video_orders import (
    BannedError,
    read_extend,
    read_submit,
)

QUEUE_FULL = "The number of running jobs has reached the limit."


class Ttapi:
    """The endpoints under ``/midjourney`` that have to do with videos.

    No page says how an unknown job is answered; 404 is assumed, which the response page lists.
    """

    def __init__(self, context: EndpointContext) -> None:
        self._envelope = Envelope(context.key)
        self._account = TtapiAccount(self._envelope, context)
        self._context = context
        self._engine = context.engine
        self._settings = context.settings

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/midjourney/video/submit", self._submit),
            web.post("/midjourney/video/extend", self._extend),
            web.route("*", "/midjourney/video/fetch", self._fetch),
            *self._account.routes(),
        ]

    def describe(self, job: Job) -> Json:
        """Return a job as fetch and the callback show it."""
        return {
            "status": STATES[job.state],
            "message": job.message,
            "jobId": job.id,
            "data": {
                "action": job.action,
                "jobId": job.id,
                "progress": None if job.progress is None else str(job.progress),
                "prompt": job.prompt,
                "quota": str(job.quota),
                "videos": self._context.downloads.clip_links(job) or None,
                "hookUrl": job.callback_url,
            },
        }

    async def _submit(self, request: web.Request) -> web.StreamResponse:
        return await self._accept_order(
            request, self._context.faults.take_submit(), lambda body: read_submit(body, self._settings)
        )

    async def _extend(self, request: web.Request) -> web.StreamResponse:
        fault = self._context.faults.take_extend()
        return await self._accept_order(request, fault, lambda body: read_extend(body, self._videos(), self._settings))

    async def _accept_order(
        self, request: web.Request, fault: SubmitFault | None, read: Callable[[Json], Order]
    ) -> web.StreamResponse:
        async def handle() -> web.Response:
            if refused := self._envelope.check_access(request, "post"):
                return refused
            try:
                job = await self._context.accept(read(await read_json(request)), self.describe, fault)
            except BannedError as error:
                self._engine.prompt_strikes.add()
                return refuse(400, str(error))
            except InvalidError as error:
                return refuse(400, str(error))
            except BadLinkError as error:
                return refuse(400, f"[Invalid link!] {error}")
            except QueueFullError:
                return refuse(499, QUEUE_FULL)
            return succeed({} if isinstance(fault, NoJobId) else self._name(job))

        return await answer_with(fault, request, handle, refuse, self._context.closing)

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        fault = self._context.faults.take_fetch()

        async def handle() -> web.Response:
            if refused := self._envelope.check_access(request, self._settings.fetch_verb):
                return refused
            try:
                job_id = (await read_parameters(request)).get("jobId")
            except InvalidError as error:
                return refuse(400, str(error))
            if not isinstance(job_id, str) or not job_id:
                return refuse(400, "jobId is required")
            job = None if job_id in self._settings.forgotten else self._videos().get(job_id)
            return refuse(404, "the job does not exist") if job is None else self._report(job, fault)

        return await answer_with(fault, request, handle, refuse, self._context.closing)

    def _videos(self) -> dict[str, Job]:
        return {name: job for name, job in self._engine.jobs.items() if not is_image_job(job)}

    def _report(self, job: Job, fault: FetchFault | None) -> web.Response:
        body = self.describe(job)
        if isinstance(fault, OddState):
            body["status"] = fault.name
        if isinstance(fault, ShowProgress):
            body["data"]["progress"] = None if fault.percent is None else str(fault.percent)
        return web.json_response(body)

    def _name(self, job: Job) -> Json:
        names = ("jobId", "job_id") if self._settings.id_field == "both" else (self._settings.id_field,)
        return dict.fromkeys(names, job.id)
