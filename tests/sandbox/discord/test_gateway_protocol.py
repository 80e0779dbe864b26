"""The gateway spoken to by hand: close codes and opcodes (docs/topics/Opcodes_and_Status_Codes)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.discord import Discord, Guild, TextChannel, User

Socket = aiohttp.ClientWebSocketResponse


@pytest.fixture
async def socket(local_discord: Discord) -> AsyncIterator[Socket]:
    """A connection that has read HELLO."""
    async with aiohttp.ClientSession() as session, session.ws_connect(local_discord.gateway_url + "/?v=10") as socket:
        hello = await socket.receive_json()
        assert hello["op"] == 10
        assert hello["d"]["heartbeat_interval"] > 0
        yield socket


def identify(local_discord: Discord, **changes: Any) -> dict[str, Any]:
    return {"op": 2, "d": {"token": local_discord.token, "intents": 1, "properties": {}, **changes}}


async def closed_with(socket: Socket) -> int | None:
    while (await socket.receive()).type is not aiohttp.WSMsgType.CLOSE:
        pass
    return socket.close_code


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("not json", 4002),
        (json.dumps({"op": 1, "d": "x" * 5000}), 4002),
        (json.dumps({"op": 99}), 4001),
        (json.dumps([]), 4001),
        (json.dumps({"op": 8, "d": {}}), 4003),
        (json.dumps({"op": 3, "d": {}}), 4003),
        (json.dumps({"op": 2, "d": {"token": "wrong", "intents": 1}}), 4004),
        (json.dumps({"op": 6, "d": {"token": "wrong"}}), 4004),
    ],
)
async def test_a_wrong_payload_closes_the_connection(socket: Socket, payload: str, code: int):
    await socket.send_str(payload)
    assert await closed_with(socket) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"intents": "all"}, 4013),
        ({"intents": 1 << 15}, 4014),
        ({"shard": [2, 2]}, 4010),
        ({"shard": [0]}, 4010),
        ({"shard": [0, 0]}, 4010),
    ],
)
async def test_a_wrong_identify_closes_the_connection(
    local_discord: Discord, socket: Socket, changes: dict[str, Any], code: int
):
    await socket.send_json(identify(local_discord, **changes))
    assert await closed_with(socket) == code


async def test_identifying_twice_closes_the_connection(local_discord: Discord, socket: Socket):
    await socket.send_json(identify(local_discord))
    await socket.send_json(identify(local_discord))
    assert await closed_with(socket) == 4005


async def test_a_heartbeat_is_acknowledged(socket: Socket):
    await socket.send_json({"op": 1, "d": None})
    assert (await socket.receive_json())["op"] == 11


async def test_an_unknown_session_cannot_be_resumed(local_discord: Discord, socket: Socket):
    await socket.send_json({"op": 6, "d": {"token": local_discord.token, "session_id": "none", "seq": 1}})
    invalid = await socket.receive_json()
    assert (invalid["op"], invalid["d"]) == (9, False)


async def test_a_resume_repeats_what_came_after_the_last_seen_event(
    local_discord: Discord, socket: Socket, guild: Guild, mira: User, text_channel: TextChannel
):
    await socket.send_json(identify(local_discord, intents=1 | 1 << 9))
    ready = await socket.receive_json()
    assert (ready["t"], ready["s"]) == ("READY", 1)
    assert [item["id"] for item in ready["d"]["guilds"]] == [str(guild.id)]
    created = await socket.receive_json()
    assert (created["t"], created["d"]["unavailable"]) == ("GUILD_CREATE", False)
    assert [member["user"]["id"] for member in created["d"]["members"]] == [str(local_discord.bot_user.id)]
    await local_discord.drop_gateway(resumable=True)
    assert await closed_with(socket) == 4000
    await mira.say(text_channel, f"{local_discord.bot_user.mention} missed")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(ready["d"]["resume_gateway_url"]) as again,
    ):
        await again.receive_json()
        resume = {"token": local_discord.token, "session_id": ready["d"]["session_id"], "seq": created["s"]}
        await again.send_json({"op": 6, "d": resume})
        events = [await again.receive_json() for _ in range(2)]
    assert [(event["t"], event["s"]) for event in events] == [("MESSAGE_CREATE", 3), ("RESUMED", 4)]
    assert events[0]["d"]["content"].endswith("missed")
