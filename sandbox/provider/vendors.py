"""Every vendor that the fake provider speaks for; their paths differ, so one server speaks for all of them."""

from collections.abc import Mapping

from sandbox.provider.acedata.vendor import ACEDATA
from sandbox.provider.apimart.vendor import APIMART
from sandbox.provider.cometapi.vendor import COMETAPI
from sandbox.provider.ttapi.vendor import TTAPI
from sandbox.provider.vendor import Vendor

VENDORS: Mapping[str, Vendor] = {vendor.name: vendor for vendor in (TTAPI, ACEDATA, APIMART, COMETAPI)}
"""By their names in the bot's settings, the usual one first."""
