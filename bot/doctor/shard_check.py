"""Look at how the bot may connect to Discord's gateway, and whether other processes can do so in its place."""

import asyncio

import aiohttp
import discord

from bot.config import Settings
from bot.doctor.discord_check import Visitor
from bot.doctor.findings import CHECK_SECONDS, Finding, warn, wrong

PINNED, STARTS = "SHARD_IDS", "gateway"

FEW_STARTS = 50
"""With so few session starts left in a day, something restarts too often."""


async def check_shards(visitor: Visitor, settings: Settings) -> list[Finding]:
    """Tell which shards nobody takes over, and when Discord lets few sessions begin; nothing when all is well."""
    return [*_pinned(settings), *await _session_starts(visitor)]


def _pinned(settings: Settings) -> list[Finding]:
    if not settings.shard_ids:
        return []
    named = ", ".join(map(str, sorted(settings.shard_ids)))
    return [
        warn(
            PINNED,
            f"pins shards {named} of {settings.shard_count} to this process: while it does not run, nobody takes them "
            "over, and their servers are not answered. Unset it in every process to let them share.",
        )
    ]


async def _session_starts(visitor: Visitor) -> list[Finding]:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            limits = (await visitor.http.get_bot_gateway())[2]
    except (discord.GatewayNotFound, discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
        return [wrong(STARTS, f"Discord does not say how to connect: {str(error) or 'no answer'}. Ask again later.")]
    left, hours = limits["remaining"], limits["reset_after"] / 3_600_000
    if not left:
        return [
            wrong(STARTS, f"Discord lets no more sessions begin for {hours:.1f} hours. Leave what is running alone.")
        ]
    if left <= FEW_STARTS:
        return [
            warn(
                STARTS,
                f"Discord lets only {left} of {limits['total']} sessions begin in the next {hours:.1f} hours. "
                "Find out what restarts so often: after the last one Discord makes a new token, and the bot is out.",
            )
        ]
    return []
