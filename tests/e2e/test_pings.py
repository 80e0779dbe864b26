"""Who has waited is told once that their job has ended: a kill may cost a ping, and never makes two."""

import asyncio
from pathlib import Path
from typing import Any

from sandbox.discord import Message
from sandbox.harness import Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import logged, rows
from tests.e2e.support.guild import Server, create_server, finished, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox


async def waited_for(server: Server) -> Message:
    """Ask for a film and let more than 30 seconds have passed while it is being made."""
    asked = await server.video(clips=1)
    card = await asked.until(lambda message: "%" in message.text, 20)
    rows(server.sandbox, "update job set created_ms = created_ms - 31000 where id = ?", job_id(card))
    return card


def pings(server: Server) -> list[Message]:
    return [message for message in server.messages if message.text.startswith(f"<@{server.mira.id}>")]


async def until_told(server: Server, card: Message) -> None:
    await server.sandbox.discord.wait_for(
        lambda: card in [ping.reference for ping in pings(server)], 20, lambda: "nobody was told"
    )


def left(sandbox: Sandbox) -> list[str]:
    """Name the jobs whose pings are still to be sent."""
    return [row[0] for row in rows(sandbox, "select job_id from ping")]


async def test_a_kill_around_a_ping_never_makes_two(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.hold = True
        server = create_server(sandbox)
        goes_on = asyncio.Event()
        async with sandbox.bot() as bot:
            sandbox.provider.next_submit(faults.FailLater())
            second = await waited_for(server)
            first = await waited_for(server)
            sending = sandbox.discord.faults.delay("POST", f"/channels/{server.channel.id}/messages$", until=goes_on)
            sandbox.provider.release()
            # The one is on its way to Discord and not answered, the other waits for failures to share its message.
            await asyncio.wait_for(sending.hit.wait(), 20)
            async with asyncio.timeout(20):
                while left(sandbox) != [second_id := job_id(second)]:  # noqa: ASYNC110  # the bot is another process
                    await asyncio.sleep(0.05)
            await bot.kill()
        goes_on.set()
        rows(sandbox, "update ping set due_ms = due_ms - 20000 where job_id = ?", second_id)
        async with sandbox.bot() as bot:
            await until_told(server, second)
            sandbox.provider.settings.hold = True
            third = await waited_for(server)
            sandbox.provider.release()
            await until_told(server, third)
            assert await bot.stop() == 0
        told = [ping.reference for ping in pings(server)]
        assert told.count(first) <= 1
        assert told[-2:] == [second, third]
        assert all(ping.pinged.users == [server.mira] for ping in pings(server))
        assert left(sandbox) == []
        assert sandbox.discord.violations == []


async def test_settings_choose_how_one_is_told_and_what_is_made(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.hold = True
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            chosen: list[dict[str, Any]] = [
                {"notify": "direct", "motion": "high", "resolution": "hd"},
                {"clips": "2"},
            ]
            for options in chosen:
                told = await server.private_text(await server.mira.slash(server.channel, "settings", **options))
                assert told.startswith("**Saved.**")
            saved = await server.mira.slash(server.channel, "preset save", name="sea", words="at sea", clips=1)
            assert (await server.private_text(saved)).startswith("**sea**: at sea (1 clip) is saved")
            asked = await server.video(preset="sea")
            card = await asked.until(lambda message: "%" in message.text, 20)
            for words in (
                "high motion, HD, 1 clip, 6 credits",
                "> a paper boat, at sea",
                "Own settings: high motion, HD.",
                "Preset: words, 1 clip.",
            ):
                assert words in card.text
            rows(sandbox, "update job set created_ms = created_ms - 31000")
            sandbox.provider.release()
            await finished(asked)
            direct = server.mira.direct
            await sandbox.discord.wait_for(lambda: direct.messages, 20, lambda: "nobody was told")
            assert [message.text.partition(": ")[0] for message in direct.messages] == ["Your clip is ready"]
            assert await server.credits() == 18
            # Whoever closed their direct messages hears nothing, and nothing goes wrong.
            direct.closed = True
            sandbox.provider.settings.hold = True
            await waited_for(server)
            sandbox.provider.release()
            await logged(sandbox, "its member is not told of its end")
            assert "Traceback" not in bot.log.read_text()
            assert len(direct.messages) == 1
        assert pings(server) == []
        assert sandbox.discord.violations == []
