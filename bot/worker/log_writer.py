"""Mod logs are written."""

from collections.abc import Awaitable, Callable

from bot.db.mod_log import AT_ONCE
from bot.db.store import ModLog
from bot.domain.clock import Clock
from bot.domain.log_turns import Batch
from bot.worker.outbox import Outbox


class LogWriter(Outbox[Batch]):
    """Send the messages of mod logs that are due."""

    def __init__(self, mod_log: ModLog, send: Callable[[Batch], Awaitable[None]], clock: Clock) -> None:
        super().__init__("mod logs", mod_log.take, AT_ONCE, send, clock, lambda batch: f"server {batch.guild_id}")
