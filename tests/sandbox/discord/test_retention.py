"""What a Discord that runs for days forgets, and what it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.discord import Discord, Guild, Retention, TextChannel, User
from sandbox.discord.gateway_session import Session
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import SampleBot


@pytest.fixture
async def sandbox() -> AsyncIterator[Discord]:
    """A Discord that remembers little."""
    small = Retention(requests=3, interactions=2, messages=3, loose_file_bytes=10, lost_sessions=1)
    async with Discord(retention=small) as sandbox:
        yield sandbox
        assert sandbox.violations == []


async def served(sandbox: Discord, url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status


async def test_the_oldest_requests_are_forgotten_and_positions_stay(
    sandbox: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    for _ in range(5):
        await api("GET", f"/channels/{text_channel.id}")
    assert len(sandbox.requests) == 3
    assert [position for position, _ in sandbox.requests.since(0)] == [2, 3, 4]


async def test_a_test_may_raise_how_many_are_kept_while_the_discord_runs(
    sandbox: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    sandbox.retention.requests = 5
    for _ in range(5):
        await api("GET", f"/channels/{text_channel.id}")
    assert len(sandbox.requests) == 5


async def test_a_request_that_is_held_outlives_newer_ones(
    sandbox: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    go_on = asyncio.Event()
    fault = sandbox.faults.delay("POST", "/typing", until=go_on)
    held = asyncio.create_task(api("POST", f"/channels/{text_channel.id}/typing"))
    await fault.hit.wait()
    for _ in range(5):
        await api("GET", f"/channels/{text_channel.id}")
    assert [request.method for request in sandbox.requests] == ["POST", "GET", "GET", "GET"]
    go_on.set()
    await held
    await api("GET", f"/channels/{text_channel.id}")
    assert [request.method for request in sandbox.requests] == ["GET", "GET", "GET"]


async def test_a_cut_request_is_not_kept_as_if_it_were_under_way(
    sandbox: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    sandbox.faults.reset("POST", "/typing")
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("POST", f"/channels/{text_channel.id}/typing")
    for _ in range(3):
        await api("GET", f"/channels/{text_channel.id}")
    assert [request.method for request in sandbox.requests] == ["GET", "GET", "GET"]


async def test_interactions_are_forgotten_once_their_token_has_expired(
    sandbox: Discord, start: StartBot, mira: User, text_channel: TextChannel
) -> None:
    async with start():
        old = [await mira.slash(text_channel, "wait") for _ in range(3)]
        for used in old:
            await used.answered()
        assert set(sandbox.interactions) == {used.token for used in old}
        sandbox.advance(16 * 60)
        new = await mira.slash(text_channel, "wait")
        assert list(sandbox.interactions.values()) == [old[2], new]
        await new.answered()


async def test_a_forgotten_interactions_token_is_not_valid(
    sandbox: Discord, start: StartBot, api: ApiClient, mira: User, text_channel: TextChannel
) -> None:
    async with start():
        used = await mira.slash(text_channel, "wait")
        await used.answered()
        sandbox.advance(16 * 60)
        for _ in range(2):
            await (await mira.slash(text_channel, "wait")).answered()
        assert used.token not in sandbox.interactions
        answer = await api("GET", f"/webhooks/{sandbox.application_id}/{used.token}/messages/@original")
        assert answer.body["code"] == 50027


async def test_the_oldest_messages_of_a_channel_go_with_their_files(
    sandbox: Discord, guild: Guild, mira: User, text_channel: TextChannel
) -> None:
    elsewhere = await mira.say(guild.text_channel("other"), "stays")
    user_message = [
        await mira.say(text_channel, str(n), attachments=[sandbox.attachment("a.png", b"a")]) for n in range(5)
    ]
    assert text_channel.messages == user_message[2:]
    assert elsewhere.channel.messages == [elsewhere]
    urls = [sandbox.files.url(message.attachments[0]) for message in user_message]
    assert [await served(sandbox, url) for url in urls] == [404, 404, 200, 200, 200]


async def test_a_card_that_is_still_thinking_outlives_newer_messages(
    sandbox: Discord, start: StartBot, mira: User, text_channel: TextChannel
) -> None:
    async with start(SampleBot()):
        used = await mira.slash(text_channel, "wait")
        thinking = await used.until(lambda message: message.thinking)
        user_message = [await mira.say(text_channel, str(n)) for n in range(4)]
        assert text_channel.messages == [thinking, *user_message[2:]]


async def test_files_that_no_message_holds_make_room_for_newer_ones(sandbox: Discord) -> None:
    files = [sandbox.attachment("a.png", b"x" * 4) for _ in range(4)]
    assert [await served(sandbox, sandbox.files.url(file)) for file in files] == [404, 404, 200, 200]


async def test_a_file_larger_than_what_is_kept_can_still_be_attached(sandbox: Discord) -> None:
    file = sandbox.attachment("a.png", b"x" * 11)
    assert await served(sandbox, sandbox.files.url(file)) == 200


async def test_a_messages_files_do_not_count_as_loose(sandbox: Discord, mira: User, text_channel: TextChannel) -> None:
    sent = await mira.say(text_channel, "look", attachments=[sandbox.attachment("a.png", b"x" * 9)])
    for _ in range(3):
        sandbox.attachment("b.png", b"x" * 9)
    assert await served(sandbox, sandbox.files.url(sent.attachments[0])) == 200


async def test_nonces_are_forgotten_when_they_count_no_more(
    sandbox: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    path = f"/channels/{text_channel.id}/messages"
    for nonce in ("1", "2"):
        await api("POST", path, {"content": "x", "nonce": nonce, "enforce_nonce": True})
    sandbox.advance(301)
    await api("POST", path, {"content": "x", "nonce": "3", "enforce_nonce": True})
    assert list(sandbox.nonces) == [(text_channel.id, "3")]


async def test_lost_gateway_sessions_are_forgotten_and_the_newest_can_be_resumed(
    sandbox: Discord, start: StartBot
) -> None:
    lost: list[Session] = []
    for _ in range(3):
        async with start():
            lost += [session for session in sandbox.gateway.sessions.values() if session.connection]
        await sandbox.gateway.wait_for(lambda: not sandbox.gateway.connections, 10, lambda: "still connected")
    async with start():
        assert lost[-1].id in sandbox.gateway.sessions
        assert [one.id for one in lost[:-1] if one.id in sandbox.gateway.sessions] == []
