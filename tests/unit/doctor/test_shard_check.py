"""What the doctor says of shards that nobody takes over, and of a day with few session starts left."""

from collections.abc import AsyncIterator

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.config import Settings, load_settings
from bot.doctor.discord_check import Visitor
from bot.doctor.shard_check import check_shards
from bot.providers.registry import provider_names
from sandbox.discord import Discord
from tests.support.settings import in_environment


@pytest.fixture
async def local_discord() -> AsyncIterator[Discord]:
    addresses = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with Discord() as local_discord:
        yield local_discord
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = addresses


async def told(local_discord: Discord, **more: str) -> list[str]:
    """Let the doctor look, and give its lines."""
    needed = {"DISCORD_TOKEN": local_discord.token, "DISCORD_API_URL": local_discord.api_url, "TTAPI_API_KEY": "key"}
    with in_environment(needed | more):
        settings: Settings = load_settings(provider_names())
    async with Visitor(settings) as visitor:
        await visitor.enter()
        return [
            f"{finding.verdict} {finding.subject}: {finding.text}" for finding in await check_shards(visitor, settings)
        ]


async def test_nothing_is_told_when_processes_share_and_sessions_may_begin(local_discord: Discord) -> None:
    assert await told(local_discord, SHARD_COUNT="4") == []


async def test_pinned_shards_are_told_to_be_taken_over_by_nobody(local_discord: Discord) -> None:
    assert await told(local_discord, SHARD_COUNT="4", SHARD_IDS="3,0") == [
        "warn SHARD_IDS: pins shards 0, 3 of 4 to this process: while it does not run, nobody takes them over, and "
        "their servers are not answered. Unset it in every process to let them share."
    ]


@pytest.mark.parametrize(
    ("starts", "line"),
    [
        (
            40,
            "warn gateway: Discord lets only 40 of 40 sessions begin in the next 0.0 hours. Find out what restarts so "
            "often: after the last one Discord makes a new token, and the bot is out.",
        ),
        (0, "wrong gateway: Discord lets no more sessions begin for 0.0 hours. Leave what is running alone."),
    ],
)
async def test_a_day_with_few_or_no_session_starts_is_told(local_discord: Discord, starts: int, line: str) -> None:
    local_discord.knobs.session_starts = starts
    assert await told(local_discord) == [line]


async def test_a_gateway_that_nobody_tells_of_is_wrong(local_discord: Discord) -> None:
    local_discord.faults.status("GET", "/gateway/bot", 404)
    [line] = await told(local_discord)
    assert line.startswith("wrong gateway: Discord does not say how to connect: ")
