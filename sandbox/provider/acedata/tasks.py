"""AceData's ``/midjourney/tasks``: one task, some, or the newest (its tasks guide and OpenAPI description)."""

from __future__ import annotations

from typing import Any, cast

from aiohttp import web

from sandbox.provider.acedata.envelope import Envelope, peek
from sandbox.provider.acedata.records import Task, TaskArchive, TaskRecords
from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.engine.fault_actions import answer_with
from sandbox.provider.engine.request_fields import (
    InvalidError,
    choice,
    is_int,
    read_json,
    refuse_unknown_fields,
)
from sandbox.provider.model.faults import FetchFault
from sandbox.provider.model.job import Json

FIELDS = frozenset({"action", "id", "trace_id", "ids", "trace_ids", "offset", "limit"})
PAGE = 12
"""Items of a list where no limit was sent."""


class AceDataTasks:
    """The tasks API; a fault that is meant for a fetch leaves lists without ids alone."""

    def __init__(
        self, envelope: Envelope, archive: TaskArchive, records: TaskRecords, context: EndpointContext
    ) -> None:
        self._envelope = envelope
        self._archive = archive
        self._records = records
        self._context = context

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/midjourney/tasks", self._tasks)]

    async def _tasks(self, request: web.Request) -> web.StreamResponse:
        lists = is_list(await peek(request))
        fault = None if lists else self._context.faults.take_fetch()

        async def handle() -> web.Response:
            if refused := self._envelope.check_access(request):
                return refused
            try:
                return web.json_response(self._answer(await read_json(request), fault))
            except InvalidError as error:
                return self._envelope.refuse(400, str(error))

        return await answer_with(fault, request, handle, self._envelope.refuse, self._context.closing)

    def _answer(self, asked: Json, fault: FetchFault | None) -> Json:
        refuse_unknown_fields(asked, FIELDS, self._context.settings)
        if choice(asked, "action", ("retrieve", "retrieve_batch")) == "retrieve_batch":
            return self._batch(asked, fault)
        task = self._one(asked)
        return {} if task is None else self._records.record(task, fault)

    def _one(self, asked: Json) -> Task | None:
        """Return the task that is asked for, by its id where both names are given."""
        task_id, trace_id = _name(asked, "id"), _name(asked, "trace_id")
        if not task_id and not trace_id:
            raise InvalidError("id or trace_id is required")
        known = self._known()
        return next(
            (task for task in known if (task.job.id == task_id if task_id else task.trace_id == trace_id)), None
        )

    def _known(self) -> list[Task]:
        """Return the tasks that are not forgotten, newest first (*assumed*; the vendor only calls them recent)."""
        forgotten = self._context.settings.forgotten
        return [task for task in reversed(self._archive) if task.job.id not in forgotten]

    def _batch(self, asked: Json, fault: FetchFault | None) -> Json:
        offset, limit = _count(asked, "offset", 0, 0), _count(asked, "limit", PAGE, 1)
        _name(asked, "id")
        found = self._matching(asked)
        page = found[offset : offset + limit]
        return {
            "items": [
                self._records.item(task) if is_list(asked) else self._records.record(task, fault) for task in page
            ],
            "count": len(found if self._context.settings.acedata_count == "total" else page),
        }

    def _matching(self, asked: Json) -> list[Task]:
        ids, trace_ids = _names(asked, "ids"), _names(asked, "trace_ids")
        if not ids and not trace_ids:
            return self._known() if self._context.settings.list_shows_videos else []
        return [task for task in self._known() if task.job.id in ids or task.trace_id in trace_ids]


def is_list(asked: Json) -> bool:
    """Tell the question for the newest tasks from those that name some."""
    return asked.get("action") == "retrieve_batch" and not asked.get("ids") and not asked.get("trace_ids")


def _name(asked: Json, name: str) -> str:
    """Return a name; the guide's sample of a batch sends an empty ``id``."""
    value: object = asked.get(name, "")
    if not isinstance(value, str):
        raise InvalidError(f"{name} must be a string")
    return value


def _names(asked: Json, name: str) -> list[str]:
    value: object = asked.get(name, [])
    if not isinstance(value, list):
        raise InvalidError(f"{name} must be a list of strings")
    names = cast("list[Any]", value)
    if not all(isinstance(one, str) for one in names):
        raise InvalidError(f"{name} must be a list of strings")
    return names


def _count(asked: Json, name: str, default: int, least: int) -> int:
    value: object = asked.get(name, default)
    if not is_int(value) or value < least:
        raise InvalidError(f"{name} must be a whole number of at least {least}")
    return value
