"""Removed is removed: nothing of a job is left or comes back, whoever is killed meanwhile; what was charged stays."""

from pathlib import Path

import pytest

from sandbox.discord import Message, Permission
from sandbox.harness import Sandbox
from tests.e2e.support.delivery import logged, ours, running
from tests.e2e.support.guild import Server, button, create_server, finished, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def until_nothing_stands(server: Server) -> None:
    """Wait until the bot's messages are gone."""
    await server.sandbox.discord.wait_for(
        lambda: not ours(server), 30, lambda: "\n".join(message.describe() for message in ours(server))
    )


async def removed(server: Server, card: Message) -> None:
    """Let mira choose Remove on her card, and press the button of the question."""
    asked = await server.mira.select(card, f"more:{job_id(card)}", "remove")
    question = await asked.private_reply(10)
    await question.until(lambda message: bool(message.buttons), 10)
    await server.mira.click(question, question.buttons[0])
    await question.until(lambda message: "are being deleted" in message.text, 10)


def make_moderator(server: Server) -> None:
    server.guild.members[server.leo.id].give(server.guild.role("moderators", Permission.MANAGE_MESSAGES))


def kept(sandbox: Sandbox, job: str) -> list[Path]:
    """Give the files that are kept of a job."""
    return [path for path in sandbox.folder.rglob("*") if path.is_file() and path.parent.name == job]


async def test_a_film_goes_with_its_files_and_what_went_on_from_it_keeps_what_it_made(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            card = await finished(await server.video(clips=2), clips=2)
            extended = await finished(await server.leo.click(card, button(card, 2, "low")), clips=2)
            assert card.link in extended.text
            job = job_id(card)
            assert kept(sandbox, job) != []
            await removed(server, card)
            await sandbox.discord.wait_for(lambda: card.deleted, 20, lambda: card.describe())
            await sandbox.discord.wait_for(
                lambda: card.link not in extended.text and "paper" not in extended.text, 20, lambda: extended.text
            )
            assert [media.where for media in extended.media] == ["gallery", "gallery"]
            assert extended.buttons != []
            for asked in (
                await server.mira.slash(server.channel, "jobs show", id=job),
                await server.leo.slash(server.channel, "extend", job=job, clip=1),
            ):
                assert "Nothing" in await server.private_text(asked) or "no job" in await server.private_text(asked)
            await logged(sandbox, f"job {job} is removed", timeout=120)
            assert kept(sandbox, job) == []
            assert await server.credits() == 20
            assert "Traceback" not in bot.log.read_text()
        assert sandbox.discord.violations == []


async def test_a_kill_right_after_a_removal_leaves_nothing_of_what_was_being_made(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        make_moderator(server)
        discord = sandbox.discord
        async with sandbox.bot() as bot:
            _, card, job = await running(server, clips=2)
            fault = discord.faults.status("DELETE", "/messages/", 500)
            asked = await server.leo.slash(server.channel, "mod remove", job=job, reason="spam")
            assert "nobody will see it" in await server.private_text(asked)
            await fault.hit.wait()
            await bot.kill()
        assert not card.deleted
        discord.faults.waiting.clear()
        sandbox.provider.release()
        async with sandbox.bot() as bot:
            await until_nothing_stands(server)
            # Two minutes, where the killed bot had it in hand just then, and else a quarter of one.
            await logged(sandbox, f"job {job} is removed", timeout=180)
            assert kept(sandbox, job) == []
            assert ours(server) == []
            assert await server.credits() == 20
            assert "Traceback" not in bot.log.read_text()
        assert sandbox.provider.submits == 1
        assert discord.violations == []
