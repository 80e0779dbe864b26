"""The provider as a whole: one HTTP server on loopback, its settings, its faults and its records."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Self, TypeVar

import aiohttp
from aiohttp import web

from sandbox.bounded_log import BoundedLog
from sandbox.provider.engine.callbacks import Delivery
from sandbox.provider.engine.downloads import Downloads
from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.engine.engine import Engine
from sandbox.provider.engine.fault_queue import FaultQueues
from sandbox.provider.engine.request_log import Request, RequestLog
from sandbox.provider.model.faults import DownloadFault, FetchFault, SubmitFault
from sandbox.provider.model.imagine_tasks import ImagineTask
from sandbox.provider.model.job import Job
from sandbox.provider.model.notifier import Notifier
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.vendors import VENDORS

MAX_BODY = 32 * 1024 * 1024

T = TypeVar("T")


class FakeProvider:
    """A local provider of videos and images; ``async with`` starts it on a free port of 127.0.0.1.

    ``requests`` holds the newest requests in order, ``jobs`` the newest jobs by their id; how many is set by
    ``settings.kept_requests`` and its neighbours. Files live in a temporary folder that goes with the provider.
    """

    def __init__(self, key: str = "fake-key", settings: ProviderSettings | None = None) -> None:
        self.key = key
        self.settings = settings or ProviderSettings()
        self._faults = FaultQueues(self.settings)
        self._notifier = Notifier()
        self._request_log = RequestLog(self.settings, self._notifier)
        self._imagine_tasks: dict[str, ImagineTask] = {}
        self._closing = asyncio.Event()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="fake-provider-"))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            self._engine = Engine(self.settings, self._notifier, session, Path(folder))
            stack.push_async_callback(self._engine.close)
            self._downloads = Downloads(self._engine, self.settings, self._faults, self._closing)
            context = EndpointContext(
                self.key, self._engine, self._downloads, self.settings, self._faults, self._closing, self._imagine_tasks
            )
            self._protocols = [
                endpoints(replace(context, vendor=vendor.title))
                for vendor in VENDORS.values()
                for endpoints in vendor.endpoints
            ]
            self.base_url = self._downloads.base_url = await self._serve(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        self._notifier.notify()
        await self._stack.aclose()

    @property
    def requests(self) -> BoundedLog[Request]:
        return self._request_log.requests

    @property
    def jobs(self) -> dict[str, Job]:
        return self._engine.jobs

    @property
    def submits(self) -> int:
        """How many orders were accepted, extends and images included."""
        return self._engine.store.accepted

    @property
    def illegal_prompts(self) -> int:
        """How many prompts with banned words were sent to TTAPI as paid orders within a day; checks do not count."""
        return self._engine.prompt_strikes.today

    @property
    def deliveries(self) -> BoundedLog[Delivery]:
        """The newest attempts to deliver a callback."""
        return self._engine.callbacks.deliveries

    def next_order(self, fault: SubmitFault) -> None:
        """Let a fault befall the next order of any kind: a video, an extend or images."""
        self._faults.orders.add(fault)

    def next_submit(self, fault: SubmitFault) -> None:
        """Let a fault befall the next submit, or order for images; several queue up."""
        self._faults.submits.add(fault)

    def next_extend(self, fault: SubmitFault) -> None:
        """Let a fault befall the next extend."""
        self._faults.extends.add(fault)

    def next_fetch(self, fault: FetchFault) -> None:
        """Let a fault befall the next fetch of a job."""
        self._faults.fetches.add(fault)

    def next_download(self, fault: DownloadFault) -> None:
        """Let a fault befall the next download of a clip or an image."""
        self._faults.downloads.add(fault)

    def is_queued(self, fault: SubmitFault | DownloadFault) -> bool:
        """Whether a fault for the next order or download is still to befall one."""
        return self._faults.orders.has(fault) or self._faults.downloads.has(fault)

    def withdraw(self, fault: SubmitFault | DownloadFault) -> None:
        """Forget a fault for the next order or download that has befallen none yet."""
        self._faults.orders.withdraw(fault)
        self._faults.downloads.withdraw(fault)

    def release(self) -> None:
        """Let paused and held jobs go on."""
        self._engine.release()

    def finish(self, job_id: str) -> None:
        """Let one job end without waiting for anything but its clips."""
        self._engine.finish(job_id)

    def add_imagine_task(self, prompt: str, finished: bool = True) -> str:
        """Put a task of four images into the account, as if it had been imagined earlier; return its id.

        APIMart animates one of them where an order names ``task_id`` and ``index``, once the task is finished.
        """
        imagine_task = ImagineTask(prompt, finished)
        self._imagine_tasks[imagine_task.id] = imagine_task
        return imagine_task.id

    async def until(self, condition: Callable[[FakeProvider], T], timeout: float | None = 30.0) -> T:
        """Return what ``condition`` gives as soon as it is truthy; it is asked again after every change.

        Raises:
            TimeoutError: after ``timeout`` seconds, never for None.
        """
        async with asyncio.timeout(timeout):
            return await self._notifier.until(lambda: condition(self))

    async def _serve(self, stack: AsyncExitStack) -> str:
        app = web.Application(client_max_size=MAX_BODY)
        routes = chain(*(protocol.routes() for protocol in self._protocols), self._downloads.routes())
        self._request_log.record_all(app, routes)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}"
