"""A member is forgotten by two clicks, also by a bot that was killed in the middle, and finds no new allowance."""

import asyncio
from pathlib import Path

import pytest

from sandbox.discord import Message
from sandbox.harness import Sandbox
from tests.e2e.support.delivery import ours
from tests.e2e.support.guild import Server, create_server, finished, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def card_of(server: Server) -> Message:
    shown = await (await server.mira.slash(server.channel, "privacy")).private_reply(10)
    await shown.until(lambda message: bool(message.buttons), 10)
    return shown


def kept_of(sandbox: Sandbox, job: str) -> list[Path]:
    """Give the files that are kept of a job."""
    return [path for path in sandbox.folder.rglob("*") if path.is_file() and path.parent.name == job]


async def test_a_kill_in_the_middle_of_forgetting_leaves_nothing_and_the_sums_count_on(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        discord = sandbox.discord
        async with sandbox.bot() as bot:
            card = await finished(await server.video(clips=2), clips=2)
            job = job_id(card)
            fault = discord.faults.status("DELETE", "/messages/", 500)
            shown = await card_of(server)
            await server.mira.click(shown, "privacy:ask")
            await shown.until(lambda message: "for good?" in message.text, 10)
            await server.mira.click(shown, "privacy:forget")
            await shown.until(lambda message: "being forgotten" in message.text, 10)
            await fault.hit.wait()
            await bot.kill()
        assert not card.deleted
        discord.faults.waiting.clear()
        async with sandbox.bot() as bot:
            await discord.wait_for(lambda: card.deleted, 30, card.describe)
            assert ours(server) == []
            assert "no job" in await server.private_text(await server.mira.slash(server.channel, "jobs show", id=job))
            assert await server.credits() == 20
            # Whoever had it in hand is waited for before its row loses the member's id, which takes two minutes.
            async with asyncio.timeout(30):
                while kept_of(sandbox, job):  # noqa: ASYNC110  # another process removes them
                    await asyncio.sleep(0.05)
            assert "Traceback" not in bot.log.read_text()
        assert discord.violations == []
