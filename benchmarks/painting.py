"""How soon the sandbox's page shows a channel with 500 messages, next to a bare page with the same words.

The bare page is one HTML file whose 500 paragraphs stand in it already; ours loads its modules, opens its socket,
enters and draws what it is sent, every fourth message a card with four pictures and eight buttons. Both are loaded in
turns, each time in a browser that remembers nothing.
"""

import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path
from statistics import median

from aiohttp import web
from playwright.async_api import Browser

from benchmarks.figures import Figure, at_most
from sandbox.discord import Message, StoredFile
from sandbox.harness import Sandbox, start_sandbox
from sandbox.provider.rendering.sample_image import draw_sample
from sandbox.web import Page
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import GuildSetup, set_up_guild
from tests.browser.chromium import NONE, find_chromium, started_chromium

MESSAGES = 500
ROUNDS = 7
LIMIT_SECONDS = 1.0

FIRST_PAINT = """() => new Promise((resolve) => new PerformanceObserver((seen) => {
  for (const entry of seen.getEntriesByName("first-contentful-paint")) resolve(entry.startTime);
}).observe({ type: "paint", buffered: true }))"""

ALL_DRAWN = f"""() => new Promise((resolve) => {{
  const look = () => document.querySelectorAll("article").length < {MESSAGES}
    ? requestAnimationFrame(look)
    : requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  look();
}})"""
"""Resolves after the frame in which all messages stand."""


async def measure() -> list[Figure]:
    """Load both pages in turns; medians, in seconds."""
    if find_chromium() is None:
        raise RuntimeError(NONE)
    floor: list[tuple[float, float]] = []
    ours: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with (
            start_sandbox(Path(folder), checks=False) as sandbox,
            BotSupervisor(sandbox) as supervisor,
            started_chromium() as browser,
        ):
            texts = [message.text for message in await _written(sandbox, set_up_guild(sandbox.discord))]
            async with Page(sandbox, supervisor, port=0) as page, _bare(texts) as bare:
                for _ in range(ROUNDS):
                    floor.append(await _loaded(browser, bare))
                    ours.append(await _loaded(browser, page.url))
    (floor_first, floor_all), (our_first, our_all) = _medians(floor), _medians(ours)
    return [
        at_most(f"page with {MESSAGES} messages: first paint", our_first, LIMIT_SECONDS, floor=floor_first),
        at_most(f"page with {MESSAGES} messages: all drawn", our_all, LIMIT_SECONDS, floor=floor_all),
    ]


async def _written(sandbox: Sandbox, guild_setup: GuildSetup) -> list[Message]:
    guild_setup.guild.join_bot()
    profile = sandbox.discord.app("maker")
    guild_setup.guild.join(profile)
    picture = draw_sample()
    written: list[Message] = []
    for number in range(MESSAGES):
        if number % 4 == 0:
            files = [sandbox.discord.attachment(f"boat-{number}-{slot}.png", picture) for slot in range(4)]
            written.append(await profile.say(guild_setup.films, attachments=files, components=_card(number, files)))
        else:
            words = f"**{number}** a paper boat, and <@{guild_setup.leo.id}> says: `{time.time()}` is _late_"
            written.append(await guild_setup.mira.say(guild_setup.films, words))
    return written


def _card(number: int, files: list[StoredFile]) -> list[dict[str, object]]:
    buttons = [{"type": 2, "style": 2, "label": str(n), "custom_id": f"go:{number}:{n}"} for n in range(8)]
    parts: list[dict[str, object]] = [
        {"type": 10, "content": f"**Pictures**, number {number}\n> a paper boat drifting down a rainy street"},
        {"type": 12, "items": [{"media": {"url": f"attachment://{file.filename}"}} for file in files]},
        {"type": 1, "components": buttons[:4]},
        {"type": 1, "components": buttons[4:]},
    ]
    return [{"type": 17, "accent_color": 0x2ECC71, "components": parts}]


@asynccontextmanager
async def _bare(texts: list[str]) -> AsyncGenerator[str]:
    """Serve the words alone."""
    body = "".join(f"<article><p>{escape(text)}</p></article>" for text in texts)

    async def index(request: web.Request) -> web.Response:
        return web.Response(text=f"<!doctype html><title>bare</title>{body}", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", index)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/"
    finally:
        await runner.cleanup()


async def _loaded(browser: Browser, url: str) -> tuple[float, float]:
    """Load a page; when it first showed something, and when everything stood there. Seconds from the request."""
    async with await browser.new_context() as context:
        tab = await context.new_page()
        await tab.goto(url, wait_until="commit")
        drawn: float = await tab.evaluate(ALL_DRAWN)
        first: float = await tab.evaluate(FIRST_PAINT)
        return first / 1000, drawn / 1000


def _medians(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    return median(first for first, _ in pairs), median(drawn for _, drawn in pairs)
