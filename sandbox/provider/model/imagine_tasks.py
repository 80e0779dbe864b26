"""APIMart's imagine tasks: four images that a video may start from."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

IMAGES = 4
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_task_id() -> str:
    """Return an id as APIMart's samples show them: ``task_`` and a ULID, 48 bits of time and 80 of chance."""
    number = int(time.time() * 1000) << 80 | secrets.randbits(80)
    return "task_" + "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


@dataclass(eq=False)
class ImagineTask:
    """A task that made, or still makes, four images of a prompt; ``created_at`` is in seconds since 1970."""

    prompt: str
    finished: bool = True
    id: str = field(default_factory=new_task_id)
    created_at: float = field(default_factory=time.time)
