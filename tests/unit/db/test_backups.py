"""Before its tables change a database is copied beside itself: whole, for the bot's user alone, twice at most."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.db import migrations
from bot.db.backups import KEPT, KEPT_MS, Backups
from bot.db.migrations import migrate
from bot.db.schema import MIGRATIONS
from bot.db.sqlite import open_sqlite
from bot.errors import DatabaseError
from tests.support.db_fixture import DbFixture, open_db_fixture
from tests.support.worker_harness import Clock

DAY_MS = 24 * 3_600_000


def backups_of(db: DbFixture, path: Path, clock: Clock) -> Backups:
    return Backups(db.database, path, clock)  # pyright: ignore[reportArgumentType]  # the fixture's is SQLite's


def copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*.backup"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "animatic.db"


async def test_a_copy_holds_all_that_was_committed_and_only_its_owner_may_read_it(path: Path) -> None:
    async with open_db_fixture(path) as db:
        job = await db.done()
        await backups_of(db, path, Clock()).make()
        assert sorted(file.name for file in path.parent.glob("*.part")) == []
    [copy] = copies(path)
    assert copy.name == "animatic.db.20261118-120000.backup"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("select id, state from job").fetchall() == [(job.id, "done")]
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]


async def test_the_newest_two_are_kept_and_nothing_else_is_touched(path: Path) -> None:
    clock = Clock()
    others = [path.with_name(name) for name in ("animatic.db.backup", "other.db.20200101-000000.backup", "x.backup")]
    for other in others:
        other.write_text("mine")
    async with open_db_fixture(path) as db:
        for _ in range(KEPT + 2):
            await backups_of(db, path, clock).make()
            clock.now += DAY_MS
    ours = [copy.name for copy in copies(path) if copy not in others]
    assert ours == ["animatic.db.20261120-120000.backup", "animatic.db.20261121-120000.backup"]
    assert all(other.read_text() == "mine" for other in others)


async def test_copies_are_removed_after_thirty_days(path: Path) -> None:
    clock = Clock()
    stranger = path.with_name("animatic.db.20269999-999999.backup")
    stranger.write_text("no moment")
    async with open_db_fixture(path) as db:
        backups = backups_of(db, path, clock)
        await backups.make()
        clock.now += KEPT_MS
        await backups.remove_old()
        assert len(copies(path)) == 2
        clock.now += 1
        await backups.remove_old()
    assert copies(path) == [stranger]


async def test_a_copy_that_was_not_finished_is_none(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unfinished = path.with_name("animatic.db.20261118-120000.backup.part")
    unfinished.write_text("half of one")
    async with open_db_fixture(path) as db:
        await backups_of(db, path, Clock()).make()
        [whole] = copies(path)
        whole.unlink()

        async def full(_: Path) -> None:
            raise DatabaseError("the disk is full")

        monkeypatch.setattr(db.database, "copy_to", full)
        with pytest.raises(DatabaseError):
            await backups_of(db, path, Clock()).make()
    assert copies(path) == []
    assert not unfinished.exists()


async def test_only_a_database_whose_tables_change_is_copied(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    async def back_up() -> None:
        made.append(len(migrations.MIGRATIONS))

    async with open_sqlite(path) as db:
        await migrate(db, 1, back_up)
        await migrate(db, 1, back_up)
        assert made == []
        coming = (("create table one (name text)",), ("create table two (name text)",))
        monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, *coming))
        await migrate(db, 1, back_up)
        assert made == [len(MIGRATIONS) + 2]


async def test_a_database_that_cannot_be_copied_is_not_changed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def back_up() -> None:
        raise OSError("no room")

    async with open_sqlite(path) as db:
        await migrate(db)
        monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, ("create table one (name text)",)))
        with pytest.raises(OSError, match="no room"):
            await migrate(db, 1, back_up)
        assert await db.fetch("select name from sqlite_master where name = 'one'") == []
        assert await db.fetch("select value from metadata where name = 'application'") == []
