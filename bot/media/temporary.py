"""Room on this machine's disk for what is needed there for a moment."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def temporary_folder() -> AsyncGenerator[Path]:
    """Make a folder under TMPDIR that goes with all that is in it when the block ends."""
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="animatic-")
    try:
        yield Path(folder.name)
    finally:
        await asyncio.to_thread(folder.cleanup)
