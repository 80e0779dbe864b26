"""A ping reaches one member, once, in the way that they chose; what cannot be reached is left alone."""

import pytest

from bot.domain.job import Job, Kind
from bot.domain.pings import EndedJob, Notify, Ping
from sandbox.discord import Message, Permission
from sandbox.discord.messages import REPLY
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")


def ping_about(publishing: Publishing, job: Job, notify: Notify = Notify.REPLY) -> Ping:
    server = publishing.server
    ended = EndedJob(job.id, Kind.VIDEO, job.message_id, 4, failed=False, shown=True)
    return Ping(server.guild.id, publishing.channel.id, server.mira.id, notify, (ended,))


def said(publishing: Publishing) -> list[Message]:
    return [message for message in publishing.channel.messages if "clips are ready" in message.text]


async def test_a_reply_to_the_card_mentions_its_requester_alone(publishing: Publishing) -> None:
    job = await publishing.running()
    await publishing.publisher.ping(ping_about(publishing, job))
    [message] = said(publishing)
    mira = publishing.server.mira
    assert message.text == f"<@{mira.id}> your 4 clips are ready"
    assert message.pinged.users == [mira]
    assert (message.kind, message.reference) == (REPLY, publishing.card(job))


async def test_where_the_card_is_gone_it_is_said_without_it(publishing: Publishing) -> None:
    job = await publishing.running()
    publishing.server.discord.moderator_deletes(publishing.card(job))
    await publishing.publisher.ping(ping_about(publishing, job))
    [message] = said(publishing)
    assert message.reference is None


async def test_a_ping_whose_answer_is_lost_is_said_once(publishing: Publishing) -> None:
    job, other = await publishing.running(), await publishing.running()
    publishing.server.discord.faults.status("POST", f"/channels/{publishing.channel.id}/messages", 502)
    await publishing.publisher.ping(ping_about(publishing, job))
    assert len(said(publishing)) == 1
    publishing.server.discord.faults.reset("POST", f"/channels/{publishing.channel.id}/messages", when="after")
    await publishing.publisher.ping(ping_about(publishing, other))
    assert len(said(publishing)) == 2


async def test_a_direct_message_links_to_the_card_and_the_channel_hears_nothing(publishing: Publishing) -> None:
    job = await publishing.running()
    await publishing.publisher.ping(ping_about(publishing, job, Notify.DIRECT))
    [message] = publishing.server.mira.direct.messages
    assert message.text == (
        "Your 4 clips are ready: "
        f"https://discord.com/channels/{publishing.server.guild.id}/{publishing.channel.id}/{job.message_id}"
    )
    assert said(publishing) == []
    rows = await publishing.server.db.database.fetch("select * from shown_message where job_id = $1", job.id)
    assert [row["message_id"] for row in rows] == [message.id]


async def test_a_direct_message_about_what_was_removed_meanwhile_goes_again(publishing: Publishing) -> None:
    job = await publishing.running()
    await publishing.server.db.store.removals.strike(job.guild_id, [job.id], 77, "", publishing.server.db.now)
    before = [message.id for message in publishing.server.mira.direct.messages if not message.deleted]
    await publishing.publisher.ping(ping_about(publishing, job, Notify.DIRECT))
    left = [message.id for message in publishing.server.mira.direct.messages if not message.deleted]
    assert left == before


async def test_closed_direct_messages_are_no_error(publishing: Publishing, caplog: pytest.LogCaptureFixture) -> None:
    job = await publishing.running()
    publishing.server.mira.direct.closed = True
    await publishing.publisher.ping(ping_about(publishing, job, Notify.DIRECT))
    assert publishing.server.mira.direct.messages == []
    assert said(publishing) == []
    assert [record.levelname for record in caplog.records if job.id in record.message] in ([], ["INFO"])


async def test_who_wants_to_hear_nothing_hears_nothing(publishing: Publishing) -> None:
    job = await publishing.running()
    await publishing.publisher.ping(ping_about(publishing, job, Notify.NONE))
    assert (said(publishing), publishing.server.mira.direct.messages) == ([], [])


async def test_a_channel_that_the_bot_cannot_write_in_is_left_alone(
    publishing: Publishing, caplog: pytest.LogCaptureFixture
) -> None:
    job = await publishing.running()
    publishing.channel.set_overwrite(publishing.server.discord.bot_user, deny=Permission.SEND_MESSAGES)
    await publishing.publisher.ping(ping_about(publishing, job))
    assert said(publishing) == []
    assert "WARNING" not in [record.levelname for record in caplog.records if job.id in record.message]
