"""The page that stays up: a server to play with, the bot, and the address to open."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
from collections.abc import Generator

from sandbox.demo.terminal import heading, line
from sandbox.harness import Sandbox
from sandbox.web import Page
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import GuildSetup

QUEUE_SECONDS = 1.0
RUN_SECONDS = 4.0
"""How long a job waits and runs at the provider: long enough to be watched."""


class PortError(Exception):
    """Say in one sentence why the page cannot be where PAGE_PORT wants it."""


def port_wanted() -> int | None:
    """Read PAGE_PORT; None where it says nothing. Raises PortError."""
    named = os.environ.get("PAGE_PORT", "").strip()
    if not named:
        return None
    port = int(named) if named.isascii() and named.isdigit() and len(named) <= 5 else 0
    if not 1 <= port <= 65535:
        raise PortError("PAGE_PORT is no port: give a number from 1 to 65535, or leave it out.")
    return port


async def stay(sandbox: Sandbox, guild_setup: GuildSetup, port: int | None) -> None:
    """Serve the page, with the bot running, until Ctrl-C or until the process is asked to end."""
    sandbox.provider.settings.queue_seconds = QUEUE_SECONDS
    sandbox.provider.settings.run_seconds = RUN_SECONDS
    with _asked_to_end() as ending:
        async with BotSupervisor(sandbox) as supervisor, contextlib.AsyncExitStack() as stack:
            try:
                page = await stack.enter_async_context(Page(sandbox, supervisor, port=port))
            except OSError as error:
                why = "it is taken" if error.errno == errno.EADDRINUSE else f"{error.strerror}"
                raise PortError(f"The page cannot be at port {port}: {why}. Name another one with PAGE_PORT.") from None
            async with asyncio.TaskGroup() as group:
                starting = group.create_task(_start(supervisor, guild_setup, page))
                await ending.wait()
                starting.cancel()


async def _start(supervisor: BotSupervisor, guild_setup: GuildSetup, page: Page) -> None:
    """Start the bot, give people something to spend, and say where to look."""
    if await supervisor.start():
        await _prepare(guild_setup)
    heading("The page", "a Discord to play with, on this machine alone")
    line(supervisor.say)
    line("you are mira, leo or ada there, and behind the scenes you may break things")
    line(f"open {page.url} in a browser; Ctrl-C here ends it")


async def _prepare(guild_setup: GuildSetup) -> None:
    if not guild_setup.guild.has_bot:
        guild_setup.guild.join_bot()
    try:
        await guild_setup.grant_credits()
    except (AssertionError, TimeoutError) as error:
        line(f"ada could not share out credits: {error}")


@contextlib.contextmanager
def _asked_to_end() -> Generator[asyncio.Event]:
    """Give what is set by Ctrl-C and by a request to end, for as long as the block runs."""
    loop, ending = asyncio.get_running_loop(), asyncio.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, ending.set)
    try:
        yield ending
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
