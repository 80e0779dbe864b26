"""Keep files under one folder, written wholly or not at all, and delete none but those that the bot wrote."""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from io import BufferedWriter
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.media.media_usage import MediaUsage, folder_bytes
from bot.media.own_files import FOLDERS_AT_ONCE, is_own_file, is_swept, may_be_own_folder
from bot.media.store import KnownIds

_TRIES = 100

_BLOCK = 1024 * 1024

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""The rights of what is kept: it is for the bot's own user alone."""


class AtomicFile:
    """Write a file beside its place and move it there at the end: readers see all of it or nothing.

    A context manager whose calls block. Without `commit` nothing is left behind.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{secrets.token_hex(8)}.part")
        self._file = self._open_draft()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._file.close()
        finally:
            self._draft.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Append some bytes."""
        self._file.write(data)

    def commit(self) -> None:
        """Put the file into its place, to stay there after a power cut."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._draft.replace(self._path)
        _sync_folder(self._path.parent)

    def _open_draft(self) -> BufferedWriter:
        """Make the folder and open the draft; again, if a sweep removed the empty folder in between."""
        for _ in range(_TRIES):
            # mkdir looks twice, and calls a folder that vanished in between an existing file.
            with suppress(FileNotFoundError, FileExistsError):
                self._path.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
                return self._new_draft()
        return self._new_draft()

    def _new_draft(self) -> BufferedWriter:
        return os.fdopen(os.open(self._draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, PRIVATE_FILE), "wb")


class FileStore:
    """Keep everything as files under MEDIA_DIR: the `MediaStore` of one machine.

    What is not paid for yet is only taken while there are fewer than `most_bytes`; without that there is no such limit.
    """

    place = "media folder"

    def __init__(self, root: Path, *, most_bytes: int | None = None) -> None:
        self._root = root.resolve()
        self._usage = MediaUsage("MEDIA_DIR", most_bytes, self._measured)

    async def require_room(self) -> None:
        """Raise `MediaFull` when nothing may be kept but what is paid for."""
        await self._usage.require_room()

    async def try_write(self) -> None:
        """Write a file that vanishes again; raises OSError when nothing can be written."""
        await asyncio.to_thread(_try_write, self._root)

    async def free_bytes(self) -> int | None:
        """Tell how much room the disk has, in bytes."""
        return (await asyncio.to_thread(shutil.disk_usage, self._root)).free

    async def keep(self, name: str, data: bytes) -> str:
        """Write a file atomically, in place of an older one, and give back its name relative to the root."""
        target = self.path(name)
        await asyncio.to_thread(_write, target, data)
        self._usage.add(len(data))
        return target.relative_to(self._root).as_posix()

    async def keep_file(self, name: str, source: Path) -> int:
        """Copy a file into the folder as `keep` writes one; gives its size in bytes."""
        size = await asyncio.to_thread(_copy, source, self.path(name))
        self._usage.add(size)
        return size

    @asynccontextmanager
    async def new_file(self, name: str) -> AsyncGenerator["GrowingFile"]:
        """Open a file that appears whole when the block ends well; else nothing of it stays."""
        with await asyncio.to_thread(AtomicFile, self.path(name)) as file:
            growing = GrowingFile(file)
            yield growing
            await asyncio.to_thread(file.commit)
        self._usage.add(growing.size)

    def path(self, name: str) -> Path:
        """Tell where a name's file is, whether or not it exists; raises ValueError if the name leaves the root."""
        target = (self._root / name).resolve()
        if target == self._root or not target.is_relative_to(self._root):
            raise ValueError(f"{name!r} does not name a file in the media store")
        return target

    async def read(self, name: str) -> bytes:
        """Read a whole file; raises FileNotFoundError once it was swept, ValueError as `path` does."""
        return await asyncio.to_thread(self.path(name).read_bytes)

    @asynccontextmanager
    async def local(self, name: str) -> AsyncGenerator[Path]:
        """Give a file's own path; raises FileNotFoundError once it was swept."""
        path = self.path(name)
        await asyncio.to_thread(path.stat)
        yield path

    async def has(self, name: str) -> bool:
        """Tell whether a file is there; raises ValueError as `path` does."""
        return await asyncio.to_thread(self.path(name).is_file)

    async def serve(self, name: str, method: str = "GET") -> Path | None:
        """Give a file's own path; None when it is not there."""
        return self.path(name) if await self.has(name) else None

    async def remove(self, name: str) -> None:
        """Delete a file, and its folder if that is empty then; one that is not there is no error."""
        await asyncio.to_thread(_remove, self.path(name), self._root)

    async def discard(self, folder: str) -> None:
        """Delete the bot's files of one job or preview, and then their folder if it is empty."""
        await asyncio.to_thread(_delete_own, self.path(folder), None)

    async def sweep(self, older_than_ms: int, known: KnownIds) -> int:
        """Delete old files of known jobs but thumbnails, drafts of a crash among them, and then empty folders."""
        names = await asyncio.to_thread(possible_folders, self._root)
        deleted = 0
        for first in range(0, len(names), FOLDERS_AT_ONCE):
            for name in await known(names[first : first + FOLDERS_AT_ONCE]):
                deleted += await asyncio.to_thread(_delete_own, self.path(name), older_than_ms)
        await self._usage.measure()
        return deleted

    async def _measured(self) -> int:
        return await asyncio.to_thread(folder_bytes, self._root)


class GrowingFile:
    """Pass pieces of a file on to a thread that writes them."""

    def __init__(self, file: AtomicFile) -> None:
        self._file = file
        self.size = 0

    async def write(self, data: bytes) -> None:
        """Append some bytes; raises OSError."""
        await asyncio.to_thread(self._file.write, data)
        self.size += len(data)


def _write(path: Path, data: bytes) -> None:
    with AtomicFile(path) as file:
        file.write(data)
        file.commit()


def _copy(source: Path, target: Path) -> int:
    with source.open("rb") as original, AtomicFile(target) as file:
        while block := original.read(_BLOCK):
            file.write(block)
        file.commit()
        return original.tell()


def _try_write(root: Path) -> None:
    with tempfile.TemporaryFile(dir=root) as file:
        file.write(bytes(4096))
        file.flush()
        os.fsync(file.fileno())


def _remove(path: Path, root: Path) -> None:
    path.unlink(missing_ok=True)
    if path.parent != root:
        with suppress(OSError):  # it is not empty, or not there
            path.parent.rmdir()


def possible_folders(root: Path) -> list[str]:
    """Name the folders that may be those of jobs and previews."""
    try:
        with os.scandir(root) as entries:
            return [
                entry.name for entry in entries if may_be_own_folder(entry.name) and entry.is_dir(follow_symlinks=False)
            ]
    except FileNotFoundError:
        return []


def _delete_own(folder: Path, older_than_ms: int | None) -> int:
    """Delete what the bot wrote into a folder, all of it or what is old, and the folder if it is empty then."""
    deleted = 0
    goes = is_own_file if older_than_ms is None else is_swept
    try:
        with os.scandir(folder) as entries:
            own = [Path(entry) for entry in entries if goes(entry.name) and entry.is_file()]
    except (FileNotFoundError, NotADirectoryError):
        return 0
    for file in own:
        with suppress(FileNotFoundError):
            if older_than_ms is None or file.lstat().st_mtime_ns < older_than_ms * 1_000_000:
                file.unlink()
                deleted += 1
    with suppress(OSError):  # it is not empty, or another process was faster
        folder.rmdir()
    return deleted


def what_it_holds(media_dir: Path, database: Path | None) -> str | None:
    """Say what else a media folder holds that must not be there: the database, or the folder that the bot works in."""
    folder = media_dir.resolve()
    others = {"the folder that the bot works in": Path.cwd()}
    if database is not None:
        others = {"the database": database.resolve(), **others}
    return next((name for name, other in others.items() if other.is_relative_to(folder)), None)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
