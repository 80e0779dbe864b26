"""A database that somebody else keeps locked for longer than we wait: told in a sentence, and nothing is lost by it."""

import re
from pathlib import Path

from sandbox.provider.model import faults
from tests.e2e.support.database_lock import locked
from tests.e2e.support.delivery import logged, rows, running
from tests.e2e.support.guild import create_server, finished
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

PATIENCE = 90
"""Seconds: each write waits 10 s for the lock, one after the other."""


def last_words(log: str) -> set[str]:
    """Give the line that each traceback ends with."""
    return set(re.findall(r"^Traceback .*\n(?:[ \t].*\n)*(\S.*)$", log, re.MULTILINE))


async def test_while_the_database_is_locked_nothing_is_charged_and_nothing_running_is_lost(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked, card, job = await running(server, clips=1)
            asked_before = sandbox.provider.requests.position
            sandbox.provider.next_fetch(faults.Slow(1))
            [(_, poll), *_] = await sandbox.provider.until(
                lambda fake_provider: fake_provider.requests.since(asked_before)
            )
            with locked(tmp_path / "animatic.db"):
                # What this poll says is not written down; the job is asked for again.
                await sandbox.provider.until(lambda _: poll.status)
                sandbox.provider.release()
                refused = await server.video(server.leo, clips=1)
                told = await refused.private_reply(PATIENCE)
                assert told.text.startswith("Something went wrong on my side. Nothing was charged.")
                assert refused.message is None
                assert server.channel.messages == [card]
                assert await server.credits(server.leo) == 24
                await logged(sandbox, f"job {job}: the step for running failed", timeout=PATIENCE)
            await asked.until(lambda message: message.buttons, 40)
            await finished(await server.video(server.leo, clips=1))
            assert (await server.credits(), await server.credits(server.leo)) == (22, 22)
            log = bot.log.read_text()
        assert sandbox.provider.submits == 2
        assert last_words(log) == {
            "sqlite3.OperationalError: database is locked",
            "bot.errors.DatabaseBusy: database is locked",
        }
        lines = rows(sandbox, "select kind, amount from ledger where job_id = ? order by id", job)
        assert lines == [("reserve", 2), ("settle", 0)]
        assert sandbox.discord.violations == []


async def test_the_providers_answer_that_comes_while_the_database_is_locked_is_not_lost(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        # Nobody but the process that holds it knows the id: no callback, and no list to look it up in.
        sandbox.provider.settings.list_shows_videos = False
        sandbox.provider.next_submit(faults.Slow(1))
        async with sandbox.bot():
            asked = await server.video(clips=1)
            await sandbox.provider.until(lambda fake_provider: fake_provider.submits == 1)
            with locked(tmp_path / "animatic.db"):
                await logged(sandbox, "could not be written down, trying again", timeout=PATIENCE)
            await asked.until(lambda message: message.buttons, PATIENCE)
            assert await server.credits() == 22
        assert sandbox.provider.submits == 1
