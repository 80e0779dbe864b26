"""`animatic move`: a stopped bot's database goes to PostgreSQL, and its kept files to the bucket if there is one."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.config import Settings
from bot.database_url import PostgresServer, SqliteFile, parse_database_url
from bot.db.card_edits import CardEdits
from bot.db.clips import Clips
from bot.db.connect_problems import what_is_wrong
from bot.db.migrations import written_version_of
from bot.db.move import Moved, move_rows
from bot.db.move_target import MoveTarget
from bot.db.schema import MIGRATIONS
from bot.db.sqlite import SqliteDatabase, open_sqlite, open_unchanged
from bot.errors import (
    DatabaseError,
    DatabaseUnreachable,
    MoveProblem,
    MoveRefused,
    SchemaProblem,
    SchemaRefused,
    SettingsError,
)
from bot.locks import FileInstanceNames
from bot.media.bucket import open_bucket
from bot.media.transfer import TransferCount, copy_files
from bot.progress_bar import ProgressBar
from bot.resources import SCHEMA_PROBLEMS

if TYPE_CHECKING:  # their packages are extras
    from bot.db.postgres import PostgresDatabase
    from bot.media.bucket_store import BucketStore

OLD, NEW = "DATABASE_URL", "The new address"

MOVE_PROBLEMS = {
    MoveProblem.IN_USE: (OLD, "names a database that is in use; stop every bot that works on it."),
    MoveProblem.NOT_EMPTY: (NEW, "names a database that holds something else already; name an empty one."),
    MoveProblem.OTHER_COPY: (NEW, "names a database that holds an unfinished copy of another one; name an empty one."),
    MoveProblem.ELSEWHERE: (OLD, "names a database that was moved to {where} already."),
    MoveProblem.DIFFERENT: (
        NEW,
        "names a database where {where} differs from the old one in number or sum; nothing is lost in the old one: "
        "see that nothing else writes into either, and begin again with an empty one.",
    ),
}
"""What is said when it cannot be done: of which address, and what."""

NEXT = "Set DATABASE_URL to the new address, and start the bot; on the old file it does not start any more."


@dataclass
class _Files:
    """Move the kept files from the folder into the bucket, while the old database is still held."""

    folder: Path
    bucket: "BucketStore"
    clips: Clips
    bar: ProgressBar
    count: TransferCount = field(default_factory=TransferCount)

    async def move(self) -> None:
        """Copy what the bucket lacks."""
        self.count = await copy_files(self.folder, self.bucket, self.clips.known, self._show)

    def _show(self, count: TransferCount) -> None:
        self.bar.show("files", count.files_there, count.files)


async def move_house(settings: Settings, address: str, stream: TextIO = sys.stdout) -> None:
    """Move everything, and say so; raise `SettingsError` where it cannot be done, `DatabaseError` or OSError in it."""
    old = settings.database
    if not isinstance(old, SqliteFile):
        raise SettingsError(OLD, "must name the SQLite file that is to be moved, until it is moved.")
    server = _new_server(address)
    await _check_old(old.path)
    bar = ProgressBar(stream)
    async with _opened_server(server) as new, open_sqlite(old.path) as db:
        files = await _files(settings, db, bar)
        names = FileInstanceNames(old.path.parent / "locks")
        with _problems_told(), closing(bar):
            moved = await move_rows(
                db, MoveTarget(new), str(server), bar.show, names.any_held, files.move if files else _nothing
            )
    stream.writelines(f"{line}\n" for line in (_rows_told(moved, server), _files_told(files, settings), NEXT))


def _new_server(address: str) -> PostgresServer:
    try:
        server = parse_database_url(address)
    except ValueError as error:
        raise SettingsError(NEW, f"{error}.") from None
    if isinstance(server, SqliteFile):
        raise SettingsError(NEW, "must be a PostgreSQL's, as in postgresql://user@host:port/database.")
    return server


async def _check_old(path: Path) -> None:
    """Refuse a file that is no database of ours."""
    if not await asyncio.to_thread(path.is_file):
        raise SettingsError(OLD, f"names no database that could be moved: there is no file {path}.")
    try:
        async with open_unchanged(path) as tx:
            version = await written_version_of(tx)
    except SchemaRefused as refused:
        raise SettingsError(OLD, SCHEMA_PROBLEMS[refused.problem]) from None
    except DatabaseError as error:
        raise SettingsError(OLD, f"cannot be opened: {error}.") from None
    if version == 0:
        raise SettingsError(OLD, "names an empty database, where nothing is to be moved.")
    if version > len(MIGRATIONS):
        raise SettingsError(OLD, SCHEMA_PROBLEMS[SchemaProblem.NEWER])


@asynccontextmanager
async def _opened_server(server: PostgresServer) -> AsyncGenerator["PostgresDatabase"]:
    try:
        from bot.db.postgres import open_postgres
    except ImportError:
        raise SettingsError(NEW, "names a PostgreSQL; for that install animatic[postgres].") from None
    with _unreachable_told(server):
        async with open_postgres(server.url, server.pool_size) as db:
            yield db


@contextmanager
def _unreachable_told(server: PostgresServer) -> Generator[None]:
    try:
        yield
    except DatabaseUnreachable as error:
        raise SettingsError(NEW, f"{what_is_wrong(server, error)}.") from None


@contextmanager
def _problems_told() -> Generator[None]:
    try:
        yield
    except MoveRefused as refused:
        name, problem = MOVE_PROBLEMS[refused.problem]
        raise SettingsError(name, problem.format(where=refused.where)) from None


async def _files(settings: Settings, db: SqliteDatabase, bar: ProgressBar) -> _Files | None:
    if settings.bucket is None:
        return None
    return _Files(settings.media_dir, await open_bucket(settings.bucket), Clips(db, CardEdits(db)), bar)


async def _nothing() -> None:
    pass


def _rows_told(moved: Moved, server: PostgresServer) -> str:
    if moved.before:
        return f"The database was moved to {server} already."
    rows = ", ".join(f"{table} {count:,}" for table, count in moved.rows.items() if count)
    return f"All rows are in {server}, with the same counts and sums on both sides: {rows}."


def _files_told(files: _Files | None, settings: Settings) -> str:
    if files is None:
        return f"Kept files stay in {settings.media_dir}; with MEDIA_URL set they are moved, too."
    count = files.count
    return (
        f"{count.files_there:,} of {count.files:,} kept files ({count.size_there / 1e6:,.1f} MB) are in "
        f"{settings.media_url}, {count.copied:,} of them new there."
    )
