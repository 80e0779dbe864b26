"""A process's name and the lock on it: leases of a name that nobody holds are free at once."""

import asyncio
import fcntl
import hashlib
import os
import secrets
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from weakref import WeakValueDictionary


class InstanceNames:
    """Hand out names to processes that share a folder; the system drops a dead process's lock by itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self) -> Generator[str]:
        """Take a new name and hold its lock until the block ends; the lock files of dead processes are removed."""
        self._folder.mkdir(0o700, parents=True, exist_ok=True)
        name, handle = self._take_new()
        try:
            for other in self._folder.glob("*.lock"):
                self.held(other.stem)
            yield name
        finally:
            self._path(name).unlink(missing_ok=True)
            os.close(handle)

    def held(self, name: str) -> bool:
        """Tell whether a living process holds a name; a dead one's lock file is removed."""
        path = self._path(name)
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            path.unlink(missing_ok=True)
            return False
        finally:
            os.close(handle)

    def any_held(self) -> bool:
        """Tell whether any living process has a name here."""
        return any(self.held(path.stem) for path in self._folder.glob("*.lock"))

    def _take_new(self) -> tuple[str, int]:
        """Lock a file of its own; again, if another process took it for a dead one's before it was locked."""
        while True:
            name = secrets.token_hex(4)
            path = self._path(name)
            handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            with suppress(BlockingIOError, FileNotFoundError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(handle), path.stat()):
                    return name, handle
            os.close(handle)

    def _path(self, name: str) -> Path:
        return self._folder / f"{Path(name).name}.lock"


RETRY_SECONDS = 0.02
"""How often a turn that another process has is tried for again; the system tells nobody when it ends."""


class NamedLocks:
    """Give turns by name: each name is one byte of the lock file, whose bytes need not exist (POSIX fcntl, F_SETLK)."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._own_tasks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Generator["NamedLocks"]:
        """Open the folder's lock file; only once in a process, because closing it ends all turns of the process."""
        folder.mkdir(0o700, parents=True, exist_ok=True)
        handle = os.open(folder / "turns", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            yield cls(handle)
        finally:
            os.close(handle)

    @asynccontextmanager
    async def acquire(self, name: str) -> AsyncGenerator[None]:
        """Wait for the turn of a name and keep it until the block ends."""
        # The system's locks are a process's, so its own tasks queue here first.
        lock = self._own_tasks.get(name)
        if lock is None:
            lock = self._own_tasks[name] = asyncio.Lock()
        offset = int.from_bytes(hashlib.sha256(name.encode()).digest()[:7])
        async with lock:
            while not self._try(offset):  # noqa: ASYNC110  # the system tells nobody when another process is done
                await asyncio.sleep(RETRY_SECONDS)
            try:
                yield
            finally:
                fcntl.lockf(self._handle, fcntl.LOCK_UN, 1, offset)

    def _try(self, offset: int) -> bool:
        try:
            fcntl.lockf(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, offset)
        except (BlockingIOError, PermissionError):
            return False
        return True
