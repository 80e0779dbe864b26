"""The one-shot faults that wait for their requests, whatever protocol those come in."""

from __future__ import annotations

from sandbox.provider.model.faults import (
    DownloadFault,
    FetchFault,
    Queue,
    SubmitFault,
)
from sandbox.provider.model.settings import Knobs


class Script:
    """What shall go wrong next, by kind of request; a knob's standing fault fills in when nothing is queued."""

    def __init__(self, knobs: Knobs) -> None:
        self.orders: Queue[SubmitFault] = Queue()
        """For the next order of any kind; it goes before those that name a kind."""
        self.submits: Queue[SubmitFault] = Queue()
        self.extends: Queue[SubmitFault] = Queue()
        self.fetches: Queue[FetchFault] = Queue()
        self.downloads: Queue[DownloadFault] = Queue()
        self._knobs = knobs

    def take_submit(self) -> SubmitFault | None:
        return self.orders.take(None) or self.submits.take(self._knobs.submit_fault)

    def take_extend(self) -> SubmitFault | None:
        return self.orders.take(None) or self.extends.take(self._knobs.extend_fault)

    def take_fetch(self) -> FetchFault | None:
        return self.fetches.take(self._knobs.fetch_fault)

    def take_download(self) -> DownloadFault | None:
        return self.downloads.take(self._knobs.download_fault)
