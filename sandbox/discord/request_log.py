"""What the bot asked of the HTTP API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Recorded:
    """One request and its answer; `at` is the sandbox's time, `files` are names and sizes in bytes.

    `status` stays 0 while the request is held, and when its connection was cut; `took` is in seconds; `ended` is
    true once it was answered or cut.
    """

    method: str
    template: str
    path: str
    at: float
    status: int = 0
    body: Any = None
    answer: Any = None
    took: float | None = None
    files: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    ended: bool = False
