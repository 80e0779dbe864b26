"""AceData, as the fake provider speaks for it."""

from sandbox.provider.acedata.videos import AceData
from sandbox.provider.model.faults import FailLater, Status
from sandbox.provider.vendor import Vendor

ACEDATA = Vendor(
    name="acedata",
    title="AceData",
    endpoints=(AceData,),
    refusal=Status(200, "bad_request"),
    empty_account=Status(403, "used_up"),
    banned_prompt=FailLater("forbidden"),
    rows=("none",),
    lacks="AceData has no motion to choose from, so there is one row of buttons; its films always have 4 clips",
    calls_back=True,
)
