"""The start on a PostgreSQL: what is wrong with it is told in one sentence that names the setting, and no password."""

import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
from unittest import mock

import pytest

from bot.config import Settings, load_settings
from bot.db import postgres
from bot.db.schema import MIGRATIONS
from bot.domain.clock import Clock
from bot.errors import SettingsError
from bot.providers.registry import provider_names
from bot.resources import open_resources, prepare_database
from tests.meta.source_tree import ROOT
from tests.support.postgres_server import connect, shared_databases, shared_server

OURS, OTHERS = 7, 8
PASSWORD = "hunter2hunter2"


@pytest.fixture
async def url() -> AsyncGenerator[str]:
    async with shared_databases().new() as url:
        yield url


def environment(url: str, folder: Path) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": "a-token",
        "TTAPI_API_KEY": "a-long-enough-key",
        "DATABASE_URL": url,
        "MEDIA_DIR": str(folder / "media"),
    }


def settings_for(url: str, folder: Path) -> Settings:
    with mock.patch.dict(os.environ, environment(url, folder), clear=True):
        return load_settings(provider_names())


async def start(url: str, folder: Path, application_id: int = OURS) -> None:
    """Open everything as the bot of an application does at its start, and close it again."""
    async with AsyncExitStack() as stack:
        clock = Clock()
        resources = await open_resources(stack, settings_for(url, folder), clock)
        await prepare_database(resources, application_id, clock())


async def refusal(url: str, folder: Path, application_id: int = OURS) -> str:
    with pytest.raises(SettingsError) as refused:
        await start(url, folder, application_id)
    return str(refused.value)


async def say(url: str, *statements: str) -> None:
    connection = await connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def test_an_empty_database_gets_its_tables_and_a_second_start_finds_them(url: str, tmp_path: Path) -> None:
    for _ in range(2):
        await start(url, tmp_path)
    connection = await connect(url)
    assert [row["n"] for row in await connection.fetch("select max(version) as n from schema_migration")] == [
        len(MIGRATIONS)
    ]
    await connection.close()


async def test_a_pool_size_is_taken_out_of_the_address(url: str, tmp_path: Path) -> None:
    await start(f"{url}?pool_size=2&sslmode=disable", tmp_path)


async def test_an_address_that_leads_nowhere_is_one_sentence_that_names_the_setting(tmp_path: Path) -> None:
    server = shared_server()
    where = f"127.0.0.1:{server.port}"
    sentences = {
        f"postgresql://bot:{PASSWORD}@nowhere.invalid/animatic": (
            "DATABASE_URL names a host that cannot be found: nowhere.invalid."
        ),
        f"postgresql://bot:{PASSWORD}@127.0.0.1:1/animatic": (
            "DATABASE_URL names a server where nothing answers: 127.0.0.1:1."
        ),
        server.url("nowhere", password=PASSWORD): (
            "DATABASE_URL names a database that the server does not have: nowhere."
        ),
        server.url(user="stranger", password=PASSWORD): (
            f"DATABASE_URL has a user or a password that the server at {where} does not take."
        ),
        f"{server.url(password=PASSWORD)}?sslmode=require": (
            f"DATABASE_URL asks for TLS that cannot be had at {where}: "
            f'PostgreSQL server at "{where}" rejected SSL upgrade.'
        ),
        f"{server.url(password=PASSWORD)}?colour=blue": (
            'DATABASE_URL cannot be opened: unrecognized configuration parameter "colour".'
        ),
    }
    for url, sentence in sentences.items():
        assert await refusal(url, tmp_path) == sentence


async def test_a_server_that_is_too_old_is_told(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "OLDEST", 99)
    said = await refusal(url, tmp_path)
    assert said.startswith("DATABASE_URL names PostgreSQL 16.")
    assert said.endswith("; 14 or newer is needed.")


async def test_the_tables_of_something_else_are_refused_and_unchanged(url: str, tmp_path: Path) -> None:
    await say(url, "create table song (name text)")
    assert await refusal(url, tmp_path) == (
        "DATABASE_URL names a database of another application; name one of the bot's own."
    )
    await say(url, "drop table song")
    await start(url, tmp_path)


async def test_a_newer_bots_database_is_refused(url: str, tmp_path: Path) -> None:
    await start(url, tmp_path)
    await say(url, "insert into schema_migration values (1000)")
    assert (
        await refusal(url, tmp_path)
        == "DATABASE_URL names a database of a newer Animatic; run that one, or name a new one."
    )


async def test_the_database_of_another_discord_application_is_refused(url: str, tmp_path: Path) -> None:
    await start(url, tmp_path)
    assert await refusal(url, tmp_path, OTHERS) == (
        "DATABASE_URL names the database of another Discord application; use a token of that one, or name a new one."
    )
    await start(url, tmp_path)


async def test_a_user_who_may_make_no_tables_is_told(url: str, tmp_path: Path) -> None:
    name = url.rpartition("/")[2]
    await say(shared_server().url(), "drop role if exists visitor", "create role visitor login")
    try:
        said = await refusal(shared_server().url(name, user="visitor"), tmp_path)
    finally:
        await say(shared_server().url(), "drop role visitor")
    assert said == "DATABASE_URL cannot be opened: permission denied for schema public."


def test_the_process_ends_with_code_2_and_one_line(tmp_path: Path) -> None:
    ended = run("run", f"postgresql://bot:{PASSWORD}@127.0.0.1:1/animatic", tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "DATABASE_URL names a server where nothing answers: 127.0.0.1:1.\n"


def test_without_the_extra_the_start_says_which_one_to_install(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['asyncpg'] = None; import bot.__main__ as bot; sys.exit(bot.main())"
    ended = run(None, f"postgresql://bot:{PASSWORD}@db/animatic", tmp_path, "-c", hidden)
    assert (ended.returncode, ended.stderr) == (
        2,
        "DATABASE_URL names a PostgreSQL; for that install animatic[postgres].\n",
    )


def test_with_sqlite_the_driver_of_postgresql_is_not_imported() -> None:
    program = "import bot.app, sys; assert 'asyncpg' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def run(verb: str | None, url: str, folder: Path, *instead: str) -> subprocess.CompletedProcess[str]:
    """Run the bot as a process of its own."""
    arguments = instead or ("-m", "bot", verb or "")
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **environment(url, folder)},
    )
