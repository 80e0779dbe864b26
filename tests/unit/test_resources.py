"""What is opened at the start: as many files as the system allows, and no database that is not the bot's."""

import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import AsyncExitStack, closing
from pathlib import Path
from unittest import mock

import pytest

from bot.config import Settings, load_settings
from bot.db import migrations
from bot.db.schema import MIGRATIONS
from bot.domain.clock import Clock
from bot.errors import SettingsError
from bot.providers.registry import provider_names
from bot.resources import open_resources, prepare_database
from tests.meta.source_tree import ROOT

OURS, OTHERS = 7, 8

RAISE = """
import resource
from bot.resources import _raise_file_limit

_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
_raise_file_limit()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def settings_for(path: Path) -> Settings:
    values = {
        "DISCORD_TOKEN": "a-token",
        "TTAPI_API_KEY": "a-long-enough-key",
        "DATABASE_URL": f"sqlite:///{path}",
        "MEDIA_DIR": str(path.parent / "media"),
    }
    with mock.patch.dict(os.environ, values, clear=True):
        return load_settings(provider_names())


async def start(path: Path, application_id: int = OURS) -> None:
    """Open everything as the bot of an application does at its start, and close it again."""
    async with AsyncExitStack() as stack:
        clock = Clock()
        resources = await open_resources(stack, settings_for(path), clock)
        await prepare_database(resources, application_id, clock())


async def refusal(path: Path, application_id: int = OURS) -> str:
    """Start with a database that is refused, and see that it is left alone; gives the sentence."""
    before = contents(path.parent)
    with pytest.raises(SettingsError) as refused:
        await start(path, application_id)
    assert contents(path.parent) == before
    return str(refused.value)


def contents(folder: Path) -> dict[str, bytes]:
    """Read the database and its journals; `-shm` is no file but memory that its readers share."""
    return {path.name: path.read_bytes() for path in folder.glob("*.db*") if not path.name.endswith("-shm")}


def copies(folder: Path) -> list[Path]:
    return list(folder.glob("animatic.db.*.backup"))


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize("mode", ["delete", "wal"])
async def test_another_programs_database_is_refused_and_unchanged(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "songs.db"
    change(path, f"pragma journal_mode={mode}", "create table song (name text)")
    assert await refusal(path) == ("DATABASE_URL names a database of another application; name one of the bot's own.")


async def test_another_programs_database_is_refused_and_unchanged_while_that_program_uses_it(tmp_path: Path) -> None:
    path = tmp_path / "songs.db"
    change(path, "pragma journal_mode=wal", "create table song (name text)")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("insert into song values ('one that only stands in the journal')")
        assert "another application" in await refusal(path)


async def test_a_newer_bots_database_is_refused_and_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "animatic.db"
    await start(path)
    change(path, "insert into schema_migration (version) values (1000)")
    assert await refusal(path) == "DATABASE_URL names a database of a newer Animatic; run that one, or name a new one."


async def test_the_database_of_another_discord_application_is_refused_and_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "animatic.db"
    await start(path)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, ("create table extra (name text)",)))
    assert await refusal(path, OTHERS) == (
        "DATABASE_URL names the database of another Discord application; use a token of that one, or name a new one."
    )


async def test_a_new_token_of_the_same_application_is_welcome(tmp_path: Path) -> None:
    path = tmp_path / "animatic.db"
    for _ in range(2):
        await start(path)
    assert copies(tmp_path) == []


async def test_a_database_is_copied_before_its_tables_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "animatic.db"
    await start(path)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, ("create table extra (name text)",)))
    await start(path)
    [copy] = copies(tmp_path)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("select max(version) from schema_migration").fetchall() == [(len(MIGRATIONS),)]


async def test_where_no_copy_can_be_made_the_start_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ("a" * 230 + ".db")  # the copy's name would be longer than a file's may be
    await start(path)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, ("create table extra (name text)",)))
    said = await refusal(path)
    assert said.startswith("DATABASE_URL could not be copied before its tables change: ")
    assert "File name too long" in said


@pytest.mark.slow  # it starts a process that imports the bot
def test_the_limit_of_open_files_is_raised() -> None:
    """In another process, because this one's limit is everybody's."""
    said = subprocess.run([sys.executable, "-c", RAISE], capture_output=True, text=True, check=True, cwd=ROOT)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert int(said.stdout) == (65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536))


WITHOUT_THE_EXTRA = """
import sys

sys.modules["prometheus_client"] = None
from bot.__main__ import main

sys.argv = ["bot"]
sys.exit(main())
"""


@pytest.mark.slow  # it starts a process that imports the bot
def test_metrics_without_their_extra_are_refused_in_a_sentence(tmp_path: Path) -> None:
    values = {"DISCORD_TOKEN": "a-token", "TTAPI_API_KEY": "a-long-enough-key", "METRICS_PORT": "9000"}
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_EXTRA],
        env={"PYTHONPATH": str(ROOT), **values},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == "METRICS_PORT needs the extra `metrics`: pip install 'animatic[metrics]'.\n"
    assert ran.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow  # it starts a process that imports the bot
def test_who_asks_for_no_metrics_loads_nothing_of_them() -> None:
    code = "import bot.app, sys; sys.exit('prometheus_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, check=False).returncode == 0
