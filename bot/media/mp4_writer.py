"""Keep what a link leads to only if it is an MP4: the first box of one is `ftyp` (ISO/IEC 14496-12, section 4.3)."""

from bot.errors import ResultError
from bot.media.content import is_media
from bot.media.store import NewFile

NOT_AN_MP4 = "not_an_mp4"

_BLOCK = 1024 * 1024
_MAGIC_BYTES = 12


class Mp4Writer:
    """Write what comes in large blocks, once the first bytes look like an MP4."""

    def __init__(self, file: NewFile) -> None:
        self._file = file
        self._block = bytearray()
        self._written = 0

    async def take(self, chunk: bytes) -> None:
        """Take the next piece; raises `ResultError` for what is no MP4, OSError where the file cannot be written."""
        self._block += chunk
        if self._written + len(self._block) >= _MAGIC_BYTES:
            self._refuse_unless_mp4()
        if len(self._block) >= _BLOCK:
            await self._flush()

    async def finish(self) -> int:
        """Write what is left, and give the size in bytes; raises as `take` does."""
        self._refuse_unless_mp4()
        await self._flush()
        return self._written

    async def _flush(self) -> None:
        await self._file.write(bytes(self._block))
        self._written += len(self._block)
        self._block.clear()

    def _refuse_unless_mp4(self) -> None:
        if not self._written and not self._block.startswith(b"ftyp", 4):
            raise ResultError(NOT_AN_MP4, final=is_media(bytes(self._block[:16])))
