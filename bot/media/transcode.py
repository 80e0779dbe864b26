"""Re-encode clips that Discord finds too large, read what clips end on, and join them; each in a process of its own.

Needs PyAV (the extra `film`), and does without where it is missing.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.media import film_child
from bot.media.child_process import run_child
from bot.media.temporary import temporary_folder

log = logging.getLogger(__name__)

LONGEST_SECONDS = 90.0
"""How long one re-encoding may take before the clip is linked instead."""

MEMORY_MIB = 420
"""What decoding and encoding may take, beside 40 MiB of the process itself: frames of 8192 x 8192 need 300."""

_CHILD = Path(film_child.__file__)


@dataclass(frozen=True)
class Joined:
    """Hold how long a joined film is, in seconds, and whether its pictures were copied as they were."""

    seconds: float
    copied: bool


class Transcoder:
    """Work on clips, one at a time, so that it takes one processor and one clip's memory at most."""

    def __init__(self, *, seconds: float = LONGEST_SECONDS, memory_mib: int = MEMORY_MIB) -> None:
        self._lock = asyncio.Lock()
        self._seconds = seconds
        self._memory_mib = memory_mib

    @property
    def available(self) -> bool:
        """Whether PyAV is installed; it is not loaded for that."""
        return find_spec("av") is not None

    async def shrink(self, source: Path, limit: int, to: Path) -> bool:
        """Re-encode an MP4 into another file of at most `limit` bytes.

        That is H.264, yuv420p, playable from its beginning on, without sound. False when PyAV is missing or the clip
        cannot be made to fit within time and memory. The source stays as it is.
        """
        async with self._lock, temporary_folder() as folder:
            return await self._run(folder, "shrink", source, to, limit)

    async def last_frame(self, source: Path) -> bytes | None:
        """Give the picture that an MP4 ends on, as a JPEG; None where `shrink` says False."""
        async with self._lock, temporary_folder() as folder:
            made = folder / "made"
            if not await self._run(folder, "last-frame", source, made):
                return None
            return await asyncio.to_thread(made.read_bytes)

    async def join(self, sources: Sequence[Path], to: Path) -> Joined | None:
        """Put MP4s behind each other into another file, and show once what two of them share where they meet.

        It is encoded only where their pictures do not match, and their sound is kept. None where `shrink` says False.
        """
        async with self._lock, temporary_folder() as folder:
            facts = folder / "facts.json"
            if not await self._run(folder, "join", to, facts, *sources):
                return None
            return Joined(**json.loads(await asyncio.to_thread(facts.read_text)))

    async def _run(self, folder: Path, verb: str, *values: Path | str | int) -> bool:
        bounds = (str(int(self._seconds) + 1), str(self._memory_mib))
        status, words = await run_child(folder, _CHILD, verb, *bounds, *map(str, values), seconds=self._seconds)
        if status == 0:
            log.info("%s of a clip took %s", verb, words)
        elif status == film_child.WITHOUT_PYAV:
            log.info("PyAV is not installed, which %s of a clip needs", verb)
        else:
            log.warning("%s of a clip failed (%s): %s", verb, "too slow" if status is None else status, words[-500:])
        return status == 0
