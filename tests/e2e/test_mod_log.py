"""A report reaches the moderators' channel and is settled there; a kill loses or keeps what is to be told, once."""

from pathlib import Path

import pytest

from sandbox.discord import Message, Permission, TextChannel
from sandbox.provider.model import faults
from tests.e2e.support.delivery import rows
from tests.e2e.support.guild import Server, create_server, finished, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


def open_log(server: Server) -> TextChannel:
    """Let leo keep order, and name a channel for the mod log."""
    keeper = server.guild.role("keeper", Permission.MANAGE_MESSAGES | Permission.MODERATE_MEMBERS)
    server.guild.members[server.leo.id].give(keeper)
    channel = server.guild.text_channel("mod-log")
    rows(
        server.sandbox,
        """insert into guild (guild_id, mod_log_channel_id, updated_ms) values (?, ?, 0)
           on conflict (guild_id) do update set mod_log_channel_id = excluded.mod_log_channel_id""",
        server.guild.id,
        channel.id,
    )
    return channel


async def report(server: Server, card: Message) -> None:
    opened = await server.ada.menu(card, "Report to moderators")
    await opened.answered()
    told = await server.private_text(await server.ada.submit(opened, {"reason": "not nice"}))
    assert told.startswith("The moderators are told")


async def told(server: Server, channel: TextChannel, words: str) -> Message:
    """Wait until the mod log says something."""

    def found() -> Message | None:
        return next((message for message in channel.messages if words in message.text), None)

    return await server.sandbox.discord.wait_for(found, 30, lambda: f"{words} is not told")


async def test_a_report_is_read_removed_and_told_of(server: Server) -> None:
    log = open_log(server)
    card = await server.finished_video(clips=1)
    job = job_id(card)
    await report(server, card)
    message = await told(server, log, f"**Report** by <@{server.ada.id}>: [job {job}]")
    await server.leo.click(message, f"report:remove:{job}:{server.ada.id}")
    await message.until(lambda shown: f"Removed by <@{server.leo.id}>." in shown.text, 20)
    await told(server, log, f"<@{server.leo.id}> removed job `{job}` of <@{server.mira.id}>.")
    await server.sandbox.discord.wait_for(lambda: card.deleted, 20, lambda: "the card is still there")


async def test_the_owner_hears_at_once_that_an_account_is_empty_and_hears_it_once(server: Server) -> None:
    for _ in range(2):
        server.sandbox.provider.next_submit(faults.Status(402, "quota is used up"))
        await server.video(clips=1)
    direct = server.ada.direct
    await server.sandbox.discord.wait_for(lambda: direct.messages, 30, lambda: "the owner was told nothing")
    assert "jobs cannot be made" in direct.messages[0].text
    assert len(direct.messages) == 1


@pytest.mark.slow  # it starts two bots
async def test_what_was_to_be_told_outlives_a_kill_and_is_told_once(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            log = open_log(server)
            card = await finished(await server.video(clips=1))
            await report(server, card)
            await bot.kill()
        assert log.messages == []
        async with sandbox.bot():
            await told(server, log, "**Report**")
            await server.quota("grant", member=server.mira, credits=8)
            await told(server, log, f"gave <@{server.mira.id}> 8 credits on top")
        assert [message.text for message in log.messages if "**Report**" in message.text] == [log.messages[0].text]
