"""Every provider that the bot can work with."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from types import MappingProxyType

from bot.config import ProviderAccount
from bot.errors import NoProvider, NoSuchProvider
from bot.metrics import SILENT, Metrics
from bot.providers.acedata import AceData
from bot.providers.apimart.videos import ApiMart
from bot.providers.base import Provider
from bot.providers.cometapi import CometApi
from bot.providers.http_client import unwatched
from bot.providers.ttapi.videos import Ttapi

PROVIDERS = (Ttapi, AceData, ApiMart, CometApi)
"""Every provider, in the usual order; one line more is all that settings, commands and the doctor need of a new one."""

_BY_NAME = MappingProxyType({provider.name: provider for provider in PROVIDERS})


def provider_names() -> tuple[str, ...]:
    """Give the names used in settings and rows."""
    return tuple(_BY_NAME)


def title_of(name: str) -> str:
    """Give the name that people read for a provider's name in settings and rows; for one that is switched off too."""
    return _BY_NAME[name].title if name in _BY_NAME else name


def provider_of(providers: Mapping[str, Provider], name: str) -> Provider:
    """Give an enabled provider by its name; raises `NoProvider` for one that has no key (any more)."""
    if name not in providers:
        raise NoProvider(title_of(name))
    return providers[name]


def open_providers(
    stack: AsyncExitStack, accounts: Mapping[str, ProviderAccount], metrics: Metrics = SILENT
) -> dict[str, Provider]:
    """Begin to speak with each provider that has a key, in the accounts' order, until the stack closes."""
    providers: dict[str, Provider] = {}
    for name, account in accounts.items():
        provider = _BY_NAME[name]
        providers[name] = provider(
            account.key.get_secret_value(),
            account.base_url or provider.default_base_url,
            watch=unwatched if metrics is SILENT else partial(metrics.provider_called, name),
        )
        stack.push_async_callback(providers[name].aclose)
    return providers


def find_provider(providers: Iterable[Provider], typed: str) -> Provider:
    """Find a provider by the name or the title that was typed; raises `NoSuchProvider`."""
    needle = typed.strip().casefold()
    everyone = list(providers)
    for provider in everyone:
        if needle in (provider.name.casefold(), provider.title.casefold()):
            return provider
    raise NoSuchProvider(needle[:40], tuple(provider.title for provider in everyone))


def sort_by_rank(providers: Iterable[Provider], ranking: Sequence[str]) -> list[Provider]:
    """Put providers into a server's order; those that nobody ranked come last, in their usual order."""
    positions = {name: position for position, name in enumerate(ranking)}
    return sorted(providers, key=lambda provider: positions.get(provider.name, len(positions)))
