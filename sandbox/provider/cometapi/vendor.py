"""CometAPI, as the fake provider speaks for it."""

from sandbox.provider.cometapi.videos import CometApi
from sandbox.provider.model.faults import BodyCode, FailLater
from sandbox.provider.vendor import Vendor

COMETAPI = Vendor(
    name="cometapi",
    title="CometAPI",
    endpoints=(CometApi,),
    refusal=BodyCode(4, "motion is odd"),
    empty_account=BodyCode(4, "quota_not_enough"),
    banned_prompt=FailLater("[Banned prompt detected] gore"),
    rows=("low", "high"),
    lacks="CometAPI offers no choice of clips: its films always have 4",
)
