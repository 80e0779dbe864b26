"""The one-shot faults that wait for their requests, whatever protocol those come in."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

from sandbox.provider.model.faults import (
    DownloadFault,
    FetchFault,
    SubmitFault,
)
from sandbox.provider.model.settings import ProviderSettings

F = TypeVar("F")


class FaultQueue(Generic[F]):
    """Faults that each befall one request, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._faults: deque[F] = deque()

    def add(self, fault: F) -> None:
        self._faults.append(fault)

    def has(self, fault: object) -> bool:
        """Whether this very fault still waits for its request."""
        return any(waiting is fault for waiting in self._faults)

    def withdraw(self, fault: object) -> None:
        """Forget a fault that no request has met yet."""
        self._faults = deque(waiting for waiting in self._faults if waiting is not fault)

    def take(self, standing: F | None) -> F | None:
        """Return the next one-shot fault, else the standing one."""
        return self._faults.popleft() if self._faults else standing


class FaultQueues:
    """What shall go wrong next, by kind of request; a setting's standing fault fills in when nothing is queued."""

    def __init__(self, settings: ProviderSettings) -> None:
        self.orders: FaultQueue[SubmitFault] = FaultQueue()
        """For the next order of any kind; it goes before those that name a kind."""
        self.submits: FaultQueue[SubmitFault] = FaultQueue()
        self.extends: FaultQueue[SubmitFault] = FaultQueue()
        self.fetches: FaultQueue[FetchFault] = FaultQueue()
        self.downloads: FaultQueue[DownloadFault] = FaultQueue()
        self._settings = settings

    def take_submit(self) -> SubmitFault | None:
        return self.orders.take(None) or self.submits.take(self._settings.submit_fault)

    def take_extend(self) -> SubmitFault | None:
        return self.orders.take(None) or self.extends.take(self._settings.extend_fault)

    def take_fetch(self) -> FetchFault | None:
        return self.fetches.take(self._settings.fetch_fault)

    def take_download(self) -> DownloadFault | None:
        return self.downloads.take(self._settings.download_fault)
