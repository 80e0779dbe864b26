"""The bot's process as people on the page see it: one at a time, and every end is told with its reason.

The first test starts it as the page does; the others fork theirs, which saves its imports.
"""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest_asyncio

from sandbox import harness
from sandbox.harness import Sandbox
from sandbox.web.bot_supervisor import BotSupervisor
from tests.support.fork_server import start_sandbox


@pytest_asyncio.fixture
async def sandbox(tmp_path: Path) -> AsyncGenerator[Sandbox]:
    async with start_sandbox(tmp_path) as sandbox:
        yield sandbox


def bots(sandbox: Sandbox) -> int:
    """Count the processes that work in a sandbox's folder."""
    return _folders().count(sandbox.folder.resolve())


def _folders() -> list[Path]:
    found: list[Path] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found.append((process / "cwd").readlink())
        except OSError:
            continue
    return found


async def until(supervisor: BotSupervisor, state: str) -> None:
    changed = asyncio.Event()
    unwatch = supervisor.watch(changed.set)
    async with asyncio.timeout(30):
        while supervisor.state != state:
            await changed.wait()
            changed.clear()
    unwatch()


async def test_a_start_ends_with_a_connected_healthy_bot_and_each_step_is_told(tmp_path: Path) -> None:
    async with harness.start_sandbox(tmp_path) as sandbox, BotSupervisor(sandbox) as supervisor:
        told: list[tuple[str, int | None]] = []
        supervisor.watch(lambda: told.append((supervisor.state, supervisor.pid)))
        assert (supervisor.state, supervisor.pid) == ("stopped", None)
        assert await supervisor.start()
        pid = supervisor.pid
        assert pid is not None
        assert told == [("starting", None), ("starting", pid), ("running", pid)]
        assert supervisor.say == f"The bot runs as process {pid}."
        assert sandbox.discord.gateway.ready
        assert sandbox.discord.commands.listed()
    assert told[-1] == ("stopped", None)
    assert supervisor.say == "The bot was stopped."
    assert bots(sandbox) == 0


async def test_two_presses_at_once_start_one_bot(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as supervisor:
        assert await asyncio.gather(supervisor.start(), supervisor.start()) == [True, True]
        assert bots(sandbox) == 1
        first = supervisor.pid
        assert await asyncio.gather(supervisor.restart(), supervisor.restart()) == [True, True]
        assert bots(sandbox) == 1
        assert supervisor.pid != first
        assert sandbox.discord.gateway.identifies == 2


async def test_a_killed_bot_stays_dead_until_it_is_started_and_is_found_at_the_same_address(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as supervisor, aiohttp.ClientSession() as outside:
        await supervisor.start()
        first, addresses = supervisor.pid, _listening(sandbox)
        await supervisor.kill()
        assert (supervisor.state, supervisor.pid, bots(sandbox)) == ("stopped", None, 0)
        assert "killed" in supervisor.say
        await supervisor.kill()
        assert await supervisor.start()
        assert supervisor.pid != first
        assert len(addresses) == 1
        assert set(_listening(sandbox)) == set(addresses)
        async with outside.get(f"http://127.0.0.1:{addresses[0]}/healthz") as answer:
            assert answer.status == 200


def _listening(sandbox: Sandbox) -> list[str]:
    return [line.rsplit(" ", 1)[1] for line in sandbox.log.read_text().splitlines() if "listening on" in line]


async def test_a_kill_while_it_starts_is_no_failure_to_start(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as supervisor:
        starting = asyncio.create_task(supervisor.start())
        await until(supervisor, "starting")
        await supervisor.kill()
        assert await starting is False
        assert (supervisor.state, bots(sandbox)) == ("stopped", 0)
        assert "was killed" in supervisor.say


async def test_a_bot_that_ends_by_itself_is_told_of_with_its_last_words(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as supervisor:
        await supervisor.start()
        with sandbox.log.open("a") as log:
            log.write(f"no more room for {sandbox.discord.token}\n\n")
        os.kill(supervisor.pid or 0, signal.SIGKILL)
        await until(supervisor, "stopped")
        assert supervisor.say == "The bot ended by itself, by signal SIGKILL. Its last words: no more room for …"
        assert await supervisor.start()


async def test_a_bot_that_cannot_start_says_why_and_starts_once_that_is_mended(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as supervisor:
        sandbox.settings["POLL_SECONDS"] = "soon"
        assert await supervisor.start() is False
        assert supervisor.state == "stopped"
        assert supervisor.say.startswith("The bot could not start: it ended before it was connected. Its last words: ")
        assert "POLL_SECONDS" in supervisor.say
        del sandbox.settings["POLL_SECONDS"]
        assert await supervisor.start()
