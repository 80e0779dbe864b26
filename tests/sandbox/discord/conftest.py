"""A local Discord per test, discord.py pointed at it, and a plain HTTP client beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import aiohttp
import discord
import discord.gateway
import discord.http
import pytest
import yarl

from sandbox.discord import Discord, Guild, TextChannel, User
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.response_schemas import schema_errors
from tests.sandbox.discord.sample_bot import SampleBot, running_bot


class StartBot(Protocol):
    """Starts a bot against the local Discord."""

    def __call__(
        self, bot: SampleBot | None = None, *, commands: bool = True
    ) -> AbstractAsyncContextManager[SampleBot]: ...


@pytest.fixture
async def local_discord() -> AsyncIterator[Discord]:
    """A running Discord whose answers fit the description; a test that provokes violations clears them itself."""
    async with Discord() as local_discord:
        local_discord.knobs.identify_seconds = 0  # `SampleBot` does not wait
        yield local_discord
        assert local_discord.violations == []
        assert [error for request in local_discord.requests for error in schema_errors(request)] == []


@pytest.fixture(autouse=True)
def pointed(local_discord: Discord) -> Iterator[None]:
    """Point discord.py's two addresses at the local Discord and restore them."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE = local_discord.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(local_discord.gateway_url)
    yield
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.fixture
def guild(local_discord: Discord) -> Guild:
    return local_discord.guild("Paper Boats")


@pytest.fixture
def mira(local_discord: Discord, guild: Guild) -> User:
    """A member without any role."""
    mira = local_discord.user("mira")
    guild.join(mira)
    return mira


@pytest.fixture
def text_channel(guild: Guild) -> TextChannel:
    return guild.text_channel("films")


@pytest.fixture
def start(local_discord: Discord) -> StartBot:
    def start(bot: SampleBot | None = None, *, commands: bool = True) -> AbstractAsyncContextManager[SampleBot]:
        return running_bot(local_discord, bot or SampleBot(), commands=commands)

    return start


@pytest.fixture
async def api(local_discord: Discord) -> AsyncIterator[ApiClient]:
    """Requests with the bot token that no library has touched."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {local_discord.token}"}) as session:
        yield ApiClient(local_discord, session)
