"""Providers by the names that people use, and in the order that a server's admins want."""

from collections.abc import Iterable, Sequence

from bot.errors import NoSuchProvider
from bot.providers.base import Provider


def find_named(providers: Iterable[Provider], typed: str) -> Provider:
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
