"""What the doctor says of the database and the media folder, and that it leaves both as they are."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.db import sqlite
from bot.db.migrations import migrate
from bot.db.schema import MIGRATIONS
from bot.db.sqlite import open_sqlite
from bot.doctor import storage_check as storage
from bot.doctor.storage_check import check_bucket, check_database, check_media, check_owner
from tests.support.s3_server import Bucket

NOWHERE = Path("/proc/nowhere/data")
OTHERWHERE = Path("/elsewhere/animatic.db")
PLENTY = 10**12


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Make the database of a bot that once ran."""

    async def make() -> None:
        async with open_sqlite(tmp_path / "a.db") as db:
            await migrate(db)

    asyncio.run(make())
    return tmp_path / "a.db"


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


NEWEST = len(MIGRATIONS)


async def test_a_look_at_the_database_leaves_every_byte_as_it_is(made: Path) -> None:
    before = contents(made.parent)
    assert (
        str(await check_database(made))
        == f"ok     DATABASE_URL     {made} can be read and written; schema version {NEWEST}."
    )
    assert contents(made.parent) == before


async def test_an_older_database_is_told_what_it_becomes_and_does_not_become_it(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "MIGRATIONS", (*MIGRATIONS, ()))
    for _ in range(2):
        found = await check_database(made)
        assert found.text.endswith(f"schema version {NEWEST}, which becomes {NEWEST + 1} when the bot starts.")


async def test_a_newer_database_is_wrong(made: Path) -> None:
    change(made, "insert into schema_migration (version) values (9)")
    assert str(await check_database(made)) == (
        f"wrong  DATABASE_URL     {made} has schema version 9, and this bot knows {NEWEST}. "
        "Run the newer bot that made it."
    )


async def test_a_database_of_something_else_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "songs.db"
    change(path, "create table song (name text)")
    assert str(await check_database(path)) == (
        f"wrong  DATABASE_URL     {path} holds the tables of something else. Name a file of the bot's own."
    )


async def test_an_empty_database_is_well(tmp_path: Path) -> None:
    path = tmp_path / "with space and ?.db"
    path.touch()
    assert str(await check_database(path)) == (
        f"ok     DATABASE_URL     {path} can be written and is empty; the bot makes its tables when it starts."
    )
    assert contents(tmp_path) == {path.name: b""}


async def test_a_file_that_is_no_database_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear reader, this is a letter.\n" * 100)
    assert str(await check_database(path)) == (
        f"wrong  DATABASE_URL     {path} cannot be used: file is not a database. "
        "Name another file, or put a backup in its place."
    )


async def test_a_locked_database_is_wrong(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "CHECK_TIMEOUT_SECONDS", 0.01)
    with closing(sqlite3.connect(made)) as other:
        other.execute("begin immediate")
        found = await check_database(made)
    assert str(found) == (
        f"wrong  DATABASE_URL     {made} cannot be used: database is locked. Another program keeps it locked: end that "
        "one; a running bot never holds it this long."
    )


async def test_folders_where_nothing_can_be_written_are_named() -> None:
    cure = "Give the folder to the bot's user, or name another one."
    for found in (await check_database(NOWHERE / "a.db"), await check_media(NOWHERE, OTHERWHERE, PLENTY)):
        assert found.verdict == "wrong"
        assert found.text.startswith(f"nothing can be written in {NOWHERE}: ")
        assert found.text.endswith(cure)


async def test_the_media_folder_is_left_as_it_was(tmp_path: Path) -> None:
    found = await check_media(tmp_path, OTHERWHERE, PLENTY)
    assert found.verdict == "ok"
    assert f"{tmp_path} can be written; " in found.text
    assert contents(tmp_path) == {}


async def test_little_room_for_films_only_hurts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)

    def full(_: Path) -> object:
        return usage._replace(free=300 * 1024 * 1024)

    monkeypatch.setattr(storage.shutil, "disk_usage", full)
    assert str(await check_media(tmp_path, OTHERWHERE, PLENTY)) == (
        f"warn   MEDIA_DIR        only 0.3 GiB are free in {tmp_path}. Make room, or lower MEDIA_DAYS."
    )


async def test_the_database_of_another_discord_application_is_wrong_and_left_as_it_is(made: Path) -> None:
    change(made, "insert into metadata (name, value) values ('application', '7')")
    before = contents(made.parent)
    [found] = await check_owner(made, 8)
    assert str(found) == (
        f"wrong  DATABASE_URL     {made} belongs to another Discord application. Name a new file, or use a token of "
        "that one."
    )
    assert await check_owner(made, 7) == []
    assert contents(made.parent) == before


async def test_whose_a_database_is_can_only_be_told_where_there_is_one_and_a_token(made: Path, tmp_path: Path) -> None:
    change(made, "insert into metadata (name, value) values ('application', '7')")
    assert await check_owner(made, None) == []
    assert await check_owner(tmp_path / "none.db", 8) == []
    letter = tmp_path / "letter.db"
    letter.write_text("Dear reader, this is a letter.\n" * 100)
    assert await check_owner(letter, 8) == []


async def test_a_media_folder_that_is_nearly_full_only_hurts(tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    (tmp_path / "job" / "1.mp4").write_bytes(bytes(900))
    assert (await check_media(tmp_path, OTHERWHERE, 1001)).verdict == "ok"
    found = await check_media(tmp_path, OTHERWHERE, 1000)
    assert found.verdict == "warn"
    assert found.text == (
        f"{tmp_path} holds 0.0 of 0.0 GB; when it is full, new pictures are refused. "
        "Raise MEDIA_MAX_GB, or lower MEDIA_DAYS."
    )


async def test_a_media_folder_with_the_database_in_it_is_wrong(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = await check_media(made.parent, made, PLENTY)
    assert found.verdict == "wrong"
    assert found.text == f"{made.parent} holds the database, and the bot does not start. Name a folder of its own."
    monkeypatch.chdir(made.parent)
    assert "holds the folder that the bot works in" in (await check_media(Path(), OTHERWHERE, PLENTY)).text


async def test_a_bucket_that_can_be_used_is_left_as_it_was(bucket: Bucket) -> None:
    assert str(await check_bucket(bucket.address("deep"))) == (
        f"ok     MEDIA_URL        files can be written, listed, read and deleted in {bucket.name}/deep."
    )
    assert await bucket.store().sizes() == {}


async def test_a_bucket_that_cannot_be_used_is_wrong_and_the_cure_is_told(bucket: Bucket) -> None:
    assert str(await check_bucket(bucket.address()._replace(bucket="nowhere"))) == (
        "wrong  MEDIA_URL        names a bucket that does not exist. Make the bucket, or name another one; "
        "AWS_ENDPOINT_URL says at which server it is."
    )
    assert str(await check_bucket(bucket.address(endpoint="http://127.0.0.1:1"))) == (
        "wrong  AWS_ENDPOINT_URL  leads to no server that answers, and the bucket that MEDIA_URL names should be "
        "there. See that the server runs and can be reached from here."
    )
