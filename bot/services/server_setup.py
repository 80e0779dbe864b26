"""/setup: everything that a server decides, shown together and changed one area at a time."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.periods import Period
from bot.domain.server_settings import Area, ServerSettings
from bot.errors import ChangedMeanwhile, DatabaseError, NotReadInTime
from bot.providers.base import Provider
from bot.services.setup_edits import SetupForm, edited

FORM_SECONDS = 1.0
"""How long a form waits for what it is to hold: it must open within 3 s (discord.md, section 1)."""

MOST_NAMED = 10
"""Channels, or roles, of a new rule that the moderators' log is told."""

MOST_TOLD = 300
"""Characters of a new value that the moderators' log is told."""


@dataclass(frozen=True)
class Usual:
    """Hold what counts where a server decided nothing: the bot's own settings, and its providers' names and titles.

    A `server_credits` of 0 is no limit.
    """

    credits: int
    period: Period
    server_credits: int
    providers: Mapping[str, str]


class ServerSetup:
    """Show and change what a server decides."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        clock: Clock,
        *,
        credits: int,
        period: Period,
        server_credits: int,
    ) -> None:
        self._store = store
        self._clock = clock
        titles = {name: provider.title for name, provider in providers.items()}
        self.usual = Usual(credits, period, server_credits, titles)

    async def get(self, guild_id: int) -> ServerSettings:
        """Give all that a server decided."""
        return await self._store.guild_settings.get(guild_id)

    async def period(self, guild_id: int) -> Period:
        """Tell how often credits renew in a server."""
        return (await self.get(guild_id)).period or self.usual.period

    async def get_in_time(self, guild_id: int) -> ServerSettings:
        """Give it for a form, within `FORM_SECONDS`; raise `NotReadInTime` where the database does not tell by then."""
        try:
            async with asyncio.timeout(FORM_SECONDS):
                return await self.get(guild_id)
        except (TimeoutError, DatabaseError):
            raise NotReadInTime from None

    async def change(self, guild_id: int, form: SetupForm, by: int) -> ServerSettings:
        """Change one area as a form has it, in one transaction with its line in the moderators' log.

        Raises `BadSetup`, or `ChangedMeanwhile` where the area is not any more as the form showed it; then nothing
        is changed.
        """

        def edit(before: ServerSettings) -> ServerSettings:
            after = edited(before, form, self.usual.providers)
            if before.fingerprint(form.area) not in (form.seen, after.fingerprint(form.area)):
                raise ChangedMeanwhile(form.area)
            return after

        def tell(before: ServerSettings, after: ServerSettings) -> list[tuple[str, str | None]]:
            return _changes(before, after, form.area)

        return await self._store.guild_settings.change(guild_id, edit, self._clock(), by=by, tell=tell)


def _changes(before: ServerSettings, after: ServerSettings, area: Area) -> list[tuple[str, str | None]]:
    old, new = before.part(area), after.part(area)
    return [(name, _as_text(name, value)) for name, value in new.items() if value != old[name]]


def _as_text(name: str, value: Any) -> str | None:
    """Write a new value as people read it in Discord; None where nothing is decided any more."""
    if value is None or value == []:
        return None
    if name.endswith(("_channels", "_roles")):
        sign = "#" if name.endswith("_channels") else "@&"
        return " ".join(f"<{sign}{one}>" for one in value[:MOST_NAMED])
    if name.endswith("channel_id"):
        return f"<#{value}>"
    text = str(value).replace("\n", ", ")
    return text if len(text) <= MOST_TOLD else f"{text[: MOST_TOLD - 1]}…"
