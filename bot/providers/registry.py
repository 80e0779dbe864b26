"""Every provider that the bot can work with, by its name in the settings."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from types import MappingProxyType

from bot.config import ProviderAccount
from bot.providers.acedata import AceData
from bot.providers.apimart import ApiMart
from bot.providers.base import Provider
from bot.providers.cometapi import CometApi
from bot.providers.ttapi import Ttapi

OPENERS: Mapping[str, Callable[[str, str], Provider]] = MappingProxyType(
    {"ttapi": Ttapi, "acedata": AceData, "apimart": ApiMart, "cometapi": CometApi}
)
"""How to begin to speak with each, given key and address."""

TITLES: Mapping[str, str] = MappingProxyType({one.name: one.title for one in (Ttapi, AceData, ApiMart, CometApi)})
"""The names that people read; those of providers that are switched off too, for their old jobs."""


def title_of(name: str) -> str:
    """Give the name that people read for a provider's name in settings and rows."""
    return TITLES.get(name, name)


def open_providers(stack: AsyncExitStack, accounts: Mapping[str, ProviderAccount]) -> dict[str, Provider]:
    """Begin to speak with each provider that has a key, in the accounts' order, until the stack closes."""
    providers: dict[str, Provider] = {}
    for name, account in accounts.items():
        providers[name] = OPENERS[name](account.key.get_secret_value(), account.base_url)
        stack.push_async_callback(providers[name].aclose)
    return providers
