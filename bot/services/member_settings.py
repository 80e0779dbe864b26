"""What a member chose beforehand: settings for all their requests, and the preset that one of these names."""

import asyncio
import logging
from collections.abc import Mapping

from bot.db.store import Store
from bot.domain.member_settings import MemberSettings
from bot.domain.params import Preferences
from bot.domain.server_settings import ServerSettings
from bot.errors import DatabaseError, NoSuchPreset, NotInServer
from bot.providers.base import Provider
from bot.providers.registry import find_provider
from bot.services.presets import preset_name
from bot.services.requests import Preferred, Requester

log = logging.getLogger(__name__)

FORM_SECONDS = 1.0
"""How long a form waits for what it is to have set: it must open within 3 s (discord.md, section 1)."""

USUAL = "default"
"""What is typed to take a setting back."""

YES = "yes"
"""What is typed to have something always."""

Typed = str | bool | None


class MemberSettingsService:
    """Carry out /settings, and complete requests with what was chosen."""

    def __init__(self, store: Store, providers: Mapping[str, Provider]) -> None:
        self._store = store
        self._providers = providers

    async def preferred(self, requester: Requester, preset: str | None = None) -> Preferred:
        """Give what completes a request, in one statement; a preset comes before the settings.

        Raises `NoSuchPreset` for one that the member does not have, or no longer.
        """
        if requester.guild_id is None:
            raise NotInServer
        name = None if preset is None else preset_name(preset)
        settings, found = await self._store.member_settings.with_preset(requester.guild_id, requester.user_id, name)
        if name is None:
            return Preferred(settings.options)
        if found is None:
            raise NoSuchPreset(name)
        return Preferred(settings.options.under(found.options, words=bool(found.words)), found.words)

    async def preferred_in_time(self, requester: Requester) -> Preferences:
        """Give what a form is to have set, within `FORM_SECONDS`; nothing where the database does not tell in time."""
        try:
            async with asyncio.timeout(FORM_SECONDS):
                return (await self.preferred(requester)).options
        except (TimeoutError, DatabaseError) as error:
            log.warning("a form opens without the settings of member %s: %r", requester.user_id, error)
            return Preferences()

    def changes(self, typed: Mapping[str, Typed]) -> dict[str, str | int | None]:
        """Read what is to be changed from what was typed: `USUAL` takes a setting back.

        Raises `NoSuchProvider`.
        """
        return {name: self._value(name, value) for name, value in typed.items() if value is not None}

    async def change(self, guild_id: int, user_id: int, changes: Mapping[str, str | int | None]) -> MemberSettings:
        """Change some settings, or none, and give all of them."""
        if not changes:
            return await self._store.member_settings.get(guild_id, user_id)
        return await self._store.member_settings.change(guild_id, user_id, changes)

    async def of_server(self, guild_id: int) -> ServerSettings:
        """Give what a server decided, which counts where its members chose nothing, and for what it hides always."""
        return await self._store.guild_settings.get(guild_id)

    def _value(self, name: str, typed: str | bool) -> str | int | None:
        if isinstance(typed, bool):
            return int(typed)
        if typed.strip().casefold() == USUAL:
            return None
        if name == "translate":
            return int(typed == YES)
        if name == "provider":
            return find_provider(self._providers.values(), typed).name
        return int(typed) if name == "clips" else typed
