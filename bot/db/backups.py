"""Copies of a SQLite file, made beside it before its tables are changed: the newest two, for thirty days."""

import asyncio
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from bot.db.sqlite import SqliteDatabase
from bot.domain.clock import Clock

KEPT = 2
"""How many copies are kept."""

KEPT_MS = 30 * 24 * 3_600_000
"""How long they are kept."""

_STAMP = "%Y%m%d-%H%M%S"
_UNFINISHED = ".part"


class Backups:
    """Copy a database, and remove the copies that are too many or too old; no other file is touched."""

    def __init__(self, db: SqliteDatabase, path: Path, clock: Clock) -> None:
        self._db = db
        self._path = path
        self._clock = clock

    async def make(self) -> None:
        """Copy the database as it was last committed; only the bot's user may read the copy.

        Raises `OSError` or a `DatabaseError`, and then no copy is there that is not whole.
        """
        stamp = datetime.fromtimestamp(self._clock.wall_ms() / 1000, UTC)
        copy = self._path.with_name(f"{self._path.name}.{stamp:{_STAMP}}.backup")
        unfinished = copy.with_name(copy.name + _UNFINISHED)
        await asyncio.to_thread(_make_anew, unfinished)
        try:
            await self._db.copy_to(unfinished)
            await asyncio.to_thread(_put_in_place, unfinished, copy)
        finally:
            unfinished.unlink(missing_ok=True)
        await asyncio.to_thread(self._remove, self._copies()[KEPT:])

    async def remove_old(self) -> None:
        """Remove the copies that have been kept long enough."""
        oldest = self._clock.wall_ms() - KEPT_MS
        await asyncio.to_thread(self._remove, [copy for copy in self._copies() if self._made_ms(copy) < oldest])

    def _copies(self) -> list[Path]:
        """List the copies, newest first."""
        ours = re.compile(re.escape(self._path.name) + r"\.\d{8}-\d{6}\.backup")
        return sorted((file for file in self._path.parent.iterdir() if ours.fullmatch(file.name)), reverse=True)

    def _made_ms(self, copy: Path) -> int:
        stamp = copy.name.removeprefix(f"{self._path.name}.").removesuffix(".backup")
        try:
            made = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            return self._clock.wall_ms()  # no moment that we wrote, so it is not ours to remove
        return int(made.timestamp() * 1000)

    @staticmethod
    def _remove(copies: list[Path]) -> None:
        for copy in copies:
            copy.unlink(missing_ok=True)


def _make_anew(path: Path) -> None:
    """Make an empty file that nobody else may read; what an interrupted try has left is dropped."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _put_in_place(unfinished: Path, copy: Path) -> None:
    """Give a whole copy its name, on the disk too: what it was made for begins after that."""
    unfinished.rename(copy)
    folder = os.open(copy.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
