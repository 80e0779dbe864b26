"""Places that are gone, closed or out of reach when the result comes: a paid clip reaches its member all the same."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from sandbox.discord import Permission
from sandbox.harness import BotProcess, Sandbox
from tests.e2e.support.delivery import (
    bot_without_errors,
    brought_back,
    expired_tokens,
    running,
    undelivered,
)
from tests.e2e.support.guild import Server, finished, gallery, job_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncGenerator[BotProcess]:
    """Run a bot that the outside can reach."""
    async with bot_without_errors(sandbox, called=True) as bot:
        yield bot


async def test_a_deleted_channel_leaves_the_clips_to_jobs_show(server: Server, bot: BotProcess) -> None:
    thread = server.channel.thread("a thread")
    for place in (thread, server.guild.text_channel("doomed")):
        _, _, job = await running(server, clips=1, channel=place, who=server.leo)
        place.delete()
        server.sandbox.provider.release()
        await undelivered(server, job)
        shown = await finished(await server.leo.slash(server.channel, "jobs show", id=job))
        assert job_id(shown) == job
    assert await server.credits(server.leo) == 20


async def test_an_archived_thread_is_brought_back_for_its_result(server: Server, bot: BotProcess) -> None:
    thread = server.channel.thread("a thread")
    asked, card, job = await running(server, clips=1, channel=thread)
    with expired_tokens(server.sandbox):
        thread.archive()
        server.sandbox.provider.release()
        assert await finished(asked) is card
    assert not thread.archived
    assert thread.messages == [card]
    assert f"job {job}: its thread was archived and is brought back" in bot.log.read_text()


async def test_a_locked_thread_leaves_the_clips_to_jobs_show(server: Server, bot: BotProcess) -> None:
    thread = server.channel.thread("a thread")
    _, card, job = await running(server, clips=1, channel=thread)
    with expired_tokens(server.sandbox):
        thread.archive(locked=True)
        server.sandbox.provider.release()
        await undelivered(server, job)
    assert gallery(card) == []
    assert thread.locked
    await brought_back(server, job)


async def test_a_locked_thread_catches_up_when_it_is_unlocked(server: Server, bot: BotProcess) -> None:
    thread = server.channel.thread("a thread")
    asked, card, job = await running(server, clips=1, channel=thread)
    with expired_tokens(server.sandbox):
        thread.archive(locked=True)
        server.sandbox.provider.release()
        await undelivered(server, job)
        assert gallery(card) == []
        thread.unarchive()
        assert await finished(asked) is card
    assert thread.messages == [card]
    assert job not in await server.private_text(await server.ada.slash(server.channel, "admin undelivered"))


async def test_a_bot_that_was_removed_keeps_the_clips_until_it_is_invited_again(
    server: Server, bot: BotProcess
) -> None:
    _, _, job = await running(server, clips=1)
    with expired_tokens(server.sandbox):
        server.guild.remove_bot()
        server.sandbox.provider.release()
        await undelivered(server, job)
    server.guild.join_bot()
    shown = await brought_back(server, job)
    assert job_id(shown) == job


async def test_without_the_right_to_attach_the_card_says_how_to_get_the_clips(server: Server, bot: BotProcess) -> None:
    _, card, job = await running(server, clips=1)
    server.channel.set_overwrite(server.sandbox.discord.bot_user, deny=Permission.ATTACH_FILES)
    server.sandbox.provider.release()
    await undelivered(server, job)
    assert (
        "I could not attach the clips here. They are paid for and kept: use "
        f"`/jobs show id:{job}` in a channel where I may attach files. That costs nothing."
    ) in card.text
    assert gallery(card) == []
    await brought_back(server, job)


async def test_without_sight_of_the_channel_the_clips_are_left_to_jobs_show(server: Server, bot: BotProcess) -> None:
    _, _, job = await running(server, clips=2)
    with expired_tokens(server.sandbox):
        server.channel.set_overwrite(server.sandbox.discord.bot_user, deny=Permission.VIEW_CHANNEL)
        server.sandbox.provider.release()
        await undelivered(server, job)
    shown = await brought_back(server, job, 2)
    assert job_id(shown) == job
    assert len(gallery(shown)) == 2
