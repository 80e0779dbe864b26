"""What shows a removed job is found and deleted: its card, results, pings and films, and nothing of anybody else."""

import discord
import pytest

from bot.domain.job import Job
from bot.errors import CardError
from bot.publisher.discord_messages import CardApi
from bot.publisher.removed_messages import RemovedMessages
from sandbox.discord import Permission
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")


def messages_of(publishing: Publishing) -> RemovedMessages:
    client = publishing.server.client
    return RemovedMessages(client, CardApi(client, publishing.clock), publishing.clock)


async def done(publishing: Publishing) -> Job:
    """Bring a job to its end, its clip on its card, at the present of the local Discord."""
    job = await publishing.ready([1000])
    assert await publishing.publisher.deliver(job)
    now_ms = int(discord.utils.utcnow().timestamp() * 1000)
    await publishing.server.db.db_write("update job set finished_ms = $2 where id = $1", job.id, now_ms)
    return await publishing.server.db.get(job.id)


async def test_a_message_is_deleted_and_one_that_is_gone_is_no_error(publishing: Publishing) -> None:
    job, messages = await done(publishing), messages_of(publishing)
    card = publishing.card(job)
    for _ in range(2):
        await messages.delete(job, publishing.channel.id, card.id)
    assert card.deleted
    await messages.delete(job, 1, card.id)


async def test_what_may_pass_is_raised(publishing: Publishing) -> None:
    job, messages = await done(publishing), messages_of(publishing)
    publishing.server.discord.faults.status("DELETE", "/messages/", 403)
    with pytest.raises(CardError):
        await messages.delete(job, publishing.channel.id, job.message_id or 0)
    await messages.delete(job, publishing.channel.id, job.message_id or 0)


async def test_an_archived_thread_is_brought_back_for_it(publishing: Publishing) -> None:
    thread = publishing.channel.thread("films")
    sent = await publishing.server.client.get_partial_messageable(thread.id).send("a film")
    thread.archive()
    await messages_of(publishing).delete(await done(publishing), thread.id, sent.id)
    assert [message for message in thread.messages if message.id == sent.id] == []


async def test_replies_pings_and_results_are_found_and_words_of_others_are_not(publishing: Publishing) -> None:
    job, other = await done(publishing), await done(publishing)
    place = publishing.server.client.get_partial_messageable(publishing.channel.id)
    card = place.get_partial_message(job.message_id or 0)
    ping = await place.send("your clip is ready", reference=card.to_reference())
    shared = await place.send(
        f"2 were not made: https://discord.com/channels/1/{publishing.channel.id}/{job.message_id}"
    )
    unseen = await place.send(f"what you asked for is made; `/jobs show id:{job.id}` shows it")
    await place.send("hello", reference=place.get_partial_message(other.message_id or 0).to_reference())
    await publishing.server.leo.say(publishing.channel, f"look at `/jobs show id:{job.id}`")
    found = await messages_of(publishing).find(job, [job.message_id or 0])
    assert set(found) == {job.message_id, ping.id, shared.id, unseen.id}


async def test_the_card_of_what_goes_on_from_it_is_none_of_these(publishing: Publishing) -> None:
    job = await done(publishing)
    await publishing.publisher.deliver(job)
    card = publishing.card(job)
    asked = await publishing.server.leo.click(card, f"extend:{job.id}:1:low")
    await asked.answered()
    assert asked.message is not None
    assert asked.message.reference is card
    assert asked.message.id not in await messages_of(publishing).find(job, [job.message_id or 0])


async def test_a_channel_that_cannot_be_read_holds_nothing_to_be_found(publishing: Publishing) -> None:
    job = await done(publishing)
    publishing.channel.set_overwrite(publishing.server.discord.bot_user, deny=Permission.VIEW_CHANNEL)
    assert list(await messages_of(publishing).find(job, [job.message_id or 0])) == []


async def test_direct_messages_that_lead_to_its_card_are_found(publishing: Publishing) -> None:
    job = await done(publishing)
    channel = await publishing.server.client.create_dm(discord.Object(job.user_id))
    link = f"https://discord.com/channels/1/{publishing.channel.id}/{job.message_id}"
    told = await channel.send(f"Your clip is ready: {link}")
    await channel.send("Your clip is ready: https://discord.com/channels/1/2/3")
    assert await messages_of(publishing).find_direct(job, job.message_id) == (channel.id, [told.id])
