"""Mod logs are written: what a message tells is off the table once it has arrived, and else due again."""

from collections.abc import Awaitable, Callable

from bot.db.mod_log import AT_ONCE
from bot.db.store import ModLog
from bot.domain.clock import Clock
from bot.domain.log_turns import Batch
from bot.worker.outbox import Outbox


class LogWriter(Outbox[Batch]):
    """Send the messages of mod logs that are due."""

    def __init__(self, mod_log: ModLog, send: Callable[[Batch], Awaitable[bool]], clock: Clock) -> None:
        super().__init__("mod logs", mod_log.take, AT_ONCE, self._tell, clock, lambda batch: f"server {batch.guild_id}")
        self._mod_log = mod_log
        self._deliver = send

    async def _tell(self, batch: Batch) -> None:
        if await self._deliver(batch):
            await self._mod_log.told(batch)
