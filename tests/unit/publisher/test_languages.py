"""What everybody sees is in the server's language, what one member alone sees in theirs."""

from dataclasses import replace

import pytest
import pytest_asyncio

from bot.db.schema import SERVER
from bot.domain.job import Job, Kind
from bot.domain.log_turns import OWNER_GATHER_MS
from bot.domain.mod_log import GATHER_MS, EventKind
from bot.domain.pings import EndedJob, Notify, Ping
from bot.errors import EmptyPrompt
from bot.publisher.log_sender import LogSender
from bot.ui.text import mod_log, pings
from bot.ui.text.cards import title
from bot.ui.text.errors import describe_error
from bot.ui.text.translate import speaking
from sandbox.discord import TextChannel
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHINESE, VIETNAMESE = "zh-CN", "vi"


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def spoken(publishing: Publishing) -> None:
    """Let Discord speak Chinese with the server, and Vietnamese with mira and the server's owner."""
    server = publishing.server
    people = {SERVER: "zh-TW", server.mira.id: VIETNAMESE, server.ada.id: VIETNAMESE}
    await server.db.store.locales.write({(server.guild.id, one): locale for one, locale in people.items()}, 0)


def title_in(locale: str, job: Job) -> str:
    with speaking(locale):
        return title(job, 8)


async def test_a_card_is_in_the_servers_language_and_changes_with_it_when_it_is_drawn_again(
    publishing: Publishing,
) -> None:
    server, job = publishing.server, await publishing.running()
    await publishing.publisher.show(job.id)
    assert title_in(CHINESE, job) in publishing.card(job).text
    await server.db.store.guild_settings.change(
        server.guild.id, lambda before: replace(before, locale=VIETNAMESE), server.db.now
    )
    await publishing.publisher.show(job.id)
    assert title_in(VIETNAMESE, job) in publishing.card(job).text
    await publishing.publisher.show(job.id)
    assert publishing.card(job).edits == 2


async def test_a_server_of_which_nothing_is_known_reads_english(publishing: Publishing) -> None:
    job = await publishing.running()
    await publishing.server.db.db_write("delete from guild where guild_id = $1", publishing.server.guild.id)
    await publishing.publisher.show(job.id)
    assert title_in("en-US", job) in publishing.card(job).text


async def test_a_refusal_that_its_member_alone_sees_is_in_their_language(publishing: Publishing) -> None:
    server = publishing.server
    server.mira.locale = VIETNAMESE
    asked = await server.mira.slash(server.channel, "video", prompt="a boat", image=server.image())
    job = await server.asked(asked)
    job = await server.db.store.jobs.fail(await server.db.claim(job), EmptyPrompt(), server.db.now)
    assert await publishing.publisher.tell_failure(job)
    with speaking(VIETNAMESE):
        assert asked.followups[0].text == describe_error(EmptyPrompt())


async def test_a_ping_is_in_the_servers_language_and_a_direct_message_in_the_members(publishing: Publishing) -> None:
    server, job = publishing.server, await publishing.running()
    ended = EndedJob(job.id, Kind.VIDEO, job.message_id, 4, failed=False, shown=True)
    ping = Ping(server.guild.id, publishing.channel.id, server.mira.id, Notify.REPLY, (ended,))
    await publishing.publisher.ping(ping)
    await publishing.publisher.ping(replace(ping, notify=Notify.DIRECT))
    with speaking(CHINESE):
        assert publishing.channel.messages[-1].text == pings.reply(ping)
    with speaking(VIETNAMESE):
        assert server.mira.direct.messages[-1].text == pings.direct(ping)


async def happen(publishing: Publishing, channel: TextChannel | None, after_ms: int) -> None:
    """Let a job be removed, and the mod log be written a while later."""
    server = publishing.server
    await server.db.db_write(
        "update guild set mod_log_channel_id = $1 where guild_id = $2",
        channel.id if channel is not None else None,
        server.guild.id,
    )
    told = {"by": server.ada.id, "jobs": ["abc"], "member": server.mira.id, "reason": None}
    await server.db.store.mod_log.add(server.guild.id, EventKind.REMOVED, told, server.db.now)
    server.db.now += after_ms
    for batch in await server.db.store.mod_log.take(server.db.now):
        await LogSender(server.client, server.db.store, publishing.clock).send(batch)


async def test_the_mod_log_is_in_the_servers_language_and_a_letter_to_the_owner_in_theirs(
    publishing: Publishing,
) -> None:
    server, channel = publishing.server, publishing.server.guild.text_channel("mod-log")
    await happen(publishing, channel, GATHER_MS)
    with speaking(CHINESE):
        assert mod_log.no_channel(None) not in channel.messages[-1].text
        assert f"<@{server.ada.id}>" in channel.messages[-1].text
    assert "removed" not in channel.messages[-1].text
    await happen(publishing, None, OWNER_GATHER_MS)
    with speaking(VIETNAMESE):
        assert mod_log.no_channel(None) in server.ada.direct.messages[-1].text
