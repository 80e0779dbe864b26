"""The wire between a tab and the sandbox: a WebSocket with JSON objects, both ways.

A tab asks with `op`, one of `wire.requests.Requests`, and `ref`, a number; each gets exactly one `done` with what
`wire.requests.Replies` says, or `refused` with `say`, a sentence for people. What the sandbox tells by itself is in
`wire.events.Events`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from aiohttp import WSMsgType, web

from sandbox.discord import Interaction, NotOffered
from sandbox.discord.json_types import dumps
from sandbox.sentences import sentence_of, t
from sandbox.web.errors import Refused
from sandbox.web.frames import (
    MAX_FRAME,
    NO_SUCH_THING,
    NOT_UNDERSTOOD,
    check_frame,
    read_frame,
    ref_of,
    request_of,
)
from sandbox.web.hub import Hub
from sandbox.web.session import Session
from sandbox.web.wire.requests import Autocomplete, Enter, InjectFault, Refusal, Request, UserRequest, Watch

log = logging.getLogger(__name__)

MOST_AT_ONCE = 20
"""How many questions that wait for the bot may be under way in one tab, beside the rest."""

MAX_SAY = 400
"""Characters of a refusal: what was typed may be part of it."""


class Socket:
    """Serve one tab until it closes."""

    def __init__(self, hub: Hub, request: web.Request) -> None:
        self._hub = hub
        self._request = request
        self._socket = web.WebSocketResponse(heartbeat=30, max_msg_size=16 * MAX_FRAME, compress=False)
        self._session = Session(hub.services, self._abort)
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> web.WebSocketResponse:
        """Answer what the tab asks and send what it is told."""
        await self._socket.prepare(self._request)
        self._hub.sessions.add(self._session)
        sending = asyncio.create_task(self._send())
        try:
            async for frame in self._socket:
                if frame.type is WSMsgType.TEXT:
                    await self._receive(frame.data)
                elif frame.type is WSMsgType.BINARY:
                    self._refuse(None, NOT_UNDERSTOOD)
        finally:
            self._hub.sessions.discard(self._session)
            self._session.watch(on=False)
            for task in (sending, *self._tasks):
                task.cancel()
        return self._socket

    async def _send(self) -> None:
        try:
            while True:
                await self._socket.send_str(dumps(await self._session.outbox.take()))
        except ConnectionError:
            self._abort()

    def _abort(self) -> None:
        """A tab that does not read would not read a goodbye either."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def _receive(self, frame: str) -> None:
        ref = None
        try:
            said = read_frame(frame)
            ref = ref_of(said)
            check_frame(frame, said)
            request = None if ref is None else request_of(said)
        except Refused as error:
            self._refuse(ref, sentence_of(error))
            return
        if ref is None or request is None:
            self._refuse(None, t("The page asked without a number; load it again."))
        elif not isinstance(request, Autocomplete):
            await self._answer(request, ref)
        elif len(self._tasks) >= MOST_AT_ONCE:
            self._refuse(ref, t("This is too much at once; try again in a moment."))
        else:
            task = asyncio.create_task(self._answer(request, ref))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: Request, ref: int) -> None:
        try:
            await self._do(request, ref)
        except (Refused, NotOffered) as error:
            self._refuse(ref, sentence_of(error))
        except Exception:
            log.exception("the page could not do what was asked")
            self._refuse(ref, t("This did not work because of a fault in the sandbox itself; its terminal says more."))

    async def _do(self, request: Request, ref: int) -> None:
        services = self._hub.services
        if isinstance(request, Enter):
            self._session.enter(request)
            self._done(ref, {})
            self._session.greet()
        elif isinstance(request, Watch):
            self._session.watch(on=request.drawer)
            self._done(ref, {})
        elif isinstance(request, InjectFault):
            services.activity_feed.inject_fault(request.name)
            self._done(ref, {})
        elif isinstance(request, UserRequest):
            done = await services.user_actions.do(self._session.actor(), request)
            if isinstance(done, Interaction):
                self._done(ref, {"interaction": str(done.id)})
                self._hub.follow(done, self._session)
            else:
                self._done(ref, done)
        else:
            raise Refused(NO_SUCH_THING)

    def _done(self, ref: int, reply: Mapping[str, object]) -> None:
        self._session.outbox.put({"op": "done", "ref": ref, **reply})

    def _refuse(self, ref: int | None, say: str) -> None:
        refusal: Refusal = {"op": "refused", "ref": ref, "say": self._session.say(say)[:MAX_SAY]}
        self._session.outbox.put({**refusal})
