"""In which language those who read a message are spoken to."""

import logging
from collections.abc import Awaitable

from bot.db.locales import Locales
from bot.errors import DatabaseError

log = logging.getLogger(__name__)


class Readers:
    """Ask for it before something is drawn; who cannot be asked about reads English."""

    def __init__(self, locales: Locales) -> None:
        self._locales = locales

    async def server(self, guild_id: int) -> str | None:
        """Give the language of what everybody in a server sees, by Discord's code."""
        return await self._asked(self._locales.get_server(guild_id))

    async def member(self, guild_id: int, user_id: int) -> str | None:
        """Give the language of what one member alone sees."""
        return await self._asked(self._locales.get(guild_id, user_id))

    @staticmethod
    async def _asked(locale: Awaitable[str | None]) -> str | None:
        try:
            return await locale
        except DatabaseError as error:
            log.warning("it is not known which language is read: %s", error)
            return None
