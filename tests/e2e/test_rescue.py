"""Jobs that nobody can ask about: refunded after the grace, told, listed, adopted late and delivered for free."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from discord.utils import escape_markdown

from sandbox.discord import Interaction, NotOffered
from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.guild import Server, create_server, finished, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox


def grow_old(sandbox: Sandbox, milliseconds: int) -> None:
    """Turn the clock of all jobs back, as if they had been waiting for so long."""
    with closing(sqlite3.connect(sandbox.folder / "animatic.db")) as db, db:
        db.execute(
            "update job set submitted_ms = submitted_ms - ?, due_ms = due_ms - ?, created_ms = created_ms - ?",
            (milliseconds, milliseconds, milliseconds),
        )


async def lose(sandbox: Sandbox, server: Server, bot: BotProcess) -> Interaction:
    """Ask for a film whose submit is accepted but never answered, and that cannot be found."""
    sandbox.provider.settings.list_shows_videos = False
    sandbox.provider.next_submit(faults.ResetAfter())
    asked = await server.video(clips=1)
    await asked.until(lambda message: "has not answered" in message.text, 20)
    return asked


async def refund(sandbox: Sandbox, asked: Interaction) -> None:
    """Wait until the member is told that nobody knows."""
    for _ in range(3):
        grow_old(sandbox, 125_000)
        try:
            await asked.until(lambda message: "never answered" in message.text, 8)
        except TimeoutError:
            continue
        return
    raise AssertionError(asked.describe())


async def say(server: Server, command: str, **options: Any) -> str:
    return await server.private_text(await server.ada.slash(server.channel, f"admin {command}", **options))


async def test_a_lost_submit_is_refunded_told_listed_and_adopted_by_an_admin(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked = await lose(sandbox, server, bot)
            await refund(sandbox, asked)
            assert asked.message is not None
            name = job_id(asked.message)
            assert (
                "TTAPI never answered, so I do not know whether it was made. All 2 credits came back. "
                "If it still comes, it is yours for free."
            ) in asked.message.text
            assert await server.credits() == 24
            assert f"`{name}` by {server.mira.mention}" in await say(server, "unknown")
            told = await say(server, "adopt", job=name, remote_id="not-one-of-theirs")
            assert told.startswith("TTAPI does not know not-one-of-theirs as this job.")
            remote = next(iter(sandbox.provider.jobs))
            assert await say(server, "adopt", job=name, remote_id=remote) == (
                f"Job {name} is {escape_markdown(remote)} at ttapi now; its card goes on."
            )
            await finished(asked)
            assert await server.credits() == 24
            assert await say(server, "unknown") == "No job is in doubt: each one was answered for."
            told = await say(server, "adopt", job=name, remote_id=remote)
            assert (
                told == f"Job {name} is not in doubt here. /admin unknown and /admin undelivered list those that are."
            )
        assert sandbox.provider.submits == 1
        assert sandbox.discord.violations == []


async def test_an_id_of_another_job_is_not_adopted(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            await server.finished_video(clips=1)
            other = next(iter(sandbox.provider.jobs))
            asked = await lose(sandbox, server, bot)
            assert asked.message is not None
            name = job_id(asked.message)
            told = await say(server, "adopt", job=name, remote_id=other)
            assert told.startswith(f"TTAPI does not know {other} as this job.")
            assert await say(server, "giveup", job=name) == (
                f"Job {name} is struck off; its credits are back with {server.mira.mention}."
            )
            await asked.until(lambda message: "All 2 credits came back." in message.text, 10)
            assert await say(server, "unknown") == "No job is in doubt: each one was answered for."


async def test_a_callback_after_the_refund_still_delivers_and_for_free(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.hold = True
        server = create_server(sandbox)
        async with sandbox.bot(called=True) as bot:
            asked = await lose(sandbox, server, bot)
            grow_old(sandbox, 46 * 60_000)
            await refund(sandbox, asked)
            sandbox.provider.release()
            await finished(asked)
            assert await server.credits() == 24
        assert sandbox.provider.submits == 1


async def test_members_may_not_use_admin_commands(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        server = create_server(sandbox)
        async with sandbox.bot():
            with pytest.raises(NotOffered):
                await server.mira.slash(server.channel, "admin unknown")
            for command, options in (
                ("unknown", {}),
                ("adopt", {"job": "x", "remote_id": "y"}),
                ("giveup", {"job": "x"}),
            ):
                asked = await server.mira.slash(server.channel, f"admin {command}", force=True, **options)
                assert await server.private_text(asked) == "Only members with the permission Manage Server may do that."
