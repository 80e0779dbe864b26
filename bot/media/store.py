"""The media store's port: what is asked of the folder or the bucket in which pictures and clips are kept."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

KnownIds = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Tell which of some ids are those of jobs or previews that were asked for here."""


class NewFile(Protocol):
    """Take a file piece by piece."""

    async def write(self, data: bytes) -> None:
        """Append some bytes; raises OSError."""
        ...


@dataclass(frozen=True)
class SignedLink:
    """Hold an address under which the bucket itself serves a file for a while, to whoever has it."""

    address: str


@dataclass(frozen=True)
class RemoteFile:
    """Describe a file in the bucket; `read` gives its bytes from one place up to another, in bounded pieces."""

    size: int
    version: str
    read: Callable[[int, int], AsyncGenerator[bytes]]


ServedFile = Path | SignedLink | RemoteFile
"""How a file goes to whoever watches it: from our disk, by a redirect, or through us."""


class MediaStore(Protocol):
    """Keep start frames and results by names such as `<job id>/start.png`.

    What names no file in the store raises ValueError. What is not there raises FileNotFoundError, all other trouble
    another OSError, which for a bucket is a `MediaUnavailable`.
    """

    @property
    def place(self) -> str:
        """What it is, in a sentence about its health."""
        ...

    async def require_room(self) -> None:
        """Raise `MediaFull` when nothing may be kept but what is paid for."""
        ...

    async def try_write(self) -> None:
        """Try whether something can be written, within seconds; raises OSError."""
        ...

    async def free_bytes(self) -> int | None:
        """Tell how much room there is, in bytes; None where that is not known."""
        ...

    async def keep(self, name: str, data: bytes) -> str:
        """Write a file, whole or not at all, in place of an older one, and give back its name."""
        ...

    async def keep_file(self, name: str, source: Path) -> int:
        """Copy a file of this machine into the store as `keep` does, without holding it; gives its size in bytes."""
        ...

    def new_file(self, name: str) -> AbstractAsyncContextManager[NewFile]:
        """Open a file to be written piece by piece.

        It appears whole, in place of an older one, when the block ends well; else nothing of it stays.
        """
        ...

    async def read(self, name: str) -> bytes:
        """Read a whole file, which must be a picture: a clip may be too large to be held."""
        ...

    def local(self, name: str) -> AbstractAsyncContextManager[Path]:
        """Have a file on this machine until the block ends, for what needs a path; it is not to be changed."""
        ...

    async def has(self, name: str) -> bool:
        """Tell whether a file is there."""
        ...

    async def serve(self, name: str, method: str = "GET") -> ServedFile | None:
        """Tell how a file is best sent to whoever asks for it over HTTP by a method; None when it is not there."""
        ...

    async def remove(self, name: str) -> None:
        """Delete a file; one that is not there is no error."""
        ...

    async def discard(self, folder: str) -> None:
        """Delete the bot's files of one job or preview."""
        ...

    async def sweep(self, older_than_ms: int, known: KnownIds) -> int:
        """Delete the bot's own files last written before a moment (milliseconds since 1970).

        They are those whose folder is named by an id that is `known`, and that are named as the bot names files.
        Nothing else is touched, whatever its age, nor are thumbnails, which lists show. Gives the number deleted.
        """
        ...


def input_image_path(job_id: str, number: int) -> str:
    """Name the file in the media store of one of the pictures that a job is made from, counted from 0."""
    return f"{job_id}/given{number}"


def thumbnail_path(job_id: str) -> str:
    """Name the file in the media store of the small picture that stands for a job in lists."""
    return f"{job_id}/thumb.jpg"
