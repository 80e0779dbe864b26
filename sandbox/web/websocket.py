"""The wire between a tab and the sandbox: a WebSocket with JSON objects, both ways.

A tab asks with `op` and `ref`, a number; each gets exactly one `done` or `refused` with that ref, a refusal with `say`.

    enter {user, channel, locale}       say {content, files}            slash {command, options}
    autocomplete {command, focused, options} -> {choices}               menu {message, command}
    click {message, custom_id}          select {message, custom_id, values}
    submit {form, values}               delete {message}                watch {drawer}        break {name}

Ids are texts. null in `enter` keeps what is, or takes the first there is. slash, menu, click, select and submit are
done with {interaction}; how it goes follows. The sandbox tells by itself:

    place        what the person sees of the server (views.place), after enter and after each change
    history      {channel, messages}: the newest 500, oldest first
    shown        {message}: new or edited (views.message); gone {channel, message}
    unread       {channel}: something new elsewhere
    interaction  waiting, then answered, failed or form (views.interaction), to the tabs of the person who did it
    bot          {state, pid, say}: the bot's process
    backstage    {jobs, calls, log, accounts, ledger, breaks, reset}: while the tab watches; what changed
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from sandbox.discord import Interaction, NotOffered
from sandbox.discord.json_types import Json, dumps
from sandbox.web.errors import Refused
from sandbox.web.frames import (
    MAX_FRAME,
    NOT_UNDERSTOOD,
    check_frame,
    read_frame,
    ref_of,
    text,
)
from sandbox.web.session import Session

if TYPE_CHECKING:
    from sandbox.web.hub import Hub

log = logging.getLogger(__name__)

SLOW = frozenset({"autocomplete"})
"""What waits for the bot, beside the rest."""

MOST_AT_ONCE = 20
"""How much of it may be going on in one tab."""

NO_SUCH_THING = "The page asked for something that does not exist; load it again."

MAX_SAY = 400
"""Characters of a refusal: what was typed may be part of it."""


class Socket:
    """Serve one tab until it closes."""

    def __init__(self, room: Hub, request: web.Request) -> None:
        self._room = room
        self._request = request
        self._socket = web.WebSocketResponse(heartbeat=30, max_msg_size=16 * MAX_FRAME, compress=False)
        self._tab = Session(room, self._abort)
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> web.WebSocketResponse:
        """Answer what the tab asks and send what it is told."""
        await self._socket.prepare(self._request)
        self._room.tabs.add(self._tab)
        sending = asyncio.create_task(self._send())
        try:
            async for frame in self._socket:
                if frame.type is WSMsgType.TEXT:
                    await self._hear(frame.data)
                elif frame.type is WSMsgType.BINARY:
                    self._refuse(None, NOT_UNDERSTOOD)
        finally:
            self._room.tabs.discard(self._tab)
            self._tab.watch(on=False)
            for task in (sending, *self._tasks):
                task.cancel()
        return self._socket

    async def _send(self) -> None:
        try:
            while True:
                await self._socket.send_str(dumps(await self._tab.outbox.take()))
        except ConnectionError:
            self._abort()

    def _abort(self) -> None:
        """A tab that does not read would not read a goodbye either."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def _hear(self, frame: str) -> None:
        ref = None
        try:
            said = read_frame(frame)
            ref = ref_of(said)
            check_frame(frame, said)
        except Refused as error:
            self._refuse(ref, str(error))
            return
        if ref is None:
            self._refuse(None, "The page asked without a number; load it again.")
        elif not isinstance(said.get("op"), str):
            self._refuse(ref, NO_SUCH_THING)
        elif said["op"] not in SLOW:
            await self._obey(said, ref)
        elif len(self._tasks) >= MOST_AT_ONCE:
            self._refuse(ref, "This is too much at once; try again in a moment.")
        else:
            task = asyncio.create_task(self._obey(said, ref))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _obey(self, said: Json, ref: int) -> None:
        try:
            await self._do(said, ref)
        except (Refused, NotOffered) as error:
            self._refuse(ref, str(error))
        except Exception:
            log.exception("the page could not do what was asked")
            self._refuse(ref, "This did not work because of a fault in the sandbox itself; its terminal says more.")

    async def _do(self, said: Json, ref: int) -> None:
        op = said["op"]
        if op == "enter":
            self._tab.enter(said)
            self._done(ref, {})
            self._tab.greet()
        elif op == "watch":
            self._tab.watch(on=said.get("drawer") is True)
            self._done(ref, {})
        elif op == "break":
            await self._room.backstage.press(text(said, "name"))
            self._done(ref, {})
        elif deed := self._room.deeds.by_name.get(op):
            done = await deed(self._tab.doer(), said)
            if isinstance(done, Interaction):
                self._done(ref, {"interaction": str(done.id)})
                self._room.follow(done, self._tab)
            else:
                self._done(ref, done)
        else:
            raise Refused(NO_SUCH_THING)

    def _done(self, ref: int, answer: Json) -> None:
        self._tab.outbox.put({"op": "done", "ref": ref, **answer})

    def _refuse(self, ref: int | None, say: str) -> None:
        self._tab.outbox.put({"op": "refused", "ref": ref, "say": say[:MAX_SAY]})
