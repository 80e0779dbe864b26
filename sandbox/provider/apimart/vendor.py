"""APIMart, as the fake provider speaks for it."""

from sandbox.provider.apimart.videos import ApiMart
from sandbox.provider.model.faults import BodyCode, FailLater, Status
from sandbox.provider.vendor import Vendor

APIMART = Vendor(
    name="apimart",
    title="APIMart",
    endpoints=(ApiMart,),
    refusal=BodyCode(4, "index is odd"),
    empty_account=Status(402),
    banned_prompt=FailLater("Banned prompt detected: gore"),
    rows=("low", "high"),
    single_clips=True,
    lacks="APIMart has no extend: its films go on from their last frame, in new ones",
)
