"""What every protocol's endpoints stand on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.provider.engine.downloads import Cdn
from sandbox.provider.engine.engine import Engine
from sandbox.provider.engine.fault_queue import Script
from sandbox.provider.model.faults import (
    FailLater,
    FewerClips,
    Stuck,
    SubmitFault,
)
from sandbox.provider.model.imagine_tasks import Imagine
from sandbox.provider.model.job import Job, Json, Order
from sandbox.provider.model.settings import Knobs


@dataclass(frozen=True)
class EndpointContext:
    """Hold the account's key, the engine behind all protocols, and how to misbehave."""

    key: str
    engine: Engine
    cdn: Cdn
    knobs: Knobs
    script: Script
    closing: asyncio.Event
    imagines: dict[str, Imagine]
    vendor: str = ""
    """Whose protocol is spoken here."""

    async def lodge(
        self, order: Order, describe: Callable[[Job], Json], fault: SubmitFault | None, job_id: str | None = None
    ) -> Job:
        """Start an order's job; ``describe`` gives the body of its callbacks, ``job_id`` its name if that is no UUID.

        Raises:
            BadLinkError: when a picture cannot be had and the knob says that this is refused.
            QueueFullError: when the account's queue is full.
        """
        if self.knobs.bad_link == "refuse":
            await self.engine.look_up(order)
        fate = fault if isinstance(fault, FailLater | FewerClips | Stuck) else None
        return self.engine.accept(order, describe, fate, job_id, self.vendor)
