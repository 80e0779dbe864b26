"""Send a file into a bucket piece by piece: all of it appears at the end, or nothing."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import obstore

from bot.media.bucket_errors import told

if TYPE_CHECKING:  # obstore has these for type checkers alone
    from obstore import AsyncWritableFile, Attributes
    from obstore.store import S3Store

PIECE = 5 * 1024 * 1024
"""Bytes that go over the wire at once; parts of an upload may not be smaller (S3, multipart upload limits)."""

PIECES_AT_ONCE = 2
"""Pieces of one upload that are under way together, and held."""

TAKE_BACK_SECONDS = 5.0
"""How long the bucket has to forget what was sent of a file that broke off."""

CACHE_CONTROL = "private, max-age=3600"

_TYPES = {
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
}


class GrowingObject:
    """Pass pieces of a file on to the bucket."""

    def __init__(self, writer: "AsyncWritableFile") -> None:
        self._writer = writer
        self.size = 0

    async def write(self, data: bytes) -> None:
        """Append some bytes; raises `MediaUnavailable`."""
        with told():
            await self._writer.write(data)
        self.size += len(data)


@asynccontextmanager
async def uploading(s3: "S3Store", name: str) -> AsyncGenerator[GrowingObject]:
    """Open a file that appears when the block ends well; else what was sent of it is taken back."""
    writer = obstore.open_writer_async(
        s3, name, attributes=_attributes(name), buffer_size=PIECE, max_concurrency=PIECES_AT_ONCE
    )
    growing = GrowingObject(writer)
    try:
        yield growing
    except BaseException as error:
        await _take_back(writer, error)
        raise
    with told():
        await writer.close()


async def upload(s3: "S3Store", name: str, content: bytes | Path) -> None:
    """Send what is held, or a file of this machine in pieces."""
    with told():
        await obstore.put_async(
            s3,
            name,
            content,
            attributes=_attributes(name),
            chunk_size=PIECE,
            max_concurrency=PIECES_AT_ONCE,
        )


async def _take_back(writer: "AsyncWritableFile", error: BaseException) -> None:
    """Have the bucket forget what was sent of a file; where it cannot be told, a rule of the bucket's own does."""
    with suppress(OSError):
        async with asyncio.timeout(TAKE_BACK_SECONDS):
            with told():
                await writer.__aexit__(type(error), error, None)  # pyright: ignore[reportUnknownMemberType]  # untyped there


def _attributes(name: str) -> "Attributes":
    """Say what a file is, to whoever the bucket serves it."""
    return {"Content-Type": _TYPES.get(Path(name).suffix, "application/octet-stream"), "Cache-Control": CACHE_CONTROL}
