"""Jobs and their life: queue, run, render, end; it knows no vendor's wire format."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import aiohttp

from sandbox.provider.engine.callbacks import Callbacks
from sandbox.provider.engine.image_fetch import BadLinkError, fetch_image
from sandbox.provider.engine.job_store import JobStore
from sandbox.provider.engine.prompt_strikes import PromptStrikes
from sandbox.provider.model.faults import FailLater, FewerClips, JobFault, Stuck
from sandbox.provider.model.image_jobs import is_image_job
from sandbox.provider.model.job import Job, Json, Order, State
from sandbox.provider.model.notifier import Notifier
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.rendering.clips import make_clip
from sandbox.provider.rendering.images import READY_MADE_SIDE, make_images

STEPS = 20
IMAGES = 4
WORKERS = 2


class QueueFullError(Exception):
    """As many jobs as the account may have are unfinished."""


class Engine:
    """Accepts orders and carries each one out in a task of its own; rendering and drawing happen in two threads."""

    def __init__(
        self, settings: ProviderSettings, notifier: Notifier, session: aiohttp.ClientSession, folder: Path
    ) -> None:
        self.store = JobStore(settings, folder)
        self.prompt_strikes = PromptStrikes()
        self.callbacks = Callbacks(settings, notifier, session)
        self._settings = settings
        self._notifier = notifier
        self._session = session
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop = threading.Event()
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="fake-provider")

    @property
    def jobs(self) -> dict[str, Job]:
        return self.store.jobs

    async def close(self) -> None:
        self._stop.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    def accept(
        self,
        order: Order,
        describe: Callable[[Job], Json],
        job_fault: JobFault | None = None,
        job_id: str | None = None,
        vendor: str = "",
    ) -> Job:
        """Start a job; ``describe`` gives the body of its callbacks, ``job_id`` its name where that is no UUID.

        Raises:
            QueueFullError: when ``max_running`` jobs are unfinished.
        """
        if len(self.store.unfinished) >= self._settings.max_running:
            raise QueueFullError
        job = Job(self.store.accepted + 1, order, describe, job_fault, vendor=vendor)
        job.id = job_id or job.id
        self.store.add(job)
        task = asyncio.create_task(self._run_to_its_end(job), name=f"provider job {job.number}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._notifier.notify()
        return job

    def release(self) -> None:
        """Let paused and held jobs go on."""
        self._settings.paused = self._settings.hold = False
        self._notifier.notify()

    def finish(self, job_id: str) -> None:
        """Let one job end without waiting any longer for anything but its clips."""
        self.jobs[job_id].finish_early.set()
        self._notifier.notify()

    async def until_over(self, job: Job, closing: asyncio.Event) -> None:
        """Wait until a job has ended, or the provider closes."""
        await self._notifier.until(lambda: job.state.over or closing.is_set())

    async def check_links(self, order: Order) -> None:
        """Fetch an order's images before it is accepted.

        Raises:
            BadLinkError: when one of them cannot be had.
        """
        for link in (order.image_url, order.end_url):
            if link is not None:
                await self._fetch(link)

    async def _run_to_its_end(self, job: Job) -> None:
        try:
            await self._queue(job)
            await self._run_in_time(job)
        except BadLinkError as error:
            self._end(job, State.FAILED, f"[Invalid link!] {error}")
        except Exception as error:
            self._end(job, State.FAILED, f"[Internal error] {type(error).__name__}")
            raise
        finally:
            if job.state.over:
                await self.callbacks.send_final(job)

    async def _queue(self, job: Job) -> None:
        await self._fetch_images(job)
        self._notifier.notify()
        await self._wait(job, self._settings.queue_seconds)
        await self._notifier.until(lambda: not self._settings.paused or job.finish_early.is_set())

    async def _fetch_images(self, job: Job) -> None:
        order = job.order
        image = order.image if order.image_url is None else await self._fetch(order.image_url)
        if image is not None:
            job.image_path, job.image_sha256 = self._keep(job, "start", image)
        if order.end_url is not None:
            job.end_image_path, job.end_image_sha256 = self._keep(job, "end", await self._fetch(order.end_url))

    def _keep(self, job: Job, name: str, image: bytes) -> tuple[Path, str]:
        """Write an image to the job's folder, as memory would fill with them; return its path and SHA-256."""
        path = self.store.folder_of(job) / name
        path.write_bytes(image)
        return path, hashlib.sha256(image).hexdigest()

    async def _run_in_time(self, job: Job) -> None:
        seconds = job.order.timeout
        limit = asyncio.timeout(None if seconds is None else seconds * self._settings.timeout_scale)
        try:
            async with limit:
                await self._run(job)
        except TimeoutError:
            if not limit.expired():
                raise
            self._end(job, State.FAILED, "job timeout")

    async def _run(self, job: Job) -> None:
        job.state, job.started_at = State.RUNNING, time.time()
        self._notifier.notify()
        if isinstance(job.fault, Stuck):
            await asyncio.Event().wait()
        if self._settings.callbacks == "early":
            await self.callbacks.send(job)
        making = asyncio.gather(*([] if isinstance(job.fault, FailLater) else self._make(job)))
        try:
            await self._advance(job)
            clips = await making
        finally:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)
        await self._notifier.until(lambda: not self._settings.hold or job.finish_early.is_set())
        if isinstance(job.fault, FailLater):
            job.quota = job.price if job.fault.charged else 0
            self._end(job, State.FAILED, job.fault.message)
            return
        job.clips = [clip for clip in clips if clip is not None]
        job.quota = job.price
        job.progress = 100
        self._end(job, State.DONE, "success")

    async def _advance(self, job: Job) -> None:
        for step in range(1, STEPS + 1):
            await self._wait(job, self._settings.run_seconds / STEPS)
            job.progress = min(99, 100 * step // STEPS)
            if self._settings.progress_goes_back and step == STEPS // 2 + 1:
                job.progress = 100 // 4
            self._notifier.notify()

    def _make(self, job: Job) -> list[Awaitable[Path | None]]:
        if is_image_job(job):
            return [self._draw(job, self._count(job, IMAGES))]
        loop = asyncio.get_running_loop()
        folder = self.store.folder_of(job)
        return [
            loop.run_in_executor(self._threads, make_clip, folder, job, slot, self._settings, self._stop)
            for slot in range(self._count(job, job.options.clips))
        ]

    async def _draw(self, job: Job, count: int) -> None:
        loop = asyncio.get_running_loop()
        side = READY_MADE_SIDE if self._settings.ready_made else self._settings.image_side
        job.image_result = await loop.run_in_executor(
            self._threads, make_images, self.store.folder_of(job), job, count, side
        )
        self._notifier.notify()

    def _count(self, job: Job, wanted: int) -> int:
        return min(wanted, job.fault.count) if isinstance(job.fault, FewerClips) else wanted

    def _end(self, job: Job, state: State, message: str) -> None:
        if state is State.FAILED:
            job.progress = None
        job.state, job.message, job.finished_at = state, message, time.time()
        self.store.end(job)
        self._notifier.notify()

    async def _wait(self, job: Job, seconds: float) -> None:
        try:
            await asyncio.wait_for(job.finish_early.wait(), seconds)
        except TimeoutError:
            return

    async def _fetch(self, link: str) -> bytes:
        return await fetch_image(self._session, link, self._settings.max_image_bytes)
