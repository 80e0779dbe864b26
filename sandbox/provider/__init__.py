"""A local provider on loopback: vendors' protocols spoken strictly, real clips and images, every failure on demand.

Each part imports only from those before it: ``model`` (jobs, orders, faults, settings), ``rendering`` (images and
clips), ``engine`` (the life of jobs, and faults acted out), one package a vendor, and ``server``, which is the whole.

    async with FakeProvider() as provider:
        provider.settings.ready_made = True
        provider.next_submit(faults.ResetAfter())
"""

from sandbox.provider.engine.callbacks import Delivery
from sandbox.provider.engine.request_log import Request
from sandbox.provider.model.job import Job, State
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.server import FakeProvider

__all__ = ["Delivery", "FakeProvider", "Job", "ProviderSettings", "Request", "State"]
