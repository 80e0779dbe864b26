"""`GET /metrics` on METRICS_PORT, and nothing else there: what was heard, and which jobs are under way."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from bot.config import Settings
from bot.db.store import JobCounts
from bot.domain.clock import Clock
from bot.errors import DatabaseError, SettingsError
from bot.metrics import SILENT, JobCount, Metrics
from bot.web import one_request, serving

FRESH_SECONDS = 5.0
"""How long what was read holds: who asks without a pause does not make the database count without one."""

READ_SECONDS = 5.0
"""How long the database may take; Prometheus gives a whole scrape 10."""

TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"
"""The media type of Prometheus' text format."""


def open_metrics(settings: Settings, clock: Clock) -> Metrics:
    """Begin to listen, if there is a METRICS_PORT; raise `SettingsError` when what that needs is not installed."""
    if settings.metrics_port is None:
        return SILENT
    try:
        from bot.prometheus import Prometheus  # only who asks for metrics needs what it imports
    except ModuleNotFoundError:
        raise SettingsError("METRICS_PORT", "needs the extra `metrics`: pip install 'animatic[metrics]'.") from None
    return Prometheus(clock)


class JobsUnderWay:
    """Remember for a while which jobs are under way."""

    def __init__(
        self, counts: JobCounts, seconds: Callable[[], float] = time.monotonic, read_seconds: float = READ_SECONDS
    ) -> None:
        self._counts = counts
        self._read_seconds = read_seconds
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._read: float | None = None
        self._found: Sequence[JobCount] | None = None

    async def count(self) -> Sequence[JobCount] | None:
        """Tell how many there are of each state, kind and provider; None while the database does not tell."""
        async with self._turn:
            if self._read is None or self._seconds() - self._read >= FRESH_SECONDS:
                self._found = await self._ask()
                self._read = self._seconds()
            return self._found

    async def _ask(self) -> Sequence[JobCount] | None:
        try:
            async with asyncio.timeout(self._read_seconds):
                return await self._counts.under_way()
        except (DatabaseError, TimeoutError):
            return None


def build_page(metrics: Metrics, jobs: JobsUnderWay, clock: Clock) -> web.Application:
    """Build the app that answers a scrape, and 404 to all else."""

    async def page(_: web.Request) -> web.Response:
        found = await jobs.count()
        return web.Response(body=metrics.page(found, clock()), headers={"Content-Type": TEXT_FORMAT})

    app = web.Application(middlewares=[one_request])
    app.router.add_get("/metrics", page)
    return app


@asynccontextmanager
async def serving_metrics(
    settings: Settings, metrics: Metrics, counts: JobCounts, clock: Clock
) -> AsyncGenerator[None]:
    """Serve the page until the block ends, if there is a METRICS_PORT; raise `SettingsError` when that is taken."""
    if settings.metrics_port is None:
        yield
        return
    app = build_page(metrics, JobsUnderWay(counts), clock)
    async with serving(app, settings.http_host, settings.metrics_port, port_setting="METRICS_PORT"):
        yield
