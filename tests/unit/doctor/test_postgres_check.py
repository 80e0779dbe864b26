"""What `doctor` says of a PostgreSQL: the same as the start, with the cure, and without a trace in the database."""

from collections.abc import AsyncGenerator

import pytest

from bot.database_url import PostgresServer, parse_database_url
from bot.db import postgres
from bot.db.migrations import migrate
from bot.db.postgres import open_postgres
from bot.db.schema import MIGRATIONS
from bot.doctor.postgres_check import check_postgres, check_postgres_owner
from tests.support.postgres_server import connect, shared_databases, shared_server

NEWEST = len(MIGRATIONS)
OURS, OTHERS = 7, 8


@pytest.fixture
async def url() -> AsyncGenerator[str]:
    async with shared_databases().new() as url:
        yield url


@pytest.fixture
async def made(url: str) -> str:
    async with open_postgres(url) as db:
        await migrate(db, OURS)
    return url


def server_of(url: str) -> PostgresServer:
    server = parse_database_url(url)
    assert isinstance(server, PostgresServer)
    return server


async def check(url: str) -> str:
    return str(await check_postgres(server_of(url)))


async def say(url: str, statement: str) -> None:
    connection = await connect(url)
    await connection.execute(statement)
    await connection.close()


async def test_a_database_in_order_is_told_with_its_version(made: str) -> None:
    assert await check(made) == (
        f"ok     DATABASE_URL     {server_of(made)} can be read and written; schema version {NEWEST}."
    )


async def test_an_empty_database_is_told_and_stays_empty(url: str) -> None:
    assert await check(url) == (
        f"ok     DATABASE_URL     {server_of(url)} can be written and is empty; "
        "the bot makes its tables when it starts."
    )
    async with open_postgres(url) as db:
        assert await db.tables() == set()


async def test_what_is_wrong_is_told_with_the_cure(url: str) -> None:
    server = shared_server()
    where = f"127.0.0.1:{server.port}"
    findings = {
        "postgresql://bot:hunter2@127.0.0.1:1/animatic": (
            "names a server where nothing answers: 127.0.0.1:1. Start PostgreSQL there, or name its host and port."
        ),
        server.url("nowhere"): (
            "names a database that the server does not have: nowhere. "
            "Make it, owned by the bot's user: createdb --owner USER --encoding UTF8 --template template0 NAME."
        ),
        server.url(user="stranger", password="hunter2"): (
            f"has a user or a password that the server at {where} does not take. "
            "Check both, and the server's pg_hba.conf; signs such as @ and / are written as %40 and %2F."
        ),
    }
    for address, said in findings.items():
        assert await check(address) == f"wrong  DATABASE_URL     {said}"


async def test_a_server_that_is_too_old_is_told_with_the_cure(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "OLDEST", 99)
    said = await check(url)
    assert said.startswith("wrong  DATABASE_URL     names PostgreSQL 16.")
    assert said.endswith("; 14 or newer is needed. Upgrade the server.")


async def test_the_tables_of_something_else_are_told(url: str) -> None:
    await say(url, "create table song (name text)")
    assert await check(url) == (
        f"wrong  DATABASE_URL     {server_of(url)} holds the tables of something else. "
        "Name a database of the bot's own."
    )


async def test_a_newer_bots_database_is_told(made: str) -> None:
    await say(made, "insert into schema_migration values (1000)")
    assert await check(made) == (
        f"wrong  DATABASE_URL     {server_of(made)} has schema version 1000, and this bot knows {NEWEST}. "
        "Run the newer bot that made it."
    )


async def test_a_user_who_may_not_write_is_told_with_the_cure(made: str) -> None:
    server = shared_server()
    name = made.rpartition("/")[2]
    await say(server.url(), "create role visitor login")
    await say(made, "grant select on all tables in schema public to visitor")
    try:
        said = await check(server.url(name, user="visitor"))
    finally:
        await say(made, "drop owned by visitor")
        await say(server.url(), "drop role visitor")
    assert said == (
        f"wrong  DATABASE_URL     127.0.0.1:{server.port}/{name} cannot be used: permission denied for table job. "
        "Let the bot's user own the database and its tables."
    )


async def test_another_applications_database_is_told(made: str) -> None:
    assert await check_postgres_owner(server_of(made), OURS) == []
    assert await check_postgres_owner(server_of(made), None) == []
    [found] = await check_postgres_owner(server_of(made), OTHERS)
    assert str(found) == (
        f"wrong  DATABASE_URL     {server_of(made)} belongs to another Discord application. "
        "Name a new one, or use a token of that one."
    )


async def test_who_owns_what_cannot_be_reached_is_told_elsewhere() -> None:
    assert await check_postgres_owner(server_of("postgresql://bot@127.0.0.1:1/animatic"), OURS) == []
