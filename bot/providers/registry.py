"""Every provider that the bot can work with, by its name in the settings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from types import MappingProxyType

from bot.config import ProviderAccount
from bot.errors import NoProvider, NoSuchProvider
from bot.providers.acedata import AceData
from bot.providers.apimart.videos import ApiMart
from bot.providers.base import Provider
from bot.providers.cometapi import CometApi
from bot.providers.ttapi.videos import Ttapi

OPENERS: Mapping[str, Callable[[str, str], Provider]] = MappingProxyType(
    {"ttapi": Ttapi, "acedata": AceData, "apimart": ApiMart, "cometapi": CometApi}
)
"""How to begin to speak with each, given key and address."""

TITLES: Mapping[str, str] = MappingProxyType({one.name: one.title for one in (Ttapi, AceData, ApiMart, CometApi)})
"""The names that people read; those of providers that are switched off too, for their old jobs."""


def title_of(name: str) -> str:
    """Give the name that people read for a provider's name in settings and rows."""
    return TITLES.get(name, name)


def provider_of(providers: Mapping[str, Provider], name: str) -> Provider:
    """Give an enabled provider by its name; raises `NoProvider` for one that has no key (any more)."""
    if name not in providers:
        raise NoProvider(title_of(name))
    return providers[name]


def open_providers(stack: AsyncExitStack, accounts: Mapping[str, ProviderAccount]) -> dict[str, Provider]:
    """Begin to speak with each provider that has a key, in the accounts' order, until the stack closes."""
    providers: dict[str, Provider] = {}
    for name, account in accounts.items():
        providers[name] = OPENERS[name](account.key.get_secret_value(), account.base_url)
        stack.push_async_callback(providers[name].aclose)
    return providers


def find_provider(providers: Iterable[Provider], typed: str) -> Provider:
    """Find a provider by the name or the title that was typed; raises `NoSuchProvider`."""
    wanted = typed.strip().casefold()
    everyone = list(providers)
    for provider in everyone:
        if wanted in (provider.name.casefold(), provider.title.casefold()):
            return provider
    raise NoSuchProvider(wanted[:40], tuple(provider.title for provider in everyone))


def sort_by_rank(providers: Iterable[Provider], ranking: Sequence[str]) -> list[Provider]:
    """Put providers into a server's order; those that nobody ranked come last, in their usual order."""
    places = {name: place for place, name in enumerate(ranking)}
    return sorted(providers, key=lambda provider: places.get(provider.name, len(places)))
