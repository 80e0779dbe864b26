"""The bot's process as people on the page see it: one at a time, and every end is told with its reason."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest_asyncio

from sandbox.harness import Sandbox, start_sandbox
from sandbox.web.bot_supervisor import BotSupervisor


@pytest_asyncio.fixture
async def sandbox(tmp_path: Path) -> AsyncGenerator[Sandbox]:
    async with start_sandbox(tmp_path) as sandbox:
        yield sandbox


def bots(sandbox: Sandbox) -> int:
    """Count the processes that run on a sandbox."""
    mine = f"{sandbox.folder}".encode()
    return sum(mine in environ for environ in _environments())


def _environments() -> list[bytes]:
    found: list[bytes] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found.append((process / "environ").read_bytes())
        except OSError:
            continue
    return found


async def until(keeper: BotSupervisor, state: str) -> None:
    changed = asyncio.Event()
    unwatch = keeper.watch(changed.set)
    async with asyncio.timeout(30):
        while keeper.state != state:
            await changed.wait()
            changed.clear()
    unwatch()


async def test_a_start_ends_with_a_connected_healthy_bot_and_each_step_is_told(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as keeper:
        told: list[tuple[str, int | None]] = []
        keeper.watch(lambda: told.append((keeper.state, keeper.pid)))
        assert (keeper.state, keeper.pid) == ("stopped", None)
        assert await keeper.start()
        pid = keeper.pid
        assert pid is not None
        assert told == [("starting", None), ("starting", pid), ("running", pid)]
        assert keeper.say == f"The bot runs as process {pid}."
        assert sandbox.discord.gateway.ready
        assert sandbox.discord.commands.listed()
    assert told[-1] == ("stopped", None)
    assert keeper.say == "The bot was stopped."
    assert bots(sandbox) == 0


async def test_two_presses_at_once_start_one_bot(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as keeper:
        assert await asyncio.gather(keeper.start(), keeper.start()) == [True, True]
        assert bots(sandbox) == 1
        first = keeper.pid
        assert await asyncio.gather(keeper.restart(), keeper.restart()) == [True, True]
        assert bots(sandbox) == 1
        assert keeper.pid != first
        assert sandbox.discord.gateway.identifies == 2


async def test_a_killed_bot_stays_dead_until_it_is_started_and_is_found_at_the_same_address(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as keeper, aiohttp.ClientSession() as outside:
        await keeper.start()
        first, addresses = keeper.pid, _listening(sandbox)
        await keeper.kill()
        assert (keeper.state, keeper.pid, bots(sandbox)) == ("stopped", None, 0)
        assert "killed" in keeper.say
        await keeper.kill()
        assert await keeper.start()
        assert keeper.pid != first
        assert len(addresses) == 1
        assert set(_listening(sandbox)) == set(addresses)
        async with outside.get(f"http://127.0.0.1:{addresses[0]}/healthz") as answer:
            assert answer.status == 200


def _listening(sandbox: Sandbox) -> list[str]:
    return [line.rsplit(" ", 1)[1] for line in sandbox.log.read_text().splitlines() if "listening on" in line]


async def test_a_kill_while_it_starts_is_no_failure_to_start(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as keeper:
        starting = asyncio.create_task(keeper.start())
        await until(keeper, "starting")
        await keeper.kill()
        assert await starting is False
        assert (keeper.state, bots(sandbox)) == ("stopped", 0)
        assert "was killed" in keeper.say


async def test_a_bot_that_ends_by_itself_is_told_of_with_its_last_words(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as keeper:
        await keeper.start()
        with sandbox.log.open("a") as log:
            log.write(f"no more room for {sandbox.discord.token}\n\n")
        os.kill(keeper.pid or 0, signal.SIGKILL)
        await until(keeper, "stopped")
        assert keeper.say == "The bot ended by itself, by signal SIGKILL. Its last words: no more room for …"
        assert await keeper.start()


async def test_a_bot_that_cannot_start_says_why_and_starts_once_that_is_mended(sandbox: Sandbox) -> None:
    async with BotSupervisor(sandbox) as keeper:
        sandbox.settings["POLL_SECONDS"] = "soon"
        assert await keeper.start() is False
        assert keeper.state == "stopped"
        assert keeper.say.startswith("The bot could not start: it ended before it was connected. Its last words: ")
        assert "POLL_SECONDS" in keeper.say
        del sandbox.settings["POLL_SECONDS"]
        assert await keeper.start()
