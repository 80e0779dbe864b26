"""How many sessions may begin: Discord's limits, and what comes of breaking them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from sandbox.discord import Discord, User
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.test_gateway_protocol import Socket, closed_with, identify


@pytest.fixture(autouse=True)
def strict(local_discord: Discord) -> None:
    """Keep sessions as far apart as Discord does."""
    local_discord.knobs.identify_seconds = 5


@asynccontextmanager
async def session(local_discord: Discord, shard: int = 0, count: int = 8) -> AsyncGenerator[tuple[Socket, Any]]:
    """Ask for a session, and give the connection and the answer."""
    async with aiohttp.ClientSession() as client, client.ws_connect(local_discord.gateway_url) as socket:
        await socket.receive_json()
        await socket.send_json(identify(local_discord, shard=[shard, count]))
        message = await socket.receive()
        yield socket, message.json() if message.type is aiohttp.WSMsgType.TEXT else message.data


def refused(answer: Any) -> bool:
    return (answer["op"], answer["d"]) == (9, False)


async def test_a_second_session_within_five_seconds_is_invalid_and_noted(local_discord: Discord):
    async with session(local_discord, 0) as (_, first), session(local_discord, 1) as (_, second):
        assert first["t"] == "READY"
        assert refused(second)
    assert local_discord.violations == ["gateway: shard 1 identified before its turn (max_concurrency)"]
    local_discord.violations.clear()
    local_discord.advance(5)
    async with session(local_discord, 1) as (_, later):
        assert later["t"] == "READY"


async def test_shards_whose_remainder_differs_do_not_wait_for_each_other(local_discord: Discord):
    local_discord.knobs.max_concurrency = 4
    for shard in range(4):
        async with session(local_discord, shard) as (_, answer):
            assert answer["t"] == "READY"
    async with session(local_discord, 4) as (_, answer):
        assert refused(answer)
    local_discord.violations.clear()


async def test_the_day_is_counted_and_begins_anew(local_discord: Discord, api: ApiClient):
    local_discord.knobs.session_starts = 2
    for left in (2, 1):
        limit = (await api("GET", "/gateway/bot")).body["session_start_limit"]
        assert (limit["total"], limit["remaining"], limit["max_concurrency"]) == (2, left, 1)
        async with session(local_discord) as (_, answer):
            assert answer["t"] == "READY"
        local_discord.advance(5)
    limit = (await api("GET", "/gateway/bot")).body["session_start_limit"]
    assert limit["remaining"] == 0
    assert 86_000_000 < limit["reset_after"] <= 86_400_000
    local_discord.advance(24 * 3600)
    assert (await api("GET", "/gateway/bot")).body["session_start_limit"]["remaining"] == 2
    async with session(local_discord) as (_, answer):
        assert answer["t"] == "READY"


async def test_one_session_too_many_ends_all_of_them_and_makes_the_token_anew(local_discord: Discord):
    local_discord.knobs.session_starts = 1
    before = local_discord.token
    async with session(local_discord) as (first, _):
        async with session(local_discord) as (_, code):
            assert code == 4004
        assert await closed_with(first) == 4004
    assert local_discord.token != before
    assert local_discord.violations == [
        "gateway: shard 0 identified after the day's session starts were used up",
    ]
    local_discord.violations.clear()


async def test_a_resume_is_no_session_start(local_discord: Discord):
    async with session(local_discord) as (socket, ready):
        await socket.close(code=4000)
    async with aiohttp.ClientSession() as client, client.ws_connect(local_discord.gateway_url) as socket:
        await socket.receive_json()
        seen = {"token": local_discord.token, "session_id": ready["d"]["session_id"], "seq": 1}
        await socket.send_json({"op": 6, "d": seen})
        assert (await socket.receive_json())["t"] == "RESUMED"


@pytest.mark.parametrize(("code", "kept"), [(1000, False), (1001, False), (4000, True)])
async def test_a_client_that_says_good_bye_ends_its_session(local_discord: Discord, code: int, kept: bool):
    async with session(local_discord) as (socket, _):
        await socket.close(code=code)
        await local_discord.gateway.wait_for(
            lambda: not local_discord.gateway.connections, 5, lambda: "still connected"
        )
        assert bool(local_discord.gateway.sessions) is kept


async def test_a_session_hears_only_of_its_shards_servers(local_discord: Discord, mira: User):
    guilds = [local_discord.guild(f"server {number}", guild_id=(1000 + number) << 22) for number in range(4)]
    local_discord.knobs.max_concurrency = 2
    async with session(local_discord, 0, 2) as (even, even_ready), session(local_discord, 1, 2) as (odd, odd_ready):
        for shard, ready in enumerate((even_ready, odd_ready)):
            own = {int(guild["id"]) for guild in ready["d"]["guilds"]}
            assert {guild.id for guild in guilds if (guild.id >> 22) % 2 == shard} <= own
            assert all((guild_id >> 22) % 2 == shard for guild_id in own)
        told: list[set[int]] = []
        for guild in guilds:
            guild.emit("GUILD_UPDATE", {"id": str(guild.id)})
        for socket in (even, odd):
            heard: set[int] = set()
            while len(heard) < 2:
                event = await asyncio.wait_for(socket.receive_json(), 5)
                if event["t"] == "GUILD_UPDATE":
                    heard.add(int(event["d"]["id"]))
            told.append(heard)
    assert told == [{guild.id for guild in guilds if (guild.id >> 22) % 2 == shard} for shard in (0, 1)]
