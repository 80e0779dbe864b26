"""What every protocol's endpoints stand on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.provider.engine.downloads import Downloads
from sandbox.provider.engine.engine import Engine
from sandbox.provider.engine.fault_queue import FaultQueues
from sandbox.provider.model.faults import (
    FailLater,
    FewerClips,
    Stuck,
    SubmitFault,
)
from sandbox.provider.model.imagine_tasks import ImagineTask
from sandbox.provider.model.job import Job, Json, Order
from sandbox.provider.model.settings import ProviderSettings


@dataclass(frozen=True)
class EndpointContext:
    """Hold the account's key, the engine behind all protocols, and how to misbehave."""

    key: str
    engine: Engine
    downloads: Downloads
    settings: ProviderSettings
    faults: FaultQueues
    closing: asyncio.Event
    imagine_tasks: dict[str, ImagineTask]
    vendor: str = ""
    """Whose protocol is spoken here."""

    async def accept(
        self, order: Order, describe: Callable[[Job], Json], fault: SubmitFault | None, job_id: str | None = None
    ) -> Job:
        """Start an order's job; ``describe`` gives the body of its callbacks, ``job_id`` its name if that is no UUID.

        Raises:
            BadLinkError: when an image cannot be had and the setting says that this is refused.
            QueueFullError: when the account's queue is full.
        """
        if self.settings.bad_link == "refuse":
            await self.engine.check_links(order)
        job_fault = fault if isinstance(fault, FailLater | FewerClips | Stuck) else None
        return self.engine.accept(order, describe, job_fault, job_id, self.vendor)
