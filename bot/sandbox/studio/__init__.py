"""A local video provider on loopback: vendors' protocols spoken strictly, real MP4s, and every failure on demand.

``studio`` is the whole; ``engine`` gives jobs their life and ``workshop``, ``moves``, ``render`` and ``codec`` make
their clips; ``ttapi`` and its neighbours are wire format; ``knobs``, ``faults`` and ``script`` say how to misbehave.

    async with Studio() as studio:
        studio.knobs.ready_made = True
        studio.next_submit(faults.ResetAfter())
"""

from bot.sandbox.studio.hooks import Delivery
from bot.sandbox.studio.job import Job, State
from bot.sandbox.studio.knobs import Knobs
from bot.sandbox.studio.studio import Request, Studio

__all__ = ["Delivery", "Job", "Knobs", "Request", "State", "Studio"]
