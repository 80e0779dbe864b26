"""A mod log is written in its channel, many events a message; where it cannot be, the owner is told instead."""

from typing import Any

import pytest
import pytest_asyncio

from bot.domain.log_turns import OWNER_GATHER_MS, PACE_MS, Batch
from bot.domain.mod_log import GATHER_MS, EventKind
from bot.publisher.log_sender import LogSender
from sandbox.discord import Message, Permission, TextChannel
from tests.unit.publisher.conftest import Publishing

MINUTE_MS = 60_000

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def log_channel(publishing: Publishing) -> TextChannel:
    """Name a channel for the server's mod log."""
    channel = publishing.server.guild.text_channel("mod-log")
    await name_log(publishing, channel.id)
    return channel


async def name_log(publishing: Publishing, channel_id: int) -> None:
    async with publishing.server.db.database.transaction() as tx:
        await tx.fetch(
            "insert into guild (guild_id, mod_log_channel_id, updated_ms) values ($1, $2, 0)",
            publishing.server.guild.id,
            channel_id,
        )


async def happen(publishing: Publishing, job: str = "abc", **data: Any) -> None:
    server = publishing.server
    told = {"by": server.ada.id, "jobs": [job], "member": server.mira.id, "reason": None, **data}
    await server.db.store.mod_log.add(server.guild.id, EventKind.REMOVED, told, server.db.now)


async def run_dry(publishing: Publishing, account: str) -> None:
    """Let a job of the server find the account at a provider empty."""
    server = publishing.server
    await server.db.store.provider_health.block_account(
        account, "insufficient_balance", server.db.now, guild_id=server.guild.id, now_ms=server.db.now
    )


async def write(publishing: Publishing, after_ms: int = GATHER_MS) -> list[Batch]:
    """Let a while pass, and the log be written; gives what was taken of this server."""
    server = publishing.server
    server.db.now += after_ms
    sender = LogSender(server.client, server.db.store, publishing.clock)
    taken = await server.db.store.mod_log.take(server.db.now)
    for batch in taken:
        if await sender.send(batch):
            await server.db.store.mod_log.told(batch)
    return [batch for batch in taken if batch.guild_id == server.guild.id]


def letters(publishing: Publishing) -> list[Message]:
    return publishing.server.ada.direct.messages


async def test_what_happens_together_is_one_message_that_pings_nobody(
    publishing: Publishing, log_channel: TextChannel
) -> None:
    await happen(publishing, "job1")
    publishing.server.db.now += 1
    await happen(publishing, "job2", reason="@everyone")
    await write(publishing)
    [message] = log_channel.messages
    ada, mira = publishing.server.ada, publishing.server.mira
    assert message.text == (
        f"<@{ada.id}> removed job `job1` of <@{mira.id}>.\n"
        f"<@{ada.id}> removed job `job2` of <@{mira.id}>. Reason: \\@everyone"
    )
    assert message.pinged.users == []
    assert not message.pinged.everyone


async def test_a_message_whose_answer_is_lost_is_sent_once(
    publishing: Publishing, log_channel: TextChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.publisher.log_sender.PAUSES_SECONDS", (0.0, 0.0))
    faults = publishing.server.discord.faults
    faults.reset("POST", f"/channels/{log_channel.id}/messages", when="after")
    await happen(publishing)
    await write(publishing)
    assert len(log_channel.messages) == 1
    await write(publishing, PACE_MS)
    assert len(log_channel.messages) == 1


async def test_what_discord_does_not_take_is_sent_later_once(
    publishing: Publishing, log_channel: TextChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.publisher.log_sender.PAUSES_SECONDS", ())
    publishing.server.discord.faults.reset("POST", f"/channels/{log_channel.id}/messages", when="before")
    await happen(publishing)
    await write(publishing)
    assert log_channel.messages == []
    for _ in range(2):
        await write(publishing, MINUTE_MS)
    assert len(log_channel.messages) == 1


async def test_reports_that_stand_there_are_not_sent_again_by_who_died_before_they_wrote_that_down(
    publishing: Publishing, log_channel: TextChannel
) -> None:
    job, server = await publishing.running(), publishing.server
    await server.db.store.reports.add(job, server.leo.id, "not nice", server.db.now)
    server.db.now += GATHER_MS
    [batch] = [one for one in await server.db.store.mod_log.take(server.db.now) if one.guild_id == server.guild.id]
    assert await LogSender(server.client, server.db.store, publishing.clock).send(batch)
    server.discord.advance(3600)
    [again] = await write(publishing, MINUTE_MS)
    assert (again.events, again.tries) == (batch.events, 1)
    assert len(log_channel.messages) == 1
    assert await write(publishing, 60 * MINUTE_MS) == []


async def test_reports_are_drawn_with_their_link_and_buttons(publishing: Publishing, log_channel: TextChannel) -> None:
    job, server = await publishing.running(), publishing.server
    await server.db.store.reports.add(job, server.leo.id, "not *nice*", server.db.now)
    await write(publishing)
    [message] = log_channel.messages
    link = f"https://discord.com/channels/{server.guild.id}/{publishing.channel.id}/{job.message_id}"
    assert message.text == (
        f"**Report** by <@{server.leo.id}>: [job {job.id}]({link}) of <@{server.mira.id}>\n> not \\*nice\\*"
    )
    assert [(one.label, one.custom_id) for one in message.buttons] == [
        ("Remove", f"report:remove:{job.id}:{server.leo.id}"),
        ("Block", f"report:block:{job.id}:{server.leo.id}"),
        ("Dismiss", f"report:dismiss:{job.id}:{server.leo.id}"),
    ]


async def test_where_the_channel_is_gone_the_owner_is_told(publishing: Publishing, log_channel: TextChannel) -> None:
    log_channel.delete()
    await happen(publishing)
    await write(publishing)
    assert letters(publishing) == []
    await write(publishing, OWNER_GATHER_MS - GATHER_MS - 1)
    for _ in range(2):
        await write(publishing, PACE_MS)
    [letter] = letters(publishing)
    assert "removed job `abc`" in letter.text
    assert letter.text.endswith("name another in **/setup**.")


async def test_where_the_channel_cannot_be_written_in_the_owner_hears_at_once_what_stops_all_jobs(
    publishing: Publishing, log_channel: TextChannel
) -> None:
    log_channel.set_overwrite(publishing.server.guild.everyone, deny=Permission.SEND_MESSAGES)
    await run_dry(publishing, "ttapi")
    await write(publishing)
    await write(publishing, PACE_MS)
    [letter] = letters(publishing)
    assert letter.text.startswith(f"**{publishing.server.guild.name}: jobs cannot be made**\n- **The account at TTAPI")
    assert log_channel.messages == []


async def test_without_a_channel_the_owner_gets_one_message_a_day(publishing: Publishing) -> None:
    for number in range(30):
        await happen(publishing, f"job{number}")
        await write(publishing, 60_000)
    assert len(letters(publishing)) == 1
    await write(publishing, 24 * 3_600_000)
    [_, second] = letters(publishing)
    assert second.text.count("removed job") >= 15


async def test_an_owner_who_takes_no_messages_is_no_error(publishing: Publishing) -> None:
    publishing.server.discord.faults.status("POST", "/channels/[0-9]+/messages", 403)
    await run_dry(publishing, "acedata")
    await write(publishing)
    assert letters(publishing) == []


async def test_50_reports_and_500_events_in_a_minute_stay_within_discords_limits(
    publishing: Publishing, log_channel: TextChannel
) -> None:
    server = publishing.server
    server.discord.knobs.enforce_rate_limits = True
    jobs = [await server.db.receive(guild=server.guild.id, user=server.mira.id) for _ in range(50)]
    for number in range(500):
        await happen(publishing, f"event{number}")
        if number % 10 == 0:
            await server.db.store.reports.add(jobs[number // 10], server.leo.id, "*" * 300, server.db.now)
        server.db.now += 120
    since = len(server.discord.requests)
    try:
        while await write(publishing, PACE_MS):
            server.discord.advance(PACE_MS / 1000)
    finally:
        server.discord.knobs.enforce_rate_limits = False
    messages = log_channel.messages
    told = "\n".join(message.text for message in messages)
    assert all(told.count(f"`event{number}`") == 1 for number in range(500))
    assert all(told.count(f"[job {job.id}]") == 1 for job in jobs)
    assert len(messages) <= 30
    assert all(sixth.created_at - first.created_at >= 5 for first, sixth in zip(messages, messages[5:], strict=False))
    assert 429 not in [request.status for request in server.discord.requests[since:]]
    assert server.discord.violations == []
