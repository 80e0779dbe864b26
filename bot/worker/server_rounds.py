"""It is looked from time to time which servers the bot is in: a removal may not have been heard of or written down."""

import asyncio
import logging
from collections.abc import Callable

from bot.errors import DatabaseError
from bot.services.servers import Servers

log = logging.getLogger(__name__)

LOOK_SECONDS = 3600.0


class ServerRounds:
    """Catch up with the servers until cancelled; `there` tells whether the bot is in one, None where it cannot."""

    def __init__(
        self, servers: Servers, there: Callable[[int], bool | None], *, look_seconds: float = LOOK_SECONDS
    ) -> None:
        self._servers = servers
        self._there = there
        self._look_seconds = look_seconds

    async def run(self) -> None:
        """Look again and again; the first time is when the gateway is ready."""
        while True:
            await asyncio.sleep(self._look_seconds)
            try:
                await self._servers.reconcile(self._there)
            except DatabaseError as error:
                log.warning("it cannot be looked at which servers the bot has left: %s", error)
