"""What happens behind the scenes, told to the tabs that watch: everything once, then what changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

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
from sandbox.web.wire.activity import Activity

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.25
"""Between two polls; what changes meanwhile is told together."""

Send = Callable[[Activity], None]
"""Takes a report for one tab, and does not wait."""


class ActivityFeed:
    """Report what goes on behind the scenes as long as anybody watches, and inject the faults of the buttons."""

    def __init__(self, sandbox: Sandbox, supervisor: BotSupervisor) -> None:
        redactor = Redactor(sandbox)

        def name(user_id: int) -> str:
            user = sandbox.discord.users.get(user_id)
            return str(user_id) if user is None else user.title

        self._fault_buttons = FaultButtons(sandbox, supervisor)
        self._jobs = ProviderJobs(sandbox, BodyPreview(redactor))
        self._calls = CallLog(sandbox, redactor)
        self._log = LogTail(sandbox.log, redactor)
        self._ledger_audit = LedgerAudit(sandbox.database, name)
        self._snapshots = SnapshotCache(jobs=NEWEST_JOBS, calls=NEWEST_CALLS, lines=NEWEST_LINES)
        self._newcomers: list[Send] = []
        """Those who still have to be told everything."""
        self._watchers: list[Send] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self._fault_buttons.end()

    def watch(self, send: Send) -> Callable[[], None]:
        """Send everything, and from then on what changes, until the function that this gives back is called."""
        self._newcomers.append(send)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="behind the scenes")

        def unwatch() -> None:
            for watchers in (self._newcomers, self._watchers):
                if send in watchers:
                    watchers.remove(send)

        return unwatch

    def inject_fault(self, name: str) -> None:
        """Click a fault button; raise `Refused` with a sentence when that makes no sense now."""
        self._fault_buttons.click(name)

    async def _run(self) -> None:
        while self._newcomers or self._watchers:
            try:
                await self._poll()
            except Exception:
                log.exception("a poll behind the scenes failed")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _poll(self) -> None:
        lines, credits = await asyncio.to_thread(lambda: (self._log.read_changes(), self._ledger_audit.read_changes()))
        found: Activity = {
            "jobs": self._jobs.read_changes(),
            "calls": self._calls.read_changes(),
            "log": lines,
            "faults": self._fault_buttons.rows(),
        }
        if credits is not None:
            found |= {"accounts": credits["accounts"], "ledger": credits["ledger"]}
        changes = self._snapshots.take(found)
        if changes:
            for send in list(self._watchers):
                send(changes)
        newcomers, self._newcomers = self._newcomers, []
        for send in newcomers:
            self._watchers.append(send)
            send(self._snapshots.everything())
