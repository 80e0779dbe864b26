"""What each enabled provider offers a server, how it is doing, and the order in which new jobs go to them."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.credits import PriceList, Prices
from bot.domain.job import Kind
from bot.domain.params import Resolution
from bot.errors import ProviderError
from bot.providers.base import Provider
from bot.providers.capabilities import Capabilities
from bot.providers.registry import find_provider, sort_by_rank
from bot.providers.types import SpeedStatus

log = logging.getLogger(__name__)

ASK_SECONDS = 3.0
"""How long a provider may take to say how it is doing; then only our own experience is told."""

CACHE_MS = 30_000
"""How long its answer is told to everybody; members must not be able to use up our questions."""

Availability = Literal["closed", "half_open", "open", "account_error"]
"""The state of its circuit breaker, or that our account there is refused."""


@dataclass(frozen=True)
class ProviderStatus:
    """Hold what is told of a provider.

    `until_ms` is the end of a pause, `median_duration_ms` how long recent jobs took; `makes_images` says whether it
    makes images too.
    """

    title: str
    capabilities: Capabilities
    prices: Prices
    availability: Availability
    until_ms: int = 0
    account_error: str | None = None
    median_duration_ms: int | None = None
    makes_images: bool = False
    speeds: tuple[SpeedStatus, ...] = ()


@dataclass(frozen=True)
class ProviderOffer:
    """Hold what a provider makes for which prices, however it is doing."""

    title: str
    prices: Prices
    resolutions: tuple[Resolution, ...]
    makes_images: bool


class ProviderDirectory:
    """Tell about providers, and rank them; `providers` come in their usual order."""

    def __init__(self, store: Store, providers: Mapping[str, Provider], prices: PriceList, clock: Clock) -> None:
        self._store = store
        self._providers = providers
        self._prices = prices
        self._clock = clock
        self._speeds: dict[str, tuple[int, tuple[SpeedStatus, ...]]] = {}

    @property
    def titles(self) -> dict[str, str]:
        """Give the enabled providers' names and titles."""
        return {name: provider.title for name, provider in self._providers.items()}

    def find_names(self, typed: Sequence[str]) -> list[str]:
        """Find providers by the names or titles that were typed, each once; raises `NoSuchProvider`."""
        return list(dict.fromkeys(find_provider(self._providers.values(), one).name for one in typed))

    async def rank(self, guild_id: int, names: Sequence[str], by: int | None = None) -> list[str]:
        """Set a server's order if one is named, and give the titles of all enabled providers in it."""
        if names:
            await self._store.guild_settings.rank(guild_id, names, self._clock(), by)
        return [provider.title for provider in await self._ranked(guild_id)]

    async def all(self, guild_id: int) -> list[ProviderStatus]:
        """Give every enabled provider's offer, in the server's order."""
        return await asyncio.gather(*(self._status(provider) for provider in await self._ranked(guild_id)))

    async def offers(self, guild_id: int) -> list[ProviderOffer]:
        """Give what each enabled provider makes, in the server's order; nobody is asked."""
        return [
            ProviderOffer(
                provider.title,
                self._prices.at(provider.name),
                tuple(provider.capabilities.resolutions),
                provider.images is not None,
            )
            for provider in await self._ranked(guild_id)
        ]

    async def _ranked(self, guild_id: int) -> list[Provider]:
        ranking = await self._store.guild_settings.ranking(guild_id)
        return sort_by_rank(self._providers.values(), ranking)

    async def _status(self, provider: Provider) -> ProviderStatus:
        now = self._clock()
        health = await self._store.provider_health.get(provider.name)
        availability: Availability = health.state(now).value
        if availability != "open" and health.account_blocked(now):
            availability = "account_error"
        return ProviderStatus(
            title=provider.title,
            capabilities=provider.capabilities,
            prices=self._prices.at(provider.name),
            availability=availability,
            until_ms=self._clock.to_wall(health.paused_until_ms),
            account_error=health.account_error,
            median_duration_ms=await self._store.queue.median_duration_ms(provider.name, Kind.VIDEO),
            makes_images=provider.images is not None,
            speeds=await self._speed_status(provider),
        )

    async def _speed_status(self, provider: Provider) -> tuple[SpeedStatus, ...]:
        until_ms, speeds = self._speeds.get(provider.name, (0, ()))
        if self._clock() < until_ms:
            return speeds
        # Written down before it is asked, so that many members at once ask once.
        self._speeds[provider.name] = (self._clock() + CACHE_MS, speeds)
        try:
            async with asyncio.timeout(ASK_SECONDS):
                speeds = await provider.speed_status()
        except (ProviderError, TimeoutError) as error:
            log.info("%s did not say how it is doing: %s", provider.name, error)
            speeds = ()
        self._speeds[provider.name] = (self._clock() + CACHE_MS, speeds)
        return speeds
