"""The page without a sandbox behind it: its own files, and a line whose other end a test holds."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Error, Page, ViewportSize, WebSocketRoute

from tests.browser.page_files import HOME
from tests.browser.tabs import Tabs
from tests.sandbox.web.wire_check import check_event

DESK = ViewportSize(width=1000, height=700)

BOT, MIRA, LEO = "900000000000000001", "900000000000000002", "900000000000000003"
CHANNEL = "800000000000000001"
FIRST_ID = 1_400_000_000_000_000_000

Json = dict[str, Any]


class Server:
    """Stand where the sandbox would: keep what the page asks, and tell it what a test wants."""

    def __init__(self) -> None:
        self.asked: list[Json] = []
        self.history: list[Json] = []
        self.refusals: dict[str, str] = {}
        self.most_messages = 500
        self.knows_types = True
        """False lets a test tell what no sandbox of today tells."""
        self._heard = asyncio.Event()
        self._line: WebSocketRoute | None = None

    def accept(self, line: WebSocketRoute) -> None:
        """Take a new line of the page."""
        self._line = line
        line.on_message(self._hear)

    def tell(self, op: str, **fields: Any) -> None:
        """Send the page something."""
        assert self._line is not None
        frame = {"op": op, **fields}
        if self.knows_types:
            check_event(frame)
        self._line.send(json.dumps(frame))

    def show(self, message: Json) -> None:
        """Send the page a message, new or edited."""
        self.tell("message_shown", message=message)

    async def until_asked(self, op: str) -> Json:
        """Return the page's first question of a kind once it has come, and forget it."""
        async with asyncio.timeout(10):
            while (found := next((one for one in self.asked if one["op"] == op), None)) is None:
                self._heard.clear()
                await self._heard.wait()
        self.asked.remove(found)
        return found

    def _hear(self, said: str | bytes) -> None:
        asked = json.loads(said)
        self.asked.append(asked)
        self._heard.set()
        sentence = self.refusals.get(asked["op"])
        if sentence is not None:
            self.tell("refused", ref=asked["ref"], say=sentence)
            return
        self.tell("done", ref=asked["ref"], interaction="1")
        if asked["op"] == "enter":
            limits = {**GUILD_VIEW["limits"], "messages": self.most_messages}
            self.tell("guild_view", **{**GUILD_VIEW, "limits": limits})
            self.tell("history", channel=CHANNEL, messages=self.history)


@asynccontextmanager
async def opened(
    tabs: Tabs, prepare: Callable[[Server], None], *, viewport: ViewportSize = DESK, is_phone: bool = False
) -> AsyncGenerator[tuple[Page, Server]]:
    """Open the page with what `prepare` put on the server."""
    server = Server()
    prepare(server)
    complaints: list[str] = []

    def complain(error: Error) -> None:
        complaints.append(str(error))

    async with tabs.lend(viewport=viewport, is_phone=is_phone, line=server.accept) as tab:
        tab.on("pageerror", complain)
        await tab.goto(f"{HOME}/")
        await tab.locator("#list .welcome").wait_for()
        yield tab, server
        tab.remove_listener("pageerror", complain)
    assert complaints == []


NOTHING_MORE: Json = {"used": None, "reply": None, "files": [], "reactions": [], "may_react": True}
"""What most messages are to their reader."""


def written(number: int, author: str = BOT, *, text: str = "", minutes: int = 0, **more: Any) -> Json:
    """Write a message; `minutes` after the first one, `page` and other fields of the message in `more`."""
    page = {"ephemeral": False, "thinking": False, "mine": author == MIRA, "pings_me": False, "may_delete": True}
    return {
        "id": str(FIRST_ID + number),
        "type": 0,
        "channel_id": CHANNEL,
        "author": {"id": author, "username": GUILD_VIEW["names"]["users"][author], "bot": author == BOT},
        "content": text,
        "timestamp": f"2026-01-05T{12 + minutes // 60:02}:{minutes % 60:02}:00+00:00",
        "edited_timestamp": None,
        "attachments": [],
        "embeds": [],
        "components": [],
        **more,
        "page": {**page, **NOTHING_MORE, **more.get("page", {})},
    }


def words(content: str) -> Json:
    """Write a text display."""
    return {"type": 10, "content": content}


def row(*components: Json) -> Json:
    """Write an action row."""
    return {"type": 1, "components": list(components)}


def button(label: str, custom_id: str) -> Json:
    """Write a button."""
    return {"type": 2, "style": 1, "label": label, "custom_id": custom_id}


def films(*names: str, issued: int = 1) -> Json:
    """Write a gallery of films, with links that are signed anew each time."""
    media = [{"id": name, "url": f"{HOME}/{name}.mp4?is={issued}", "content_type": "video/mp4"} for name in names]
    return {"type": 12, "items": [{"media": one, "description": f"Film {one['id']}"} for one in media]}


def container(*components: Json) -> Json:
    """Write a container."""
    return {"type": 17, "accent_color": 0x22AA55, "spoiler": False, "components": list(components)}


GUILD_VIEW: Json = {
    "me": {"id": MIRA, "name": "mira", "title": "Mira", "locale": "en-GB", "manages": False},
    "people": [{"id": MIRA, "name": "mira", "title": "Mira", "note": "a member", "roles": []}],
    "guild": {"id": "700000000000000001", "name": "Paper Boats"},
    "channel": CHANNEL,
    "channels": [
        {"id": CHANNEL, "name": "films", "topic": "", "sees": True, "may_write": True, "may_attach": True}
        | {"bot_may_write": True}
    ],
    "names": {"users": {BOT: "animatic", MIRA: "Mira", LEO: "Leo"}, "roles": {}, "channels": {CHANNEL: "films"}},
    "bot": {"id": BOT, "name": "animatic"},
    "commands": [],
    "limits": {"file": 1, "text": 2000, "answer_seconds": 3, "messages": 500},
    "locales": [{"id": "en-GB", "name": "English, UK"}],
    "now": 1_767_620_000_000,
}
