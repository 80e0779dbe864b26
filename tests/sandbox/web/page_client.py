"""A browser's side of the page without a browser: tabs that ask and are told."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox.web import Page
from tests.sandbox.web.wire_check import check_event, check_reply

Json = dict[str, Any]


class PageClient:
    """One tab: `told` is all that it was told, in order."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.told: list[Json] = []
        self._refs = itertools.count(1)
        self._heard = asyncio.Event()
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for frame in self.socket:
            said = json.loads(frame.data)
            check_event(said)
            self.told.append(said)
            self._heard.set()
        self._heard.set()

    async def ask(self, op: str, **fields: Any) -> Json:
        """Ask and give the answer, be it done or refused."""
        ref = next(self._refs)
        await self.socket.send_json({"op": op, "ref": ref, **fields})
        answer = await self.until(lambda said: said.get("ref") == ref)
        check_reply(op, answer)
        return answer

    async def does(self, op: str, **fields: Any) -> Json:
        """Ask for something that must be done."""
        answer = await self.ask(op, **fields)
        assert answer["op"] == "done", answer
        return answer

    async def refused(self, op: str, **fields: Any) -> str:
        """Ask for something that must be refused, and give the sentence."""
        answer = await self.ask(op, **fields)
        assert answer["op"] == "refused", answer
        say = answer["say"]
        assert isinstance(say, str)
        return say

    async def until(self, fits: Callable[[Json], Any], timeout: float = 10) -> Json:
        """Give the first thing told that fits; look at everything from the start."""
        try:
            async with asyncio.timeout(timeout):
                seen = 0
                while True:
                    for said in self.told[seen:]:
                        seen += 1
                        if fits(said):
                            return said
                    assert not self.reading.done(), "the tab was closed"
                    self._heard.clear()
                    await self._heard.wait()
        except TimeoutError:
            raise AssertionError(f"never told; the last were {self.told[-5:]}") from None

    async def enters(self, user: str | None = None, **where: Any) -> Json:
        """Enter, forget what was told before, and give the place once its history came too."""
        self.told.clear()
        await self.does("enter", user=user, **where)
        await self.until(of("history"))
        return await self.until(of("guild_view"))

    def all(self, op: str) -> list[Json]:
        """Give everything of one kind that was told."""
        return [said for said in self.told if said["op"] == op]

    @property
    def history(self) -> list[Json]:
        """Give the messages of the last history."""
        return self.all("history")[-1]["messages"]

    async def settled(self) -> None:
        """Return when everything that was on its way has arrived."""
        await self.ask("nothing")


def of(op: str, **fields: Any) -> Callable[[Json], bool]:
    """Fit what is told of one kind, with these fields."""
    return lambda said: said["op"] == op and all(said.get(name) == value for name, value in fields.items())


@asynccontextmanager
async def open_client(page: Page, user: str | None = None, **where: Any) -> AsyncGenerator[PageClient]:
    """Open a tab, as somebody if they are named."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{page.url}socket", origin=page.url.rstrip("/"), max_msg_size=0) as socket,
    ):
        client = PageClient(socket)
        try:
            if user is not None:
                await client.enters(user, **where)
            yield client
        finally:
            client.reading.cancel()
