"""*Report to moderators*, and the buttons below a report: who may, and what becomes of it."""

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.blocks import MemberBlock
from bot.domain.job import Job
from bot.domain.log_turns import PACE_MS
from bot.domain.reports import Outcome
from bot.publisher.log_sender import LogSender
from bot.ui.cards import Card, ShownClip, draw
from bot.ui.report_buttons import ReportButton
from sandbox.discord import Message, NotOffered, Permission, TextChannel, User
from tests.support.clock import clock_of
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

REPORT = "Report to moderators"


@pytest_asyncio.fixture(loop_scope="module")
async def log_channel(server: Server) -> TextChannel:
    """Let leo keep order, and name a channel for the mod log."""
    keeper = server.guild.role("keeper", Permission.MANAGE_MESSAGES | Permission.MODERATE_MEMBERS)
    server.guild.members[server.leo.id].give(keeper)
    channel = server.guild.text_channel("mod-log")
    async with server.db.database.transaction() as tx:
        await tx.fetch(
            """insert into guild (guild_id, mod_log_channel_id, updated_ms) values ($1, $2, 0)
               on conflict (guild_id) do update set mod_log_channel_id = excluded.mod_log_channel_id""",
            server.guild.id,
            channel.id,
        )
    return channel


def join(server: Server) -> User:
    ann = server.discord.user(f"ann of {server.guild.id}")
    server.guild.join(ann)
    return ann


async def card_of(server: Server, job: Job) -> Message:
    return await server.card(draw(Card(job, "TTAPI", 8, clips=[ShownClip(slot) for slot in range(4)])))


async def send(server: Server, who: User, message: Message, reason: str = "not nice") -> str:
    opened = await who.menu(message, REPORT)
    await opened.answered()
    assert opened.modal is not None
    return await server.told(await who.submit(opened, {"reason": reason}))


async def reports(server: Server, job: Job) -> list[dict[str, Any]]:
    rows = await server.db.database.fetch("select * from report where job_id = $1 order by user_id", job.id)
    return [dict(row) for row in rows]


async def reported(server: Server, log_channel: TextChannel, *jobs: Job) -> Message:
    """Let mira report jobs, and the mod log tell of it."""
    for job in jobs:
        assert await server.db.store.reports.add(job, server.mira.id, "not nice", server.db.now)
        server.db.now += 1
    sender = LogSender(server.client, server.db.store, clock_of(lambda: server.db.now))
    before = len(log_channel.messages)
    while len(log_channel.messages) == before:
        server.db.now += PACE_MS
        for batch in await server.db.store.mod_log.take(server.db.now):
            assert await sender.send(batch)
            await server.db.store.mod_log.told(batch)
    return log_channel.messages[-1]


async def press(server: Server, who: User, message: Message, outcome: Outcome, job: Job) -> None:
    await who.click(message, ReportButton(outcome, job.id, server.mira.id).custom_id)


async def refused(server: Server, who: User, message: Message, outcome: Outcome, job: Job) -> str:
    pressed = await who.click(message, ReportButton(outcome, job.id, server.mira.id).custom_id, force=True)
    return (await pressed.private_reply(10)).text


async def outcome_of(server: Server, job: Job) -> tuple[str | None, int | None]:
    [row] = await reports(server, job)
    return row["outcome"], row["handled_by"]


async def test_a_report_is_taken_once_from_each_member(server: Server) -> None:
    job = await server.done(server.leo)
    card = await card_of(server, job)
    assert await send(server, server.mira, card) == "The moderators are told; you need not do anything more."
    assert await send(server, server.mira, card) == "You have reported this before; once is enough."
    await send(server, server.ada, card, "me too")
    assert [row["reason"] for row in sorted(await reports(server, job), key=lambda row: row["reason"])] == [
        "me too",
        "not nice",
    ]


async def test_what_is_none_of_ours_is_told_at_once_without_a_form(server: Server) -> None:
    said = await server.leo.say(server.channel, "job 1m7wte9b7e357w")
    asked = await server.mira.menu(said, REPORT)
    assert (await server.told(asked)).startswith("I find no job in that message")
    assert asked.modal is None


async def test_a_job_of_another_server_or_an_unread_thread_cannot_be_reported(server: Server) -> None:
    other = await server.db.done(guild=server.guild.id + 1, user=server.leo.id)
    thread = server.channel.thread("a secret", private=True)
    thread.add(server.leo)
    hidden = await server.done(server.leo, channel_id=thread.id, asked_channel_id=thread.id)
    for job in (other, hidden):
        told = await send(server, server.mira, await card_of(server, job))
        assert told.startswith("I find no job in that message")
        assert await reports(server, job) == []


async def test_a_removed_job_cannot_be_reported(server: Server) -> None:
    job = await server.done(server.leo)
    card = await card_of(server, job)
    await server.db.store.removals.strike(server.guild.id, [job.id], server.ada.id, "", server.db.now)
    assert (await send(server, server.mira, card)).startswith("I find no job in that message")
    assert await reports(server, job) == []


async def test_the_maker_of_a_job_settles_no_report_of_it(server: Server, log_channel: TextChannel) -> None:
    ann = join(server)
    job = await server.done(ann)
    message = await reported(server, log_channel, job)
    told = await refused(server, ann, message, Outcome.DISMISSED, job)
    assert told.startswith("Only members with the permission Manage Messages may do that.")
    assert await outcome_of(server, job) == (None, None)


async def test_a_moderator_who_is_blocked_settles_nothing(server: Server, log_channel: TextChannel) -> None:
    job = await server.done(server.ada)
    message = await reported(server, log_channel, job)
    await server.db.store.member_blocks.put(
        server.guild.id, MemberBlock(server.leo.id, None, "", server.ada.id, server.db.now), server.db.now
    )
    assert "blocked" in await refused(server, server.leo, message, Outcome.DISMISSED, job)
    assert await outcome_of(server, job) == (None, None)


async def test_an_admin_settles_a_report(server: Server, log_channel: TextChannel) -> None:
    job = await server.done(server.leo)
    message = await reported(server, log_channel, job)
    await press(server, server.ada, message, Outcome.DISMISSED, job)
    await message.until(lambda shown: f"Dismissed by <@{server.ada.id}>." in shown.text, 10)


async def test_who_is_blocked_reports_nothing(server: Server) -> None:
    job = await server.done(server.leo)
    card = await card_of(server, job)
    opened = await server.mira.menu(card, REPORT)
    await opened.answered()
    await server.told(await server.ada.slash(server.channel, "mod block", member=server.mira))
    assert "blocked" in await server.told(await server.mira.submit(opened, {"reason": "not nice"}))
    assert "blocked" in await server.told(await server.mira.menu(card, REPORT))
    assert await reports(server, job) == []


async def test_a_moderator_dismisses_a_report_and_its_message_says_so(server: Server, log_channel: TextChannel) -> None:
    job, other = await server.done(server.ada), await server.done(server.ada)
    message = await reported(server, log_channel, job, other)
    await press(server, server.leo, message, Outcome.DISMISSED, job)
    await message.until(lambda shown: f"Dismissed by <@{server.leo.id}>." in shown.text, 10)
    assert len(message.buttons) == 3
    assert await outcome_of(server, job) == ("dismissed", server.leo.id)
    assert await outcome_of(server, other) == (None, None)


async def test_two_reports_of_one_message_that_are_settled_at_once_both_say_so(
    server: Server, log_channel: TextChannel
) -> None:
    jobs = [await server.done(server.ada) for _ in range(4)]
    message = await reported(server, log_channel, *jobs)
    await asyncio.gather(*(press(server, server.leo, message, Outcome.DISMISSED, job) for job in jobs))
    await message.until(lambda shown: shown.text.count("Dismissed by") == 4 and not shown.buttons, 10)


async def test_a_moderator_removes_what_was_reported(server: Server, log_channel: TextChannel) -> None:
    job = await server.done(server.ada)
    message = await reported(server, log_channel, job)
    await press(server, server.leo, message, Outcome.REMOVED, job)
    await message.until(lambda shown: f"Removed by <@{server.leo.id}>." in shown.text, 10)
    [row] = await server.db.database.fetch("select removed_ms from job where id = $1", job.id)
    assert row["removed_ms"] is not None


async def test_a_moderator_blocks_whose_job_was_reported(server: Server, log_channel: TextChannel) -> None:
    ann = join(server)
    job = await server.done(ann)
    message = await reported(server, log_channel, job)
    await press(server, server.leo, message, Outcome.BLOCKED, job)
    await message.until(lambda shown: f"<@{ann.id}> was blocked by <@{server.leo.id}>." in shown.text, 10)
    assert "blocked" in await server.told(await ann.menu(await card_of(server, job), REPORT))


async def test_nobody_blocks_the_servers_owner_by_a_report(server: Server, log_channel: TextChannel) -> None:
    job = await server.done(server.ada)
    message = await reported(server, log_channel, job)
    await refused(server, server.leo, message, Outcome.BLOCKED, job)
    assert await outcome_of(server, job) == (None, None)
    assert len(message.buttons) == 3


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_a_member_settles_nothing(server: Server, log_channel: TextChannel, outcome: Outcome) -> None:
    job = await server.done(server.ada)
    message = await reported(server, log_channel, job)
    told = await refused(server, server.mira, message, outcome, job)
    assert told.startswith("Only members with the permission Manage Messages may do that.")
    assert await outcome_of(server, job) == (None, None)


async def test_who_only_manages_messages_removes_and_blocks_nobody(server: Server, log_channel: TextChannel) -> None:
    ann = join(server)
    server.guild.members[ann.id].give(server.guild.role("half a keeper", Permission.MANAGE_MESSAGES))
    job = await server.done(server.leo)
    message = await reported(server, log_channel, job)
    told = await refused(server, ann, message, Outcome.BLOCKED, job)
    assert told.startswith("Only members with the permission Moderate Members may do that.")
    assert await outcome_of(server, job) == (None, None)
    await press(server, ann, message, Outcome.DISMISSED, job)
    await message.until(lambda shown: f"Dismissed by <@{ann.id}>." in shown.text, 10)


async def test_a_forged_button_on_another_message_or_of_another_server_does_nothing(
    server: Server, log_channel: TextChannel
) -> None:
    job = await server.done(server.ada)
    await reported(server, log_channel, job)
    card = await card_of(server, job)
    before = card.text
    custom_id = ReportButton(Outcome.DISMISSED, job.id, server.mira.id).custom_id
    forged = await server.leo.click(card, custom_id, force=True)
    elsewhere = await server.db.done(guild=server.guild.id + 1)
    await server.db.store.reports.add(elsewhere, server.mira.id, "not nice", server.db.now)
    beside = await server.card(row_of(ReportButton(Outcome.REMOVED, elsewhere.id, server.mira.id)), log_channel)
    assert (await refused(server, server.leo, beside, Outcome.REMOVED, elsewhere)).startswith("I find no job")
    assert await outcome_of(server, elsewhere) == (None, None)
    assert not forged.acknowledged
    assert await outcome_of(server, job) == (None, None)
    assert card.text == before


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_what_its_member_removed_meanwhile_can_still_be_settled(
    server: Server, log_channel: TextChannel, outcome: Outcome
) -> None:
    ann = join(server)
    job = await server.done(ann)
    message = await reported(server, log_channel, job)
    await server.db.store.removals.strike(server.guild.id, [job.id], ann.id, "", server.db.now)
    assert await outcome_of(server, job) == (None, None)
    await press(server, server.leo, message, outcome, job)
    await message.until(lambda shown: not shown.buttons, 10)
    assert await outcome_of(server, job) == (outcome, server.leo.id)


async def test_what_a_moderator_removed_elsewhere_is_told_and_shown(server: Server, log_channel: TextChannel) -> None:
    job = await server.done(server.mira)
    message = await reported(server, log_channel, job)
    await server.db.store.removals.strike(server.guild.id, [job.id], server.ada.id, "", server.db.now)
    told = await refused(server, server.leo, message, Outcome.DISMISSED, job)
    assert told == f"Somebody was faster. Removed by <@{server.ada.id}>."
    await message.until(lambda shown: not shown.buttons, 10)


async def test_who_acts_while_another_settles_is_told_that_both_is_done(
    server: Server, log_channel: TextChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = join(server)
    job = await server.done(ann)
    message = await reported(server, log_channel, job)
    store = server.db.store
    blocks = type(store.member_blocks)
    block = blocks.put

    async def dismissed_meanwhile(*arguments: Any, **named: Any) -> Any:
        found = await store.reports.get(server.guild.id, job.id, server.mira.id)
        assert found is not None
        await store.reports.settle(found, Outcome.DISMISSED, server.ada.id)
        return await block(*arguments, **named)

    monkeypatch.setattr(blocks, "put", dismissed_meanwhile)
    told = await refused(server, server.leo, message, Outcome.BLOCKED, job)
    assert told == f"Somebody was faster. Dismissed by <@{server.ada.id}>. What you chose is done too."
    assert await outcome_of(server, job) == ("dismissed", server.ada.id)


async def test_a_report_is_settled_once(server: Server, log_channel: TextChannel) -> None:
    job = await server.done(server.ada)
    message = await reported(server, log_channel, job)
    await press(server, server.leo, message, Outcome.DISMISSED, job)
    await message.until(lambda shown: not shown.buttons, 10)
    with pytest.raises(NotOffered):
        await press(server, server.ada, message, Outcome.REMOVED, job)


async def forgotten(server: Server, user: User) -> None:
    """Forget a member as the worker does, to the end."""
    work, now = server.db.store.forgettings, server.db.now
    await work.ask(server.guild.id, user.id, now)
    [forgetting] = [one for one in await work.take(9, now, now + 1000) if one.guild_id == server.guild.id]
    hashed = await work.hashed(forgetting)
    while ids := await work.to_remove(forgetting, 9):
        await server.db.store.removals.strike(server.guild.id, ids, hashed, "", now, logged=False)
    await work.rename(forgetting)
    await server.db.db_write("update removal set due_ms = null")
    while await work.let_go(forgetting, 9):
        pass
    assert await work.end(forgetting)


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_who_forgets_themselves_settles_no_report_of_theirs_and_can_be_blocked(
    server: Server, log_channel: TextChannel, outcome: Outcome
) -> None:
    ann = join(server)
    job = await server.done(ann)
    message = await reported(server, log_channel, job)
    await forgotten(server, ann)
    assert await outcome_of(server, job) == (None, None)
    await press(server, server.leo, message, outcome, job)
    await message.until(lambda shown: not shown.buttons, 10)
    assert await outcome_of(server, job) == (outcome, server.leo.id)
    block = await server.db.store.member_blocks.get(server.guild.id, ann.id, server.db.now)
    if outcome is not Outcome.BLOCKED:
        assert block is None
        return
    assert "somebody who was forgotten was blocked by" in message.text
    assert block is not None
    assert block.user_id < 0
    assert "blocked" in await server.told(await ann.menu(await card_of(server, await server.done(server.leo)), REPORT))
    told = await server.db.database.fetch("select data from log_event where kind = 'blocked' order by id desc limit 1")
    assert f'"member":{block.user_id}' in told[0]["data"].replace(" ", "")


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_what_somebody_reported_who_was_forgotten_since_can_be_settled_and_names_nobody(
    server: Server, log_channel: TextChannel, outcome: Outcome
) -> None:
    ann = join(server)
    job, other = await server.done(ann), await server.done(ann)
    message = await reported(server, log_channel, job, other)
    await forgotten(server, server.mira)
    await press(server, server.leo, message, outcome, job)
    await message.until(lambda shown: f"by <@{server.leo.id}>." in shown.text, 10)
    assert f"<@{server.mira.id}>" not in message.text
    assert message.text.count("**Report** by somebody who was forgotten") == 2
    assert "not nice" not in message.text
    # Its buttons have another name now.
    [button] = [one for one in message.buttons if (one.custom_id or "").startswith(f"report:dismiss:{other.id}:-")]
    await server.leo.click(message, button)
    await message.until(lambda shown: not shown.buttons, 10)
    assert await outcome_of(server, other) == ("dismissed", server.leo.id)
    assert not await server.db.store.reports.add(job, server.mira.id, "once more", server.db.now)
