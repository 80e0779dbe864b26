"""What processes hold: a name each, whose leases are free once nobody holds it, and turns. Here: lock files."""

import asyncio
import fcntl
import hashlib
import os
import secrets
from collections.abc import AsyncGenerator, Callable, Collection, Generator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary


class InstanceNames(Protocol):
    """Tell a process's own name, under which it has leases, and whose others still live."""

    def own(self) -> str | None:
        """Give the name that this process surely holds; None while it may be lost: then nothing is begun."""
        ...

    async def living(self, names: Collection[str]) -> frozenset[str]:
        """Tell which of these names a living process holds; raises a `DatabaseError` when that cannot be known."""
        ...

    def when_lost(self, tell: Callable[[], None]) -> None:
        """Call this at once when the name is lost; the next one that is told is another."""
        ...


class NamedLocks(Protocol):
    """Give turns by name to all tasks of all processes."""

    def acquire(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait for the turn of a name and keep it until the block ends.

        The block is cancelled when its turn is lost, and then a `DatabaseError` is raised.
        """
        ...

    def are_sure(self) -> bool:
        """Tell whether turns that were taken are surely still ours."""
        ...


class ShardLocks(Protocol):
    """Give names to one process at a time, at once or not at all; a dead process's names are free by themselves.

    `try_hold` and `held` raise `DatabaseError` when it cannot be known who holds what.
    """

    async def try_hold(self, name: str) -> bool:
        """Take a name and keep it until `release`; False when another process has it, True when this one has."""
        ...

    async def release(self, name: str) -> None:
        """Let others have a name; one that is not held here is left alone, and what cannot be reached is no error."""
        ...

    async def held(self, names: Collection[str]) -> frozenset[str]:
        """Tell which of these names any process holds, this one too."""
        ...

    def lost(self) -> bool:
        """Tell whether a name that was taken here, and not released, may be another process's by now.

        That ends when each such name was taken again, or released.
        """
        ...


@dataclass(frozen=True)
class Locks:
    """Hold what processes keep apart by; `when_woken` is called with what to call when another one woke all."""

    instance_names: InstanceNames
    cards: NamedLocks
    shards: ShardLocks
    when_woken: Callable[[Callable[[], None]], None]


class FileInstanceNames:
    """Hand out names to processes that share a folder; the system drops a dead process's lock by itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: str | None = None

    def own(self) -> str | None:
        """Give the name that was taken last."""
        return self._own

    async def living(self, names: Collection[str]) -> frozenset[str]:
        """Tell which of these names a living process holds."""
        return frozenset(filter(self.held, names))

    def when_lost(self, tell: Callable[[], None]) -> None:
        """Forget it: the system takes no lock from a process that lives."""

    @contextmanager
    def hold(self) -> Generator[str]:
        """Take a new name and hold its lock until the block ends; the lock files of dead processes are removed."""
        self._folder.mkdir(0o700, parents=True, exist_ok=True)
        name, handle = self._take_new()
        try:
            for other in self._folder.glob("*.lock"):
                self.held(other.stem)
            self._own = name
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


class FileNamedLocks:
    """Give turns by name: each name is one byte of the lock file, whose bytes need not exist (POSIX fcntl, F_SETLK)."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._own_tasks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Generator["FileNamedLocks"]:
        """Open the folder's lock file; only once in a process, because closing it ends all turns of the process."""
        folder.mkdir(0o700, parents=True, exist_ok=True)
        handle = os.open(folder / "turns", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            yield cls(handle)
        finally:
            os.close(handle)

    def are_sure(self) -> bool:
        """Tell that they are: the system takes no lock from a process that lives."""
        return True

    @asynccontextmanager
    async def acquire(self, name: str) -> AsyncGenerator[None]:
        """Wait for the turn of a name and keep it until the block ends."""
        # The system's locks are a process's, so its own tasks queue here first.
        lock = self._own_tasks.get(name)
        if lock is None:
            lock = self._own_tasks[name] = asyncio.Lock()
        offset = _offset(name)
        async with lock:
            while not _try_byte(self._handle, offset):  # noqa: ASYNC110  # the system tells nobody when another process is done
                await asyncio.sleep(RETRY_SECONDS)
            try:
                yield
            finally:
                fcntl.lockf(self._handle, fcntl.LOCK_UN, 1, offset)


class FileShardLocks:
    """Give names to processes that share a folder: each is one byte of a lock file, as in `NamedLocks`."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._own: set[str] = set()

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Generator["FileShardLocks"]:
        """Open the folder's lock file; only once in a process, because closing it frees all names of the process."""
        folder.mkdir(0o700, parents=True, exist_ok=True)
        handle = os.open(folder / "shards", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            yield cls(handle)
        finally:
            os.close(handle)

    async def try_hold(self, name: str) -> bool:
        """Take a name and keep it until `release`."""
        if name not in self._own and not _try_byte(self._handle, _offset(name)):
            return False
        self._own.add(name)
        return True

    async def release(self, name: str) -> None:
        """Let others have a name."""
        if name in self._own:
            self._own.remove(name)
            fcntl.lockf(self._handle, fcntl.LOCK_UN, 1, _offset(name))

    async def held(self, names: Collection[str]) -> frozenset[str]:
        """Tell which of these names any process holds: those of others cannot be locked."""
        return frozenset(name for name in names if name in self._own or self._is_others(_offset(name)))

    def lost(self) -> bool:
        """Tell that nothing is: the system takes no lock from a process that lives."""
        return False

    def _is_others(self, offset: int) -> bool:
        if not _try_byte(self._handle, offset):
            return True
        fcntl.lockf(self._handle, fcntl.LOCK_UN, 1, offset)
        return False


def _offset(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7])


def _try_byte(handle: int, offset: int) -> bool:
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, offset)
    except (BlockingIOError, PermissionError):
        return False
    return True


def open_file_locks(stack: AsyncExitStack, folder: Path) -> Locks:
    """Take a name in a folder and open its lock files until the stack closes; raises `OSError`.

    Who shares a file looks for due jobs by himself: nobody is woken.
    """
    names = FileInstanceNames(folder)
    stack.enter_context(names.hold())
    cards = stack.enter_context(FileNamedLocks.open(folder))
    return Locks(names, cards, stack.enter_context(FileShardLocks.open(folder)), lambda _: None)
