"""Turn rows into the domain's values and back."""

import json
from collections.abc import Mapping
from typing import Any

from bot.db.database import Row
from bot.domain.job import Clip, Frame, Job, Kind, Result, State
from bot.domain.params import JobParams


def to_job(row: Row | Mapping[str, Any]) -> Job:
    """Read a whole row of the job table."""
    fields: dict[str, Any] = dict(row)
    fields["kind"] = Kind(fields["kind"])
    fields["state"] = State(fields["state"])
    fields["params"] = JobParams.from_json(json.loads(fields["params"]))
    fields["excluded_providers"] = tuple(fields["excluded_providers"].split())
    fields["roles"] = tuple(json.loads(fields["roles"]))
    fields["result"] = Result.from_json(json.loads(fields["result"])) if fields["result"] else None
    fields["error_data"] = json.loads(fields["error_data"]) if fields["error_data"] else None
    return Job(**fields)


def to_clip(row: Row) -> Clip:
    """Read a whole row of the clip table."""
    return Clip(**dict(row))


def to_frame(row: Row) -> Frame:
    """Read a whole row of the frame table."""
    return Frame(**dict(row))


def dump(value: Any) -> str:
    """Write a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
