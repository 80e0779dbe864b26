"""A local video provider on loopback: vendors' protocols spoken strictly, real MP4s, and every failure on demand.

``server`` is the whole; ``engine`` gives jobs their life and ``workshop``, ``moves``, ``render`` and ``codec`` make
their clips; ``ttapi`` and its neighbours are wire format; ``knobs``, ``faults`` and ``script`` say how to misbehave.

    async with FakeProvider() as provider:
        provider.knobs.ready_made = True
        provider.next_submit(faults.ResetAfter())
"""

from sandbox.provider.engine.callbacks import Delivery
from sandbox.provider.engine.request_log import Request
from sandbox.provider.model.job import Job, State
from sandbox.provider.model.settings import Knobs
from sandbox.provider.server import FakeProvider

__all__ = ["Delivery", "FakeProvider", "Job", "Knobs", "Request", "State"]
