"""What tests may turn: limits, missing features and faults."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Literal

MIB = 1024 * 1024


@dataclass
class Knobs:
    """Settings of the stand-in; sizes in bytes, times in seconds."""

    attachment_size_limit: int = 10 * MIB
    """What an interaction's payload names; a boosted server's own limit counts when it is higher."""
    request_size_limit: int = 25 * MIB
    token_seconds: float = 900
    first_answer_seconds: float = 3
    attachment_url_seconds: float = 24 * 3600
    refuse_gallery_files_on_edit: bool = False
    """Answer 400 to an edit that adds files shown in a gallery, as discord/discord-api-docs#7529 reports."""
    media_still_loads: bool = False
    """Show media as Discord does before it has fetched them: without type, measures and attachment id."""
    enforce_rate_limits: bool = False
    bucket_size: int = 5
    bucket_seconds: float = 5
    old_message_edits: int = 3
    """Edits of one message older than an hour, per hour, while rate limits are enforced."""
    privileged_intents: int = 0
    """Bits of the privileged intents that the application has switched on."""
    max_concurrency: int = 1
    """Sessions that may begin within `identify_seconds`, those of one remainder of the shard's number one at a time."""
    identify_seconds: float = 5
    recommended_shards: int = 1
    session_starts: int = 1000
    """In a day; one more ends all sessions and makes the token anew."""


@dataclass
class Fault:
    """One misbehaviour, for the next `times` requests that match."""

    method: str
    path: re.Pattern[str]
    kind: Literal["status", "reset before", "reset after", "reset later", "delay"]
    times: int = 1
    status: int = 500
    retry_after: float = 0.0
    seconds: float = 0.0
    until: asyncio.Event | None = None
    hit: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a request met this fault; where the work is done later, once all of it has arrived."""


class Faults:
    """The queue of misbehaviours, used up in order."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, method: str, path: str) -> Fault | None:
        """Use up one time of the first fault that matches this request."""
        for fault in self.waiting:
            if fault.method in ("*", method) and fault.path.search(path):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                if fault.kind != "reset later":
                    fault.hit.set()
                return fault
        return None

    def status(self, method: str, path: str, status: int, *, times: int = 1, retry_after: float = 0.0) -> Fault:
        """Answer `status` without doing the work; a 429 carries `retry_after`."""
        return self._add(Fault(method, re.compile(path), "status", times, status=status, retry_after=retry_after))

    def reset(self, method: str, path: str, *, when: Literal["before", "after"] = "before", times: int = 1) -> Fault:
        """Cut the connection before or after doing the work."""
        return self._add(Fault(method, re.compile(path), "reset before" if when == "before" else "reset after", times))

    def reset_and_do_later(
        self, method: str, path: str, seconds: float = 0.0, *, until: asyncio.Event | None = None
    ) -> Fault:
        """Cut the connection once the request has arrived, and do the work after `seconds` and the event."""
        return self._add(Fault(method, re.compile(path), "reset later", seconds=seconds, until=until))

    def delay(
        self, method: str, path: str, seconds: float = 0.0, *, until: asyncio.Event | None = None, times: int = 1
    ) -> Fault:
        """Hold the request for `seconds` and until the event is set, then do the work."""
        return self._add(Fault(method, re.compile(path), "delay", times, seconds=seconds, until=until))

    def _add(self, fault: Fault) -> Fault:
        self.waiting.append(fault)
        return fault
