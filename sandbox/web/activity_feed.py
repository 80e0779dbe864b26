"""What happens behind the scenes, told to the tabs that watch: everything once, then what changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sandbox.discord.json_types import Json
from sandbox.harness import Sandbox
from sandbox.web.body_preview import BodyPreview
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.call_log import NEWEST_CALLS, CallLog
from sandbox.web.fault_buttons import FaultButtons
from sandbox.web.ledger_audit import LedgerAudit
from sandbox.web.log_tail import NEWEST_LINES, LogTail
from sandbox.web.provider_jobs import NEWEST_JOBS, ProviderJobs
from sandbox.web.redaction import Redactor
from sandbox.web.snapshot_cache import SnapshotCache

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.25
"""Between two looks; what changes meanwhile is told together."""

Send = Callable[[Json], None]
"""Takes a message for one tab, and does not wait."""


class ActivityFeed:
    """Look behind the scenes as long as anybody watches, and press the buttons that break things."""

    def __init__(self, sandbox: Sandbox, keeper: BotSupervisor) -> None:
        blotter = Redactor(sandbox)

        def name(user_id: int) -> str:
            user = sandbox.discord.users.get(user_id)
            return str(user_id) if user is None else user.title

        self._breaks = FaultButtons(sandbox, keeper)
        self._jobs = ProviderJobs(sandbox, BodyPreview(blotter))
        self._calls = CallLog(sandbox, blotter)
        self._log = LogTail(sandbox.log, blotter)
        self._books = LedgerAudit(sandbox.database, name)
        self._known = SnapshotCache(jobs=NEWEST_JOBS, calls=NEWEST_CALLS, lines=NEWEST_LINES)
        self._new: list[Send] = []
        """Those who still have to be told everything."""
        self._watching: list[Send] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self._breaks.end()

    def watch(self, send: Send) -> Callable[[], None]:
        """Send everything, and from then on what changes, until the function that this gives back is called."""
        self._new.append(send)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_on(), name="behind the scenes")

        def unwatch() -> None:
            for tabs in (self._new, self._watching):
                if send in tabs:
                    tabs.remove(send)

        return unwatch

    async def press(self, name: str) -> None:
        """Press a button; raise `Refused` with a sentence when that makes no sense now."""
        self._breaks.press(name)

    async def _look_on(self) -> None:
        while self._new or self._watching:
            try:
                await self._look()
            except Exception:
                log.exception("a look behind the scenes failed")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _look(self) -> None:
        lines, books = await asyncio.to_thread(lambda: (self._log.news(), self._books.news()))
        found = {"jobs": self._jobs.news(), "calls": self._calls.news(), "log": lines, "breaks": self._breaks.rows()}
        changes = self._known.take(found | (books or {}))
        if changes:
            for send in list(self._watching):
                send({"op": "backstage", **changes})
        new, self._new = self._new, []
        for send in new:
            self._watching.append(send)
            send({"op": "backstage", **self._known.everything()})
