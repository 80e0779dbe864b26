"""Words and options that members keep under names of their own, to be named in /imagine and /video."""

import unicodedata
from collections.abc import Mapping

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.member_settings import Preset
from bot.domain.params import MAX_PROMPT, Preferences
from bot.errors import BadPreset, NoSuchPreset, PresetProblem
from bot.providers.base import Provider
from bot.providers.registry import find_provider

MOST_PRESETS = 25
"""How many a member may have in a server: as many as Discord suggests at once."""

LONGEST_NAME = 32
"""Characters of a preset's name."""


class Presets:
    """Carry out /preset."""

    def __init__(self, store: Store, providers: Mapping[str, Provider], clock: Clock) -> None:
        self._store = store
        self._providers = providers
        self._clock = clock

    def check(self, name: str, words: str, options: Preferences) -> Preset:
        """Check what is to be kept; touches neither disk nor network. Raises `BadPreset`."""
        words = words.strip()
        named = preset_name(name)
        if not 0 < len(named) <= LONGEST_NAME:
            raise BadPreset(PresetProblem.NAME, len(named), LONGEST_NAME)
        if len(words) > MAX_PROMPT:
            raise BadPreset(PresetProblem.WORDS, len(words), MAX_PROMPT)
        if not words and not options.chosen:
            raise BadPreset(PresetProblem.EMPTY)
        return Preset(named, words, options)

    def provider_name(self, typed: str | None) -> str | None:
        """Give the name of a provider that was typed by name or title; raises `NoSuchProvider`."""
        return None if typed is None else find_provider(self._providers.values(), typed).name

    async def save(self, guild_id: int, user_id: int, preset: Preset) -> bool:
        """Keep a preset; tells whether one of its name was replaced. Raises `TooManyPresets`."""
        return await self._store.presets.save(guild_id, user_id, preset, MOST_PRESETS, self._clock.wall_ms())

    async def of_member(self, guild_id: int, user_id: int) -> list[Preset]:
        """List a member's presets by their names."""
        return await self._store.presets.of_member(guild_id, user_id)

    async def suggestions(self, guild_id: int, user_id: int, typed: str) -> list[str]:
        """Name a member's presets that hold what they have typed so far."""
        part = preset_name(typed).casefold()
        return [one.name for one in await self.of_member(guild_id, user_id) if part in one.name.casefold()]

    async def delete(self, guild_id: int, user_id: int, name: str) -> str:
        """Forget a preset, and give its name as it was kept; raises `NoSuchPreset`."""
        named = preset_name(name)
        if not await self._store.presets.delete(guild_id, user_id, named):
            raise NoSuchPreset(named)
        return named


def preset_name(typed: str) -> str:
    """Write a name as it is kept: on one line, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", typed).split())
