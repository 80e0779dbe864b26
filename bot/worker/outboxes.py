"""Everything that is told beside the steps, begun and ended together."""

import asyncio

from bot.db.leases import Outlook
from bot.worker.log_writer import LogWriter
from bot.worker.pinger import Pinger


class Outboxes:
    """Send what is due of each kind."""

    def __init__(self, pinger: Pinger, log_writer: LogWriter) -> None:
        self._pinger = pinger
        self._log_writer = log_writer

    def begin(self, outlook: Outlook) -> None:
        """Send what is due, and do not wait for it."""
        if outlook.pings_due:
            self._pinger.begin()
        if outlook.log_due:
            self._log_writer.begin()

    async def end(self) -> None:
        """Take no further message; let those on their way arrive within bounds."""
        await asyncio.gather(self._pinger.end(), self._log_writer.end())
