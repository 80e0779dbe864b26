"""A database that somebody else keeps locked: for writing, or so wholly that not even reading goes on."""

import fcntl
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

READ_LOCKS = (123, 5)
"""First and number of the bytes of the shared-memory file that readers lock (SQLite, WAL-mode file format, 2.3.2)."""


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Keep everybody else from writing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("begin immediate")
        yield
        db.execute("rollback")


@contextmanager
def sealed(path: Path) -> Generator[None]:
    """Keep all other processes from reading; this one must not use the database meanwhile, which would end it."""
    first, number = READ_LOCKS
    with Path(f"{path}-shm").open("r+b") as shared:
        fcntl.lockf(shared, fcntl.LOCK_EX, number, first)
        yield
