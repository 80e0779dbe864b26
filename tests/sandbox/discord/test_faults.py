"""Faults on demand, and rate limits."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from sandbox.discord import Discord, Guild, TextChannel, User
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.conftest import StartBot


async def test_a_status_is_answered_as_often_as_asked(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
):
    path = f"/channels/{text_channel.id}"
    fault = local_discord.faults.status("GET", r"/channels/\d+$", 503, times=2)
    assert [(await api("GET", path)).status for _ in range(3)] == [503, 503, 200]
    assert fault.hit.is_set()
    assert [request.status for request in local_discord.requests] == [503, 503, 200]


async def test_a_429_is_waited_for_and_repeated_by_the_client(
    local_discord: Discord, start: StartBot, text_channel: TextChannel
):
    async with start() as bot:
        local_discord.faults.status("POST", "/messages$", 429, retry_after=0.01)
        await bot.get_partial_messageable(text_channel.id).send("hello")
        sent = [request.status for request in local_discord.requests if request.template.endswith("/messages")]
        assert sent == [429, 200]
        assert len(text_channel.messages) == 1


async def test_a_connection_cut_before_or_after_the_work(
    local_discord: Discord, start: StartBot, text_channel: TextChannel
):
    async with start() as bot:
        channel = bot.get_partial_messageable(text_channel.id)
        local_discord.faults.reset("POST", "/messages$", when="before")
        with pytest.raises(aiohttp.ClientError):
            await channel.send("hello", nonce="job-1")
        assert text_channel.messages == []
        local_discord.faults.reset("POST", "/messages$", when="after")
        with pytest.raises(aiohttp.ClientError):
            await channel.send("hello", nonce="job-1")
        assert len(text_channel.messages) == 1
        await channel.send("hello", nonce="job-1")
        assert len(text_channel.messages) == 1


async def test_a_request_whose_connection_was_cut_may_be_carried_out_after_the_next_one(
    local_discord: Discord, start: StartBot, text_channel: TextChannel
):
    async with start() as bot:
        channel = bot.get_partial_messageable(text_channel.id)
        message, release = await channel.send("first"), asyncio.Event()
        local_discord.faults.reset_and_do_later("PATCH", "/messages/", until=release)
        with pytest.raises(aiohttp.ClientError):
            await message.edit(content="late")
        await message.edit(content="second")
        said = [one.content for one in text_channel.messages]
        assert said == ["second"]
        release.set()
        async with asyncio.timeout(10):
            while [one.content for one in text_channel.messages] == said:  # noqa: ASYNC110  # the sandbox tells nobody
                await asyncio.sleep(0.005)
        assert [one.content for one in text_channel.messages] == ["late"]


async def test_a_request_is_held_until_the_test_lets_it_go(
    local_discord: Discord, start: StartBot, text_channel: TextChannel
):
    async with start() as bot:
        release = asyncio.Event()
        fault = local_discord.faults.delay("POST", "/messages$", until=release)
        sending = asyncio.create_task(bot.get_partial_messageable(text_channel.id).send("hello"))
        await fault.hit.wait()
        assert text_channel.messages == []
        release.set()
        await sending
        assert len(text_channel.messages) == 1


async def test_a_lost_first_response_counts_as_given(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    async with start() as bot:
        used = await mira.slash(text_channel, "silent")
        interaction = await bot.deferred.get()
        local_discord.faults.reset("POST", "/callback$", when="after")
        with pytest.raises(aiohttp.ClientError):
            await interaction.response.defer(thinking=True)
        await used.answered()
        with pytest.raises(discord.HTTPException) as refused:
            await interaction.response.defer(thinking=True)
        assert refused.value.code == 40060


async def test_every_answer_names_its_rate_limit(api: ApiClient, text_channel: TextChannel):
    for answer in (await api("GET", f"/channels/{text_channel.id}"), await api("GET", "/channels/1")):
        assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Bucket"} <= set(answer.headers)
        assert {"X-RateLimit-Reset", "X-RateLimit-Reset-After"} <= set(answer.headers)
        assert answer.headers["Content-Type"] == "application/json"


async def test_rate_limits_are_enforced_by_route_and_channel(
    local_discord: Discord, api: ApiClient, guild: Guild, text_channel: TextChannel
):
    local_discord.knobs.enforce_rate_limits = True
    path = f"/channels/{text_channel.id}/messages"
    answers = [await api("POST", path, {"content": "x"}) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["4", "3", "2", "1", "0", "0"]
    assert answers[-1].headers["Via"]
    assert 0 < answers[-1].body["retry_after"] <= 5
    other = guild.text_channel("other")
    assert (await api("POST", f"/channels/{other.id}/messages", {"content": "x"})).status == 200
    local_discord.advance(5)
    assert (await api("POST", path, {"content": "x"})).status == 200


async def test_edits_of_old_messages_are_limited(local_discord: Discord, api: ApiClient, text_channel: TextChannel):
    local_discord.knobs.enforce_rate_limits = True
    sent = (await api("POST", f"/channels/{text_channel.id}/messages", {"content": "x"})).body
    path = f"/channels/{text_channel.id}/messages/{sent['id']}"
    assert [(await api("PATCH", path, {"content": str(n)})).status for n in range(4)] == [200] * 4
    local_discord.advance(3601)
    answers = [await api("PATCH", path, {"content": str(n)}) for n in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].body["code"] == 30046


async def test_a_wrong_token_and_an_unknown_path_are_refused(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
):
    wrong = await api("GET", f"/channels/{text_channel.id}", headers={"Authorization": "Bot wrong"})
    assert (wrong.status, wrong.body) == (401, {"message": "401: Unauthorized", "code": 0})
    assert (await api("GET", "/sound/of/music")).status == 404
    assert (await api("PUT", f"/channels/{text_channel.id}/messages")).status == 405
    assert len(local_discord.violations) == 2
    local_discord.violations.clear()
