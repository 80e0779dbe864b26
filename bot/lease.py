"""A process's name and the lock on it: leases of a name that nobody holds are free at once."""

import fcntl
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


class Names:
    """Hand out names to processes that share a folder; the system drops a dead process's lock by itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self) -> Generator[str]:
        """Take a new name and hold its lock until the block ends."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = secrets.token_hex(4)
        path = self._path(name)
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield name
        finally:
            path.unlink(missing_ok=True)
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

    def _path(self, name: str) -> Path:
        return self._folder / f"{Path(name).name}.lock"
