"""Servers come and go: what waits in one that removed the bot is refunded, and never sent."""

import logging
from collections.abc import Callable

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.errors import ServerLeft

log = logging.getLogger(__name__)


class Servers:
    """Follow which servers the bot is in."""

    def __init__(self, store: Store, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake

    async def leave(self, guild_id: int) -> None:
        """End what waits in a server that the bot was removed from; what its provider has already goes on."""
        refunded = await self._store.waiting.leave(guild_id, ServerLeft(), self._clock())
        if refunded:
            log.info("server %s removed the bot: %d waiting jobs are refunded", guild_id, len(refunded))
            self._wake()

    async def join(self, guild_id: int) -> None:
        """Work for a server again."""
        await self._store.waiting.join(guild_id)

    async def reconcile(self, there: Callable[[int], bool | None]) -> None:
        """Catch up with what happened while the bot was away, or could not be written down.

        `there` tells whether the bot is in a server, None where that is not for this process to know.
        """
        for guild_id in sorted(await self._store.left_servers.kept()):
            if there(guild_id) is False:
                await self.leave(guild_id)
        for guild_id in sorted(await self._store.waiting.left()):
            if there(guild_id):
                await self.join(guild_id)
