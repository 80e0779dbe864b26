"""SIGTERM at a bad moment: the process ends by itself and in time, and hands over what it had in hand."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from sandbox.discord import Interaction
from sandbox.harness import BotProcess, Stage, set_stage
from sandbox.provider.model import faults
from tests.e2e.delivering import fetching, rows, running
from tests.e2e.scene import Scene, films, finished, set_scene
from tests.e2e.test_restart import hasten
from tests.e2e.wire import wired

Moment = Callable[[Scene], Awaitable[Interaction]]


async def stopped(bot: BotProcess) -> int | None:
    """Stop a bot and give its exit code; None when it had to be killed.

    That is after 15 seconds: the 10 that are promised, and what a busy machine adds.
    """
    with suppress(TimeoutError):
        return await bot.stop()
    return None


async def asked_for(stage: Stage, end: str, number: int = 1) -> None:
    """Wait until the studio was asked for so many paths with this end."""
    await stage.studio.until(lambda studio: sum(r.path.endswith(end) for r in studio.requests) >= number)


async def submitting(scene: Scene) -> Interaction:
    """The provider has taken a job and does not answer."""
    scene.stage.studio.next_submit(faults.Hang())
    asked = await scene.video(clips=1)
    await asked_for(scene.stage, "/video/submit")
    return asked


async def polling(scene: Scene) -> Interaction:
    """The provider does not answer a poll."""
    scene.stage.studio.next_fetch(faults.Hang())
    asked = await scene.video(clips=1)
    await asked_for(scene.stage, "/fetch")
    return asked


async def downloading(scene: Scene) -> Interaction:
    """The provider's files do not come."""
    scene.stage.studio.next_download(faults.Hang())
    asked = await scene.video(clips=1)
    await asked_for(scene.stage, ".mp4")
    return asked


async def uploading(scene: Scene) -> Interaction:
    """Discord does not answer the edit that brings the clips."""
    asked, card, _ = await running(scene, clips=1)
    await fetching(scene)
    upload = scene.stage.discord.faults.delay("PATCH", f"/messages/{card.id}", until=asyncio.Event())
    await asyncio.wait_for(upload.hit.wait(), 20)
    return asked


async def without_discord(scene: Scene) -> Interaction:
    """Discord answers nothing any more, while a job is made and a member asks for another."""
    asked, _, _ = await running(scene, clips=1)
    silence = scene.stage.discord.faults.delay("*", "", until=asyncio.Event(), times=1000)
    await scene.video(scene.leo, clips=1)
    await asyncio.wait_for(silence.hit.wait(), 20)
    scene.stage.studio.release()
    await asked_for(scene.stage, ".mp4")
    return asked


@pytest.mark.parametrize("moment", [submitting, polling, downloading, uploading, without_discord])
async def test_a_bot_that_is_told_to_stop_ends_in_time_and_the_next_one_goes_on(tmp_path: Path, moment: Moment) -> None:
    async with set_stage(tmp_path) as stage:
        hasten(stage)
        scene = set_scene(stage)
        async with stage.bot() as bot:
            asked = await moment(scene)
            code = await stopped(bot)
            log = bot.log.read_text()
        assert code == 0
        assert rows(stage, "select id, lease from job where lease is not null") == []
        assert "Traceback" not in log, log
        stage.discord.faults.waiting.clear()
        async with stage.bot():
            card = await finished(asked)
            assert len(films(card)) == 1
            assert await scene.credits() == 22
        assert stage.studio.submits == 1


async def test_a_new_bot_works_and_can_be_stopped_while_its_commands_are_not_registered(tmp_path: Path) -> None:
    async with set_stage(tmp_path) as stage:
        hasten(stage)
        scene = set_scene(stage)
        async with stage.bot() as bot:
            asked, _, _ = await running(scene, clips=1)
            await bot.kill()
        rows(stage, "update fact set value = 'other commands' where name = 'commands'")
        hang = stage.discord.faults.delay("PUT", "/commands", until=asyncio.Event(), times=1000)
        stage.studio.release()
        async with stage.bot() as bot:
            await asyncio.wait_for(hang.hit.wait(), 30)
            await finished(asked)
            code = await stopped(bot)
            log = bot.log.read_text()
        assert code == 0
        assert "Traceback" not in log, log


async def test_a_bot_whose_wire_to_discord_is_dead_ends_in_time(tmp_path: Path) -> None:
    async with set_stage(tmp_path) as stage, wired(stage.discord) as wire:
        hasten(stage)
        scene = set_scene(stage)
        async with stage.bot() as bot:
            await stage.discord.drop_gateway(resumable=True)
            gateway = stage.discord.gateway
            await gateway.wait_for(lambda: gateway.resumes and gateway.ready, 30, lambda: "not resumed")
            await finished(await scene.video(clips=1))
            wire.die()
            code = await stopped(bot)
            log = bot.log.read_text()
        assert code == 0
        assert "Traceback" not in log, log
