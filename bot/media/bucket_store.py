"""Keep files in an S3 bucket that every process reaches, by obstore (the extra `s3`); none is ever held whole."""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore

from bot.media.bucket_errors import told, unanswered
from bot.media.bucket_upload import PIECE, GrowingObject, upload, uploading
from bot.media.media_usage import MediaUsage
from bot.media.own_files import FOLDERS_AT_ONCE, is_swept, split_name
from bot.media.store import KnownIds, RemoteFile, SignedLink
from bot.media.temporary import temporary_folder

if TYPE_CHECKING:  # obstore has these for type checkers alone
    from obstore import ListStream, ObjectMeta
    from obstore.store import S3Store

LISTED_AT_ONCE = 1000
"""Names in one answer of a listing: as many as S3 gives."""

WRITE_SECONDS = 5.0
"""How long one small write may take before the bucket is called unwritable."""

WRITABLE_SECONDS = 30.0
"""How long a write that went well stands for those after it: each costs money, and monitors ask all the time."""

CHECK_SECONDS = 10.0
"""How long the check at the start may take in all."""

LINK_TIME = timedelta(hours=1)
"""How long a signed address works."""

_open_listing: "Callable[..., ListStream[Sequence[ObjectMeta]]]" = obstore.list  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # its hints name arro3


class BucketStore:
    """Keep everything as objects below a prefix: the `MediaStore` of many processes.

    With `signs_links` viewers are sent to the bucket itself, which they must reach, else films go through us. What is
    not paid for yet is only taken while there are fewer than `most_bytes`, as the last sweep found and this process
    added; without that there is no such limit.
    """

    place = "media bucket"

    def __init__(
        self,
        s3: "S3Store",
        *,
        signs_links: bool = False,
        most_bytes: int | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._s3 = s3
        self.signs_links = signs_links
        self._usage = MediaUsage("MEDIA_URL", most_bytes)
        self._seconds = seconds
        self._written: float | None = None

    async def check(self) -> None:
        """Write, list, read and delete a small file, within seconds; raises `MediaUnavailable`."""
        name = f".animatic-{secrets.token_hex(8)}"
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                with told():
                    await upload(self._s3, name, b"animatic")
                    try:
                        with suppress(StopAsyncIteration):
                            await anext(_open_listing(self._s3, chunk_size=1))
                        await obstore.get_async(self._s3, name)
                    finally:
                        await obstore.delete_async(self._s3, [name])
        except TimeoutError:
            raise unanswered() from None

    async def require_room(self) -> None:
        """Raise `MediaFull` when nothing may be kept but what is paid for."""
        await self._usage.require_room()

    async def try_write(self) -> None:
        """Write a few bytes, unless that went well just now; raises `MediaUnavailable`."""
        now = self._seconds()
        if self._written is not None and now - self._written < WRITABLE_SECONDS:
            return
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await upload(self._s3, ".animatic-health", b"animatic")
        except TimeoutError:
            raise unanswered() from None
        self._written = now

    async def free_bytes(self) -> int | None:
        """Say that a bucket has no end that it tells of."""
        return None

    async def keep(self, name: str, data: bytes) -> str:
        """Write a file, in place of an older one, and give back its name."""
        await upload(self._s3, _checked(name), data)
        self._usage.add(len(data))
        return name

    async def keep_file(self, name: str, source: Path) -> int:
        """Upload a file in pieces; gives its size in bytes."""
        size = (await asyncio.to_thread(source.stat)).st_size
        await upload(self._s3, _checked(name), source)
        self._usage.add(size)
        return size

    @asynccontextmanager
    async def new_file(self, name: str) -> AsyncGenerator[GrowingObject]:
        """Upload a file piece by piece; it appears when the block ends well, else what was sent of it is taken back."""
        async with uploading(self._s3, _checked(name)) as growing:
            yield growing
        self._usage.add(growing.size)

    async def read(self, name: str) -> bytes:
        """Read a whole file."""
        with told():
            return bytes(await (await obstore.get_async(self._s3, _checked(name))).bytes_async())

    @asynccontextmanager
    async def local(self, name: str) -> AsyncGenerator[Path]:
        """Fetch a file onto this machine, piece by piece, until the block ends."""
        found = await self._find(name)
        async with temporary_folder() as folder:
            path = folder / "file"
            with await asyncio.to_thread(path.open, "wb") as file:
                async for piece in found.read(0, found.size):
                    await asyncio.to_thread(file.write, piece)
            yield path

    async def has(self, name: str) -> bool:
        """Tell whether a file is there."""
        try:
            await self._find(name)
        except FileNotFoundError:
            return False
        return True

    async def serve(self, name: str, method: str = "GET") -> SignedLink | RemoteFile | None:
        """Give an address at the bucket, or the file to be passed on; None when it is not there."""
        try:
            found = await self._find(name)
        except FileNotFoundError:
            return None
        if not self.signs_links:
            return found
        with told():
            signed = await obstore.sign_async(self._s3, "HEAD" if method == "HEAD" else "GET", name, LINK_TIME)
        return SignedLink(signed)

    async def remove(self, name: str) -> None:
        """Delete a file; one that is not there is no error."""
        await self._delete([_checked(name)])

    async def discard(self, folder: str) -> None:
        """Delete the bot's files of one job or preview."""
        async for listed in self._list(_checked(folder)):
            await self._delete([item["path"] for item in listed if split_name(item["path"])[1]])

    async def sweep(self, older_than_ms: int, known: KnownIds) -> int:
        """Delete old files of known jobs but thumbnails, and see meanwhile how much there is; what is unknown stays."""
        used = deleted = 0
        old: dict[str, dict[str, int]] = {}

        async def delete_old() -> None:
            nonlocal used, deleted, old
            files = await _files_of_known(old, known)
            await self._delete(list(files))
            used, deleted, old = used - sum(files.values()), deleted + len(files), {}

        async for listed in self._list():
            for item in listed:
                used += item["size"]
                folder, file = split_name(item["path"])
                if is_swept(file) and item["last_modified"].timestamp() * 1000 < older_than_ms:
                    old.setdefault(folder, {})[item["path"]] = item["size"]
            if len(old) >= FOLDERS_AT_ONCE:
                await delete_old()
        await delete_old()
        self._usage.found(used)
        return deleted

    async def sizes(self) -> dict[str, int]:
        """Tell the size in bytes of everything that is there, by its name."""
        return {item["path"]: item["size"] async for listed in self._list() for item in listed}

    async def _delete(self, names: Sequence[str]) -> None:
        if names:
            with suppress(FileNotFoundError), told():
                await obstore.delete_async(self._s3, names)

    async def _list(self, folder: str | None = None) -> AsyncIterator["Sequence[ObjectMeta]"]:
        """List what is there, some names at a time."""
        listing = _open_listing(self._s3, folder, chunk_size=LISTED_AT_ONCE)
        while True:
            try:
                with told():
                    listed = await listing.__anext__()
            except StopAsyncIteration:
                return
            yield listed

    async def _find(self, name: str) -> RemoteFile:
        """Look for a file; raises FileNotFoundError."""
        with told():
            found = await obstore.head_async(self._s3, _checked(name))
        version = found["e_tag"] or ""

        async def read(start: int, stop: int) -> AsyncGenerator[bytes]:
            for first in range(start, stop, PIECE):
                with told():
                    # The same file to the end: it may be replaced meanwhile.
                    piece = await obstore.get_async(
                        self._s3,
                        name,
                        options={"range": (first, min(first + PIECE, stop)), "if_match": version or None},
                    )
                    data = bytes(await piece.bytes_async())
                yield data

        return RemoteFile(found["size"], version, read)


async def _files_of_known(folders: dict[str, dict[str, int]], known: KnownIds) -> dict[str, int]:
    """Give the files, with their sizes, of those folders that are known jobs'."""
    names, files = list(folders), dict[str, int]()
    for first in range(0, len(names), FOLDERS_AT_ONCE):
        for folder in await known(names[first : first + FOLDERS_AT_ONCE]):
            files |= folders[folder]
    return files


def _checked(name: str) -> str:
    """Refuse with a ValueError what a folder would refuse as a name, too."""
    if name.startswith("/") or any(part in ("", ".", "..") for part in name.split("/")) or "\0" in name:
        raise ValueError(f"{name!r} does not name a file in the media store")
    return name
