"""Turn what a vendor said of a job into a snapshot; what the four vendors share once their own words are read."""

import logging
from collections.abc import Mapping, Sequence

from bot.errors import ErrorKind, ProviderError
from bot.providers import json_fields
from bot.providers.types import RemoteState, Snapshot

MAX_CLIPS = 4

_log = logging.getLogger(__name__)


def read_state(word: str, states: Mapping[str, RemoteState], vendor: str) -> RemoteState:
    """Read a state's name, whatever its case; an unknown one counts as running, for our own deadline bounds it."""
    state = states.get(word.upper())
    if state is None:
        _log.warning("%s said an unknown state, taken as running: %r", vendor, word)
        return RemoteState.RUNNING
    return state


def failed(kind: ErrorKind, message: str, progress: int | None = None) -> Snapshot:
    """Give the snapshot of a job that the vendor says has failed."""
    return Snapshot(RemoteState.FAILED, progress, error=ProviderError(kind, "yes", message))


def finished(
    found: Sequence[object], *, progress: int | None = None, extend_ref: str | None = None, cost: str | None = None
) -> Snapshot:
    """Give the snapshot of a job that the vendor says is finished; `found` are the places where its clips' links stand.

    It is RUNNING with RESULT_MISSING when there is none, or when one of them is no link.
    """
    links = [json_fields.link(entry) for entry in found[:MAX_CLIPS]]
    clips = tuple(filter(None, links))
    if clips and len(clips) == len(links):
        return Snapshot(RemoteState.SUCCEEDED, progress, clips, extend_ref, cost)
    missing = ProviderError(ErrorKind.RESULT_MISSING, "yes", f"{len(clips)} of {len(links)} videos are links")
    return Snapshot(RemoteState.RUNNING, progress, clips, extend_ref, cost, missing)
