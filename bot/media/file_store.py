"""Keep files under one folder, written wholly or not at all."""

import asyncio
import os
import secrets
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path
from types import TracebackType
from typing import Self

_TRIES = 100


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
                self._path.parent.mkdir(parents=True, exist_ok=True)
                return self._draft.open("wb")
        return self._draft.open("wb")


class MediaStore:
    """Keep start frames and results under MEDIA_DIR, by names such as `<job id>/start.png`."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    async def keep(self, name: str, data: bytes) -> str:
        """Write a file atomically, in place of an older one, and give back its name relative to the root."""
        target = self.path(name)
        await asyncio.to_thread(_write, target, data)
        return target.relative_to(self._root).as_posix()

    def path(self, name: str) -> Path:
        """Tell where a name's file is, whether or not it exists; raises ValueError if the name leaves the root."""
        target = (self._root / name).resolve()
        if target == self._root or not target.is_relative_to(self._root):
            raise ValueError(f"{name!r} does not name a file in the media store")
        return target

    async def read(self, name: str) -> bytes:
        """Read a whole file; raises FileNotFoundError once it was swept, ValueError as `path` does."""
        return await asyncio.to_thread(self.path(name).read_bytes)

    async def has(self, name: str) -> bool:
        """Tell whether a file is there; raises ValueError as `path` does."""
        return await asyncio.to_thread(self.path(name).is_file)

    async def remove(self, name: str) -> None:
        """Delete a file, and its folder if that is empty then; one that is not there is no error."""
        await asyncio.to_thread(_remove, self.path(name), self._root)

    async def sweep(self, older_than_ms: int) -> int:
        """Delete the files last written before a moment (milliseconds since 1970), then empty folders.

        Gives the number of files deleted; drafts that a crash left behind are among them.
        """
        return await asyncio.to_thread(_sweep, self._root, older_than_ms)


def _write(path: Path, data: bytes) -> None:
    with AtomicFile(path) as file:
        file.write(data)
        file.commit()


def _remove(path: Path, root: Path) -> None:
    path.unlink(missing_ok=True)
    if path.parent != root:
        with suppress(OSError):  # it is not empty, or not there
            path.parent.rmdir()


def _sweep(root: Path, older_than_ms: int) -> int:
    deleted = 0
    for folder, _, names in os.walk(root, topdown=False):
        for name in names:
            file = Path(folder, name)
            with suppress(FileNotFoundError):
                if file.lstat().st_mtime_ns < older_than_ms * 1_000_000:
                    file.unlink()
                    deleted += 1
        if Path(folder) != root:
            with suppress(OSError):  # it is not empty, or another process was faster
                Path(folder).rmdir()
    return deleted


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def input_image_path(job_id: str, number: int) -> str:
    """Name the file in the media store of one of the pictures that a job is made from, counted from 0."""
    return f"{job_id}/given{number}"
