"""A shared clip and the best of a week, with a kill before each is known to be posted: one message each for ever."""

import asyncio
from pathlib import Path

import pytest

from sandbox.discord import Message, TextChannel
from tests.e2e.support.delivery import rows
from tests.e2e.support.guild import create_server, gallery, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

STAR = "⭐"


def posts(showcase: TextChannel, beginning: str) -> list[Message]:
    return [message for message in showcase.messages if message.text.startswith(beginning)]


@pytest.mark.slow  # four bots are started, one after the other
async def test_a_shared_clip_is_posted_starred_lifted_once_and_removed_whatever_is_killed(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        showcase, faults = server.guild.text_channel("showcase"), sandbox.discord.faults
        sending = f"/channels/{showcase.id}/messages$"

        go_on = asyncio.Event()
        async with sandbox.bot() as bot:
            rows(
                sandbox,
                "insert into guild (guild_id, showcase_channel_id, updated_ms) values (?, ?, 1)"
                " on conflict (guild_id) do update set showcase_channel_id = excluded.showcase_channel_id",
                server.guild.id,
                showcase.id,
            )
            card = await server.finished_video(clips=2)
            shared = faults.reset_and_do_later("POST", sending, until=go_on)
            asked = await server.mira.select(card, f"more:{job_id(card)}", "share")
            question = await asked.private_reply(30)
            await question.until(lambda message: bool(message.buttons), 30)
            await server.mira.click(question, f"share:{job_id(card)}:2")
            await asyncio.wait_for(shared.hit.wait(), 30)
            await bot.kill()
        go_on.set()
        await sandbox.discord.wait_for(lambda: posts(showcase, "**Film** by"), 30, lambda: "nothing is shared")

        async with sandbox.bot():
            [post] = posts(showcase, "**Film** by")
            await question.until(lambda message: message.text == f"It is in the showcase: {post.link}", 30)
            await post.until(lambda message: STAR in message.reactions, 30)
            assert gallery(post)[0].data == gallery(card)[1].data
            again = await server.mira.select(card, f"more:{job_id(card)}", "share")
            second = await again.private_reply(30)
            await second.until(lambda message: bool(message.buttons), 30)
            await server.mira.click(second, f"share:{job_id(card)}:2")
            await second.until(lambda message: message.text == question.text, 30)
            for member in (server.mira, server.leo, server.ada):
                await member.react(post, STAR)

        rows(sandbox, "update showcase_week set due_ms = 1")
        go_on = asyncio.Event()
        lifted = faults.reset_and_do_later("POST", sending, until=go_on)
        async with sandbox.bot() as bot:
            await asyncio.wait_for(lifted.hit.wait(), 30)
            await bot.kill()
        go_on.set()
        await sandbox.discord.wait_for(lambda: posts(showcase, "**The best"), 30, lambda: "nothing is lifted")

        async with sandbox.bot():
            done = "select count(*) from showcase_week where due_ms is null and message_id is not null"
            async with asyncio.timeout(30):
                while rows(sandbox, done) != [(1,)]:  # noqa: ASYNC110  # the bot writes it
                    await asyncio.sleep(0.1)
            [best] = posts(showcase, "**The best")
            assert f"1. [Film]({post.link}) by {server.mira.mention}, 2 stars" in best.text
            assert posts(showcase, "**Film** by") == [post]

            removing = await server.mira.select(card, f"more:{job_id(card)}", "remove")
            sure = await removing.private_reply(30)
            await sure.until(lambda message: bool(message.buttons), 30)
            await server.mira.click(sure, sure.buttons[0])
            for message in (post, best):
                await message.until(lambda message: message.deleted, 30)
        assert sandbox.discord.violations == []
