"""TTAPI's free endpoints about the account: balance, list of jobs, service status and the check of a prompt."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.engine.fault_actions import answer_with
from sandbox.provider.engine.request_fields import InvalidError, read_json
from sandbox.provider.model.image_jobs import ImageOrder, is_image_job
from sandbox.provider.model.job import Job, Json, State
from sandbox.provider.ttapi.envelope import (
    STATES,
    Envelope,
    read_parameters,
    refuse,
    succeed,
)
from sandbox.provider.ttapi.video_orders import refuse_banned_words

BALANCE = 100_000
LIST_LIMIT = 100
LISTED_STATES = {State.QUEUED: 0, State.RUNNING: 1, State.DONE: 2, State.FAILED: 3}
"""The list gives a number where fetch gives a word; the account pages show only 2, for a finished job."""


class TtapiAccount:
    """``/midjourney/v1/info``, ``fetch-list`` and ``promptCheck``, and ``/midjourney/status``.

    The account pages show the list's items but not what wraps them; a bare list under ``data`` is assumed.
    """

    def __init__(self, envelope: Envelope, context: EndpointContext) -> None:
        self._envelope = envelope
        self._engine = context.engine
        self._downloads = context.downloads
        self._settings = context.settings
        self._closing = context.closing

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/midjourney/v1/info", self._info),
            web.route("*", "/midjourney/v1/fetch-list", self._list),
            web.post("/midjourney/v1/promptCheck", self._check_prompt),
            web.get("/midjourney/status", self._status),
        ]

    async def _info(self, request: web.Request) -> web.Response:
        if refused := self._envelope.check_access(request, self._settings.list_verb):
            return refused
        frozen = sum(job.price for job in self._engine.store.unfinished)
        spent = self._engine.store.quota_spent
        return succeed(
            {
                "email": "provider@example.com",
                "balance": BALANCE - spent - frozen,
                "freeze_balance": frozen,
                "max_queue": self._settings.max_running,
            }
        )

    async def _list(self, request: web.Request) -> web.Response:
        if refused := self._envelope.check_access(request, self._settings.list_verb):
            return refused
        try:
            jobs = self._select(await read_parameters(request))
        except InvalidError as error:
            return refuse(400, str(error))
        return succeed([self._item(job) for job in jobs])

    def _select(self, asked: Json) -> list[Job]:
        page, limit = _count(asked, "page", 1, None), _count(asked, "limit", 10, LIST_LIMIT)
        status, order = str(asked.get("status", "SUCCESS")).upper(), asked.get("order", "desc")
        if status not in STATES.values():
            raise InvalidError(f"status must be one of {', '.join(STATES.values())}")
        if order not in ("asc", "desc"):
            raise InvalidError("order must be asc or desc")
        shown = self._settings.list_shows_videos
        jobs = [
            job for job in self._engine.jobs.values() if STATES[job.state] == status and (shown or is_image_job(job))
        ]
        if order == "desc":
            jobs.reverse()
        return jobs[(page - 1) * limit : page * limit]

    def _item(self, job: Job) -> Json:
        item: Json = {
            "job_id": job.id,
            "model": job.order.speed if isinstance(job.order, ImageOrder) else "fast",
            "action": job.action,
            "quota": str(job.quota),
            "status": LISTED_STATES[job.state],
            "progress": None if job.progress is None else str(job.progress),
            "prompt": job.prompt,
            "discord_image": self._downloads.discord_link(job, "image"),
            "cdn_image": self._downloads.image_link(job, "image"),
        }
        return item | {"hookUrl": job.callback_url} if self._settings.list_shows_callback else item

    async def _check_prompt(self, request: web.Request) -> web.StreamResponse:
        return await answer_with(
            self._settings.check_fault, request, partial(self._checked, request), refuse, self._closing
        )

    async def _checked(self, request: web.Request) -> web.Response:
        if refused := self._envelope.check_access(request, "post"):
            return refused
        try:
            prompt = (await read_json(request)).get("prompt")
        except InvalidError as error:
            return refuse(400, str(error))
        if not isinstance(prompt, str) or not prompt.strip():
            return refuse(400, '"prompt" cannot be empty.')
        try:
            refuse_banned_words(prompt, self._settings)
        except InvalidError as error:
            return refuse(200, str(error))
        return succeed("Prompt verification successful.")

    async def _status(self, request: web.Request) -> web.Response:
        if refused := self._envelope.check_access(request, "get"):
            return refused
        running = {"status": 200, "runningMessage": "Endpoints running"}
        averages = {"fast": 46.42, "relax": 39.37, "turbo": 23.87}
        return succeed({speed: running | {"averageExecute": average} for speed, average in averages.items()})


def _count(asked: Json, name: str, default: int, most: int | None) -> int:
    try:
        value = int(asked.get(name, default))
    except (TypeError, ValueError) as error:
        raise InvalidError(f"{name} must be a number") from error
    if value < 1 or (most is not None and value > most):
        raise InvalidError(f"{name} is out of range")
    return value
