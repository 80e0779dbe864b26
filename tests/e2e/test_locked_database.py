"""A database that somebody else keeps locked for longer than we wait: told in a sentence, and nothing is lost by it."""

import re
from pathlib import Path

from sandbox.harness import set_stage
from sandbox.provider.model import faults
from tests.e2e.delivering import logged, rows, running
from tests.e2e.locking import locked
from tests.e2e.scene import finished, set_scene
from tests.e2e.test_restart import hasten

PATIENCE = 90
"""Seconds: each write waits 10 s for the lock, one after the other."""


def last_words(log: str) -> set[str]:
    """Give the line that each traceback ends with."""
    return set(re.findall(r"^Traceback .*\n(?:[ \t].*\n)*(\S.*)$", log, re.MULTILINE))


async def test_while_the_database_is_locked_nothing_is_charged_and_nothing_running_is_lost(tmp_path: Path) -> None:
    async with set_stage(tmp_path) as stage:
        hasten(stage)
        scene = set_scene(stage)
        async with stage.bot() as bot:
            asked, card, job = await running(scene, clips=1)
            asked_before = len(stage.studio.requests)
            stage.studio.next_fetch(faults.Slow(1))
            [poll, *_] = await stage.studio.until(lambda studio: studio.requests[asked_before:])
            with locked(tmp_path / "animatic.db"):
                # What this poll says is not written down; the job is asked for again.
                await stage.studio.until(lambda _: poll.status)
                stage.studio.release()
                refused = await scene.video(scene.leo, clips=1)
                told = await refused.private_reply(PATIENCE)
                assert told.text.startswith("Something went wrong on my side. Nothing was charged.")
                assert refused.message is None
                assert scene.channel.messages == [card]
                assert await scene.credits(scene.leo) == 24
                await logged(stage, f"job {job}: the step for running failed", timeout=PATIENCE)
            await asked.until(lambda message: message.buttons, 40)
            await finished(await scene.video(scene.leo, clips=1))
            assert (await scene.credits(), await scene.credits(scene.leo)) == (22, 22)
            log = bot.log.read_text()
        assert stage.studio.submits == 2
        assert last_words(log) == {"sqlite3.OperationalError: database is locked"}
        lines = rows(stage, "select kind, amount from ledger where job_id = ? order by id", job)
        assert lines == [("reserve", 2), ("settle", 0)]
        assert stage.discord.violations == []


async def test_the_providers_answer_that_comes_while_the_database_is_locked_is_not_lost(tmp_path: Path) -> None:
    async with set_stage(tmp_path) as stage:
        hasten(stage)
        scene = set_scene(stage)
        # Nobody but the process that holds it knows the id: no callback, and no list to look it up in.
        stage.studio.knobs.list_shows_videos = False
        stage.studio.next_submit(faults.Slow(1))
        async with stage.bot():
            asked = await scene.video(clips=1)
            await stage.studio.until(lambda studio: studio.submits == 1)
            with locked(tmp_path / "animatic.db"):
                await logged(stage, "could not be written down, trying again", timeout=PATIENCE)
            await asked.until(lambda message: message.buttons, PATIENCE)
            assert await scene.credits() == 22
        assert stage.studio.submits == 1
