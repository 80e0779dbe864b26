"""What goes on behind the scenes, as it is written to the page; times and durations are in milliseconds."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue
from typing_extensions import TypeAliasType, TypedDict

TriggerState = TypeAliasType("TriggerState", Literal["ready", "armed", "done", "off"])

Side = TypeAliasType("Side", Literal["bot", "Discord", "provider"])


class ProviderJob(TypedDict):
    """Tell where a provider's job stands, and what it costs in the vendor's unit."""

    id: str
    number: int
    provider: str
    action: str
    state: str
    progress: int | None
    cost: int
    price: int
    prompt: str
    message: str
    at: int
    ended: int | None


# `from` is a word of Python's own.
Call = TypedDict(
    "Call",
    {
        "id": str,
        "at": int,
        "from": Side,
        "to": Side,
        "method": str,
        "path": str,
        "status": int | None,
        "request": JsonValue,
        "answer": JsonValue,
        "files": list[tuple[str, int]],
        "ms": int | None,
    },
)
"""What one side said to another, and what was answered; `files` by name and bytes."""


class Account(TypedDict):
    """Tell what somebody may spend in a period, in credits; null where there is no limit."""

    who: str
    period: str
    cap: int | None
    granted: int
    used: int
    left: int | None


class LedgerEntry(TypedDict):
    """Tell of one change of an account, in credits."""

    at: int
    who: str
    kind: str
    amount: int
    job: str | None
    period: str


class Fault(TypedDict):
    """Tell how a button that breaks something stands, and what it should lead to."""

    name: str
    group: str
    label: str
    leads_to: str
    switch: bool
    state: TriggerState
    say: str


class Activity(TypedDict, total=False):
    """Tell what changed; with `reset`, everything that is known."""

    reset: bool
    jobs: list[ProviderJob]
    calls: list[Call]
    log: list[str]
    accounts: list[Account]
    ledger: list[LedgerEntry]
    faults: list[Fault]
