"""What was made in secret and is shown elsewhere: who reads it there may report it, who moderates there remove it."""

import pytest

from bot.domain.job import Job, Kind
from bot.domain.pings import EndedJob, Notify, Ping
from bot.publisher.pings import PingSender
from bot.ui.cards import Card, ShownClip, draw
from sandbox.discord import Message, Permission, TextChannel
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def made_in_secret(server: Server) -> Job:
    thread = server.channel.thread("a secret", private=True)
    thread.add(server.mira)
    return await server.done(server.mira, channel_id=thread.id, asked_channel_id=thread.id)


async def shown(server: Server, job: Job, channel: TextChannel | None = None) -> Message:
    """Show a job in a channel too, and remember that."""
    card = await server.card(draw(Card(job, "TTAPI", 8, clips=[ShownClip(slot) for slot in range(4)])), channel)
    await server.db.store.shown_messages.add(job.id, (channel or server.channel).id, card.id)
    return card


def make_moderator(server: Server) -> None:
    server.guild.members[server.leo.id].give(server.guild.role("moderators", Permission.MANAGE_MESSAGES))


async def test_who_reads_where_it_is_shown_reports_it(server: Server) -> None:
    job = await made_in_secret(server)
    opened = await server.leo.menu(await shown(server, job), "Report to moderators")
    await opened.answered()
    told = await server.told(await server.leo.submit(opened, {"reason": "not nice"}))
    assert told == "The moderators are told; you need not do anything more."


async def test_who_moderates_where_it_is_shown_learns_who_made_it(server: Server) -> None:
    job = await made_in_secret(server)
    make_moderator(server)
    asked = await server.leo.menu(await shown(server, job), "Who made this?")
    assert f"`{job.id}`" in await server.told(asked)


async def test_who_moderates_where_it_is_shown_removes_it(server: Server) -> None:
    job = await made_in_secret(server)
    make_moderator(server)
    asked = await server.leo.menu(await shown(server, job), "Remove")
    reply = await asked.private_reply(10)
    await reply.until(lambda message: not message.thinking, 10)
    assert reply.text.startswith(f"Remove job `{job.id}` for good?")
    opened = await server.leo.click(reply, f"remove:{job.id}:1")
    await opened.answered()
    await (await server.leo.submit(opened, {"reason": "spam"})).answered()
    await reply.until(lambda message: message.text.startswith("Removed"), 10)
    assert await server.db.store.jobs.get(job.id) is None


async def test_a_direct_message_to_its_member_lets_nobody_else_remove_it(server: Server) -> None:
    job = await made_in_secret(server)
    make_moderator(server)
    ended = EndedJob(job.id, Kind.VIDEO, job.message_id, 4, failed=False, shown=True)
    ping = Ping(server.guild.id, job.channel_id, server.mira.id, Notify.DIRECT, (ended,))
    await PingSender(server.client, server.db.store).send(ping)
    assert server.mira.direct.messages[-1].text.startswith("Your 4 clips are ready")
    told = await server.told(await server.leo.slash(server.channel, "mod remove", job=job.id))
    assert told.startswith(f"There is no job {job.id} here that you may see.")
    assert await server.db.store.jobs.get(job.id) is not None


async def test_a_place_that_they_cannot_read_lets_nobody_report_it(server: Server) -> None:
    job = await made_in_secret(server)
    staff = server.guild.text_channel("staff")
    staff.set_overwrite(server.guild.everyone, deny=Permission.VIEW_CHANNEL)
    await server.db.store.shown_messages.add(job.id, staff.id, 99)
    card = await server.card(draw(Card(job, "TTAPI", 8, clips=[ShownClip(slot) for slot in range(4)])))
    opened = await server.leo.menu(card, "Report to moderators")
    await opened.answered()
    told = await server.told(await server.leo.submit(opened, {"reason": "not nice"}))
    assert told.startswith("I find no job in that message")
