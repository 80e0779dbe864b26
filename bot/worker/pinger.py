"""Members are told that their jobs have ended."""

from collections.abc import Awaitable, Callable

from bot.db.pings import AT_ONCE
from bot.db.store import Pings
from bot.domain.clock import Clock
from bot.domain.pings import Ping
from bot.worker.outbox import Outbox


class Pinger(Outbox[Ping]):
    """Send the pings that are due."""

    def __init__(self, pings: Pings, send: Callable[[Ping], Awaitable[None]], clock: Clock) -> None:
        super().__init__("pings", pings.take, AT_ONCE, send, clock, lambda ping: f"job {ping.jobs[0].job_id}")
