"""Callbacks: telling the client that a job ended."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import aiohttp
from yarl import URL

from sandbox.bounded_log import BoundedLog
from sandbox.provider.model.job import Job, Json
from sandbox.provider.model.notifier import Notifier
from sandbox.provider.model.settings import ProviderSettings

TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True)
class Delivery:
    """One attempt to deliver a callback; ``status`` is None when nobody answered.

    ``at`` is when it began, in seconds since 1970, and ``took`` how many seconds it lasted.
    """

    job_id: str
    url: str
    body: Json
    status: int | None
    at: float
    took: float


class Callbacks:
    """Posts a job's description to the address that its order named."""

    def __init__(self, settings: ProviderSettings, notifier: Notifier, session: aiohttp.ClientSession) -> None:
        self.deliveries: BoundedLog[Delivery] = BoundedLog(lambda: settings.kept_deliveries)
        self._settings = settings
        self._notifier = notifier
        self._session = session

    async def send_final(self, job: Job) -> None:
        for _ in range(2 if self._settings.callbacks == "twice" else 1):
            await self.send(job)

    async def send(self, job: Job) -> None:
        """Deliver the job as it stands now; anything but 200 is tried again, as often as its order says."""
        if job.callback_url is None or self._settings.callbacks == "never":
            return
        body = job.describe(job)
        for attempt in range(job.order.callback_tries):
            if attempt:
                await asyncio.sleep(self._settings.callback_retry_seconds)
            at = time.time()
            status = await self._post(job.callback_url, body)
            self.deliveries.append(Delivery(job.id, job.callback_url, body, status, at, time.time() - at))
            self._notifier.notify()
            if status == 200:
                return

    async def _post(self, url: str, body: Json) -> int | None:
        try:
            async with self._session.post(
                URL(url, encoded=True), json=body, timeout=TIMEOUT, allow_redirects=False
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return None
