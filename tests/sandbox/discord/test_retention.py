"""What a Discord that runs for days forgets, and what it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.discord import Discord, Guild, Retention, TextChannel, User
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import SampleBot
from tests.sandbox.discord.test_session_starts import session


@pytest.fixture
async def local_discord() -> AsyncIterator[Discord]:
    """A Discord that remembers little."""
    small = Retention(requests=3, interactions=2, messages=3, loose_file_bytes=10, lost_sessions=1)
    async with Discord(retention=small) as local_discord:
        local_discord.knobs.identify_seconds = 0
        yield local_discord
        assert local_discord.violations == []


async def served(local_discord: Discord, url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status


async def test_the_oldest_requests_are_forgotten_and_positions_stay(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    for _ in range(5):
        await api("GET", f"/channels/{text_channel.id}")
    assert len(local_discord.requests) == 3
    assert [position for position, _ in local_discord.requests.since(0)] == [2, 3, 4]


async def test_a_test_may_raise_how_many_are_kept_while_the_discord_runs(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    local_discord.retention.requests = 5
    for _ in range(5):
        await api("GET", f"/channels/{text_channel.id}")
    assert len(local_discord.requests) == 5


async def test_a_request_that_is_held_outlives_newer_ones(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    go_on = asyncio.Event()
    fault = local_discord.faults.delay("POST", "/typing", until=go_on)
    held = asyncio.create_task(api("POST", f"/channels/{text_channel.id}/typing"))
    await fault.hit.wait()
    for _ in range(5):
        await api("GET", f"/channels/{text_channel.id}")
    assert [request.method for request in local_discord.requests] == ["POST", "GET", "GET", "GET"]
    go_on.set()
    await held
    await api("GET", f"/channels/{text_channel.id}")
    assert [request.method for request in local_discord.requests] == ["GET", "GET", "GET"]


async def test_a_cut_request_is_not_kept_as_if_it_were_under_way(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    local_discord.faults.reset("POST", "/typing")
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("POST", f"/channels/{text_channel.id}/typing")
    for _ in range(3):
        await api("GET", f"/channels/{text_channel.id}")
    assert [request.method for request in local_discord.requests] == ["GET", "GET", "GET"]


async def test_interactions_are_forgotten_once_their_token_has_expired(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
) -> None:
    async with start():
        old = [await mira.slash(text_channel, "wait") for _ in range(3)]
        for used in old:
            await used.answered()
        assert set(local_discord.interactions) == {used.token for used in old}
        local_discord.advance(16 * 60)
        new = await mira.slash(text_channel, "wait")
        assert list(local_discord.interactions.values()) == [old[2], new]
        await new.answered()


async def test_a_forgotten_interactions_token_is_not_valid(
    local_discord: Discord, start: StartBot, api: ApiClient, mira: User, text_channel: TextChannel
) -> None:
    async with start():
        used = await mira.slash(text_channel, "wait")
        await used.answered()
        local_discord.advance(16 * 60)
        for _ in range(2):
            await (await mira.slash(text_channel, "wait")).answered()
        assert used.token not in local_discord.interactions
        answer = await api("GET", f"/webhooks/{local_discord.application_id}/{used.token}/messages/@original")
        assert answer.body["code"] == 50027


async def test_the_oldest_messages_of_a_channel_go_with_their_files(
    local_discord: Discord, guild: Guild, mira: User, text_channel: TextChannel
) -> None:
    elsewhere = await mira.say(guild.text_channel("other"), "stays")
    user_message = [
        await mira.say(text_channel, str(n), attachments=[local_discord.attachment("a.png", b"a")]) for n in range(5)
    ]
    assert text_channel.messages == user_message[2:]
    assert elsewhere.channel.messages == [elsewhere]
    urls = [local_discord.files.url(message.attachments[0]) for message in user_message]
    assert [await served(local_discord, url) for url in urls] == [404, 404, 200, 200, 200]


async def test_a_card_that_is_still_thinking_outlives_newer_messages(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
) -> None:
    async with start(SampleBot()):
        used = await mira.slash(text_channel, "wait")
        thinking = await used.until(lambda message: message.thinking)
        user_message = [await mira.say(text_channel, str(n)) for n in range(4)]
        assert text_channel.messages == [thinking, *user_message[2:]]


async def test_files_that_no_message_holds_make_room_for_newer_ones(local_discord: Discord) -> None:
    files = [local_discord.attachment("a.png", b"x" * 4) for _ in range(4)]
    assert [await served(local_discord, local_discord.files.url(file)) for file in files] == [404, 404, 200, 200]


async def test_a_file_larger_than_what_is_kept_can_still_be_attached(local_discord: Discord) -> None:
    file = local_discord.attachment("a.png", b"x" * 11)
    assert await served(local_discord, local_discord.files.url(file)) == 200


async def test_a_messages_files_do_not_count_as_loose(
    local_discord: Discord, mira: User, text_channel: TextChannel
) -> None:
    sent = await mira.say(text_channel, "look", attachments=[local_discord.attachment("a.png", b"x" * 9)])
    for _ in range(3):
        local_discord.attachment("b.png", b"x" * 9)
    assert await served(local_discord, local_discord.files.url(sent.attachments[0])) == 200


async def test_nonces_are_forgotten_when_they_count_no_more(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    path = f"/channels/{text_channel.id}/messages"
    for nonce in ("1", "2"):
        await api("POST", path, {"content": "x", "nonce": nonce, "enforce_nonce": True})
    local_discord.advance(301)
    await api("POST", path, {"content": "x", "nonce": "3", "enforce_nonce": True})
    assert list(local_discord.nonces) == [(text_channel.id, "3")]


async def test_lost_gateway_sessions_are_forgotten_and_the_newest_can_be_resumed(
    local_discord: Discord, start: StartBot
) -> None:
    lost: list[str] = []
    for _ in range(3):
        async with session(local_discord) as (socket, ready):
            lost.append(ready["d"]["session_id"])
            await socket.close(code=4000)
        await local_discord.gateway.wait_for(
            lambda: not local_discord.gateway.connections, 10, lambda: "still connected"
        )
    async with start():
        assert lost[-1] in local_discord.gateway.sessions
        assert [one for one in lost[:-1] if one in local_discord.gateway.sessions] == []
