"""Start a program of ours for one task, in a process of its own.

It knows nothing of the keys, and ends with the task or with the bot.
"""

import asyncio
import os
import sys
from pathlib import Path

_NEEDED = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "HOME", "TMPDIR")
"""What the process may know of the bot's environment, where the keys are."""


async def run_child(folder: Path, program: Path, *values: str, seconds: float) -> tuple[int | None, str]:
    """Run a program with its values; gives what it ended with, None where it took too long, and what it said."""
    told = folder / "told"
    # The process looks at its end of this pipe: it ends when the bot does, however that happens.
    reading, writing = os.pipe()
    try:
        with await asyncio.to_thread(told.open, "wb") as file:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", program, *values),
                stdin=reading,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=file,
                env=_environment(),
            )
        try:
            async with asyncio.timeout(seconds):
                status = await child.wait()
        except TimeoutError:
            status = None
        finally:
            await _end(child)
    finally:
        os.close(reading)
        os.close(writing)
    return status, await asyncio.to_thread(told.read_text, errors="replace")


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.kill()
        await asyncio.shield(child.wait())


def _environment() -> dict[str, str]:
    """Give the process no more than it needs, one arena of memory among it, for each is reserved whole."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ} | {"MALLOC_ARENA_MAX": "1"}
