"""Places that are gone, closed or out of reach when the result comes: a paid clip reaches its member all the same."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from sandbox.discord import Permission
from sandbox.harness import BotProcess, Sandbox
from tests.e2e.support.delivery import (
    brought_back,
    no_token,
    running,
    sane_bot,
    undelivered,
)
from tests.e2e.support.guild import Scene, films, finished, job_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncGenerator[BotProcess]:
    """Run a bot that the outside can reach."""
    async with sane_bot(sandbox, called=True) as bot:
        yield bot


async def test_a_deleted_channel_leaves_the_clips_to_jobs_show(scene: Scene, bot: BotProcess) -> None:
    thread = scene.channel.thread("a thread")
    for place in (thread, scene.guild.text_channel("doomed")):
        _, _, job = await running(scene, clips=1, channel=place, who=scene.leo)
        place.delete()
        scene.sandbox.provider.release()
        await undelivered(scene, job)
        shown = await finished(await scene.leo.slash(scene.channel, "jobs show", id=job))
        assert job_id(shown) == job
    assert await scene.credits(scene.leo) == 20


async def test_an_archived_thread_is_brought_back_for_its_result(scene: Scene, bot: BotProcess) -> None:
    thread = scene.channel.thread("a thread")
    asked, card, job = await running(scene, clips=1, channel=thread)
    with no_token(scene.sandbox):
        thread.archive()
        scene.sandbox.provider.release()
        assert await finished(asked) is card
    assert not thread.archived
    assert thread.messages == [card]
    assert f"job {job}: its thread was archived and is brought back" in bot.log.read_text()


async def test_a_locked_thread_leaves_the_clips_to_jobs_show(scene: Scene, bot: BotProcess) -> None:
    thread = scene.channel.thread("a thread")
    _, card, job = await running(scene, clips=1, channel=thread)
    with no_token(scene.sandbox):
        thread.archive(locked=True)
        scene.sandbox.provider.release()
        await undelivered(scene, job)
    assert films(card) == []
    assert thread.locked
    await brought_back(scene, job)


async def test_a_bot_that_was_removed_keeps_the_clips_until_it_is_invited_again(scene: Scene, bot: BotProcess) -> None:
    _, _, job = await running(scene, clips=1)
    with no_token(scene.sandbox):
        scene.guild.remove_bot()
        scene.sandbox.provider.release()
        await undelivered(scene, job)
    scene.guild.join_bot()
    shown = await brought_back(scene, job)
    assert job_id(shown) == job


async def test_without_the_right_to_attach_the_card_says_how_to_get_the_clips(scene: Scene, bot: BotProcess) -> None:
    _, card, job = await running(scene, clips=1)
    scene.channel.set_overwrite(scene.sandbox.discord.bot_user, deny=Permission.ATTACH_FILES)
    scene.sandbox.provider.release()
    await undelivered(scene, job)
    assert (
        "I could not attach the clips here. They are paid for and kept: use "
        f"`/jobs show id:{job}` in a channel where I may attach files. That costs nothing."
    ) in card.text
    assert films(card) == []
    await brought_back(scene, job)


async def test_without_sight_of_the_channel_the_clips_are_left_to_jobs_show(scene: Scene, bot: BotProcess) -> None:
    _, _, job = await running(scene, clips=2)
    with no_token(scene.sandbox):
        scene.channel.set_overwrite(scene.sandbox.discord.bot_user, deny=Permission.VIEW_CHANNEL)
        scene.sandbox.provider.release()
        await undelivered(scene, job)
    shown = await brought_back(scene, job, 2)
    assert job_id(shown) == job
    assert len(films(shown)) == 2
