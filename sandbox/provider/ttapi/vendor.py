"""TTAPI, as the fake provider speaks for it."""

from sandbox.provider.model.faults import FailLater, Status
from sandbox.provider.ttapi.images import TtapiImages
from sandbox.provider.ttapi.videos import Ttapi
from sandbox.provider.vendor import Vendor

TTAPI = Vendor(
    name="ttapi",
    title="TTAPI",
    endpoints=(Ttapi, TtapiImages),
    refusal=Status(400, "[Invalid parameter]"),
    empty_account=Status(402, "quota is used up"),
    banned_prompt=FailLater("[Banned prompt detected] gore"),
    rows=("low", "high"),
    images=True,
    single_clips=True,
    calls_back=True,
)
