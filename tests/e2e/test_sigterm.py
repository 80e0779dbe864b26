"""SIGTERM at a bad moment: the process ends by itself and in time, and hands over what it had in hand."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from sandbox.discord import Interaction
from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.broken_gateway import breakable_gateway
from tests.e2e.support.delivery import fetching, rows, running
from tests.e2e.support.guild import Server, create_server, finished, gallery
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

Moment = Callable[[Server], Awaitable[Interaction]]


async def stopped(bot: BotProcess) -> int | None:
    """Stop a bot and give its exit code; None when it had to be killed.

    That is after 15 seconds: the 10 that are promised, and what a busy machine adds.
    """
    with suppress(TimeoutError):
        return await bot.stop()
    return None


async def asked_for(sandbox: Sandbox, end: str, number: int = 1) -> None:
    """Wait until the provider was asked for so many paths with this end."""
    await sandbox.provider.until(
        lambda fake_provider: sum(r.path.endswith(end) for r in fake_provider.requests) >= number
    )


async def submitting(server: Server) -> Interaction:
    """The provider has taken a job and does not answer."""
    server.sandbox.provider.next_submit(faults.Hang())
    asked = await server.video(clips=1)
    await asked_for(server.sandbox, "/video/submit")
    return asked


async def polling(server: Server) -> Interaction:
    """The provider does not answer a poll."""
    server.sandbox.provider.next_fetch(faults.Hang())
    asked = await server.video(clips=1)
    await asked_for(server.sandbox, "/fetch")
    return asked


async def downloading(server: Server) -> Interaction:
    """The provider's files do not come."""
    server.sandbox.provider.next_download(faults.Hang())
    asked = await server.video(clips=1)
    await asked_for(server.sandbox, ".mp4")
    return asked


async def uploading(server: Server) -> Interaction:
    """Discord does not answer the edit that brings the clips."""
    asked, card, _ = await running(server, clips=1)
    await fetching(server)
    upload = server.sandbox.discord.faults.delay("PATCH", f"/messages/{card.id}", until=asyncio.Event())
    await asyncio.wait_for(upload.hit.wait(), 20)
    return asked


async def without_discord(server: Server) -> Interaction:
    """Discord answers nothing any more, while a job is made and a member asks for another."""
    asked, _, _ = await running(server, clips=1)
    silence = server.sandbox.discord.faults.delay("*", "", until=asyncio.Event(), times=1000)
    await server.video(server.leo, clips=1)
    await asyncio.wait_for(silence.hit.wait(), 20)
    server.sandbox.provider.release()
    await asked_for(server.sandbox, ".mp4")
    return asked


@pytest.mark.parametrize("moment", [submitting, polling, downloading, uploading, without_discord])
async def test_a_bot_that_is_told_to_stop_ends_in_time_and_the_next_one_goes_on(tmp_path: Path, moment: Moment) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked = await moment(server)
            code = await stopped(bot)
            log = bot.log.read_text()
        assert code == 0
        assert rows(sandbox, "select id, lease from job where lease is not null") == []
        assert "Traceback" not in log, log
        sandbox.discord.faults.waiting.clear()
        async with sandbox.bot():
            card = await finished(asked)
            assert len(gallery(card)) == 1
            assert await server.credits() == 22
        assert sandbox.provider.submits == 1


async def test_a_new_bot_works_and_can_be_stopped_while_its_commands_are_not_registered(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked, _, _ = await running(server, clips=1)
            await bot.kill()
        rows(sandbox, "update metadata set value = 'other commands' where name = 'commands'")
        hang = sandbox.discord.faults.delay("PUT", "/commands", until=asyncio.Event(), times=1000)
        sandbox.provider.release()
        async with sandbox.bot() as bot:
            await asyncio.wait_for(hang.hit.wait(), 30)
            await finished(asked)
            code = await stopped(bot)
            log = bot.log.read_text()
        assert code == 0
        assert "Traceback" not in log, log


async def test_a_bot_whose_wire_to_discord_is_dead_ends_in_time(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox, breakable_gateway(sandbox.discord) as connection:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            await sandbox.discord.drop_gateway(resumable=True)
            gateway = sandbox.discord.gateway
            await gateway.wait_for(lambda: gateway.resumes and gateway.ready, 30, lambda: "not resumed")
            await finished(await server.video(clips=1))
            connection.die()
            code = await stopped(bot)
            log = bot.log.read_text()
        assert code == 0
        assert "Traceback" not in log, log
