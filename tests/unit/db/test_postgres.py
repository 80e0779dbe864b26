"""The PostgreSQL adapter: interrupted tasks, lost connections and servers in trouble spoil no later transaction."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from bot.db import postgres
from bot.db.postgres import PostgresDatabase, open_postgres
from bot.errors import (
    ConnectProblem,
    DatabaseBroken,
    DatabaseBusy,
    DatabaseError,
    DatabaseUnavailable,
    DatabaseUnreachable,
)
from tests.support.postgres_server import (
    USER,
    PostgresServer,
    connect,
    postgres_server,
    shared_databases,
    shared_server,
)

TIMEOUT_SECONDS = 30
"""Seconds after which a test is surely stuck."""


@pytest.fixture
async def url() -> AsyncGenerator[str]:
    async with shared_databases().new() as url:
        yield url


@pytest.fixture
async def db(url: str) -> AsyncGenerator[PostgresDatabase]:
    async with open_postgres(url, pool_size=3) as db:
        await make_table(db)
        yield db


@pytest.fixture(scope="module")
def own_server() -> Generator[PostgresServer]:
    """Run a server that the tests of this file may stop."""
    with postgres_server() as server:
        yield server


async def make_table(db: PostgresDatabase) -> None:
    async with db.transaction() as tx:
        await tx.fetch("create table if not exists item (name text not null primary key, number bigint)")
        await tx.fetch("delete from item")


async def put(db: PostgresDatabase, *names: str) -> None:
    async with db.transaction() as tx:
        for name in names:
            await tx.fetch("insert into item (name) values ($1)", name)


async def names(db: PostgresDatabase) -> list[str]:
    return [row["name"] for row in await db.fetch("select name from item order by name")]


OTHERS = """select state, wait_event_type from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"""


async def other_sessions(db: PostgresDatabase) -> list[dict[str, Any]]:
    return [dict(row) for row in await db.fetch(OTHERS)]


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until the server is as described; it tells nobody when that is so."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not await true():  # noqa: ASYNC110  # the server tells nobody
            await asyncio.sleep(0.01)


async def until_one_waits(db: PostgresDatabase) -> None:
    async def one_waits() -> bool:
        return any(session["wait_event_type"] == "Lock" for session in await other_sessions(db))

    await until(one_waits)


@asynccontextmanager
async def held(url: str, sql: str) -> AsyncGenerator[None]:
    """Let another program hold what a statement locks."""
    connection = await connect(url)
    try:
        await connection.execute("begin")
        await connection.execute(sql)
        yield
    finally:
        await connection.close()


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("where", ["begin", "statement", "commit"])
async def test_a_cancelled_task_leaves_a_usable_pool_and_nothing_half_written(
    db: PostgresDatabase, url: str, where: str, times: int
) -> None:
    await put(db, "held")
    tasks: list[asyncio.Task[None]] = []

    async def put_two() -> None:
        async with db.transaction() as tx:
            await tx.fetch("insert into item (name) values ('a')")
            await tx.fetch("update item set number = 1 where name = 'held'")

    async with held(url, "update item set number = 2 where name = 'held'"):
        for _ in range(3):
            task = asyncio.create_task(put_two())
            tasks.append(task)
            if where == "statement":
                await until_one_waits(db) if len(tasks) == 1 else await asyncio.sleep(0.01)
            else:
                await asyncio.sleep(0 if where == "begin" else 0.005)
            for _ in range(times):
                task.cancel()
                await asyncio.sleep(0)
    assert [type(ended) for ended in await asyncio.gather(*tasks, return_exceptions=True)] == [
        asyncio.CancelledError
    ] * 3
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await asyncio.gather(*(put(db, f"c{number}") for number in range(9)))
    assert await names(db) == [*(f"c{number}" for number in range(9)), "held"]

    async def all_are_idle() -> bool:
        return all(session["state"] == "idle" for session in await other_sessions(db))

    await until(all_are_idle)


async def test_what_is_committed_outlasts_the_servers_crash_whatever_it_is_set_to(db: PostgresDatabase) -> None:
    [row] = await db.fetch(
        "select current_setting('synchronous_commit') as here, reset_val from pg_settings "
        "where name = 'synchronous_commit'"
    )
    assert (row["reset_val"], row["here"]) == ("off", "on")


async def test_each_transaction_runs_at_read_committed_whatever_the_server_is_set_to(
    db: PostgresDatabase, url: str
) -> None:
    name = url.rpartition("/")[2]
    await db.fetch(f"alter database {name} set default_transaction_isolation = 'serializable'")
    async with open_postgres(url) as other, other.transaction() as tx:
        assert (await tx.fetch("show transaction_isolation"))[0]["transaction_isolation"] == "read committed"


async def test_a_lock_that_somebody_holds_is_waited_for_only_so_long(
    db: PostgresDatabase, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_SESSION", (*postgres._SESSION, "set lock_timeout = '50ms'"))  # pyright: ignore[reportPrivateUsage]
    async with open_postgres(url) as hasty, held(url, "lock table item"):
        with pytest.raises(DatabaseBusy, match="lock timeout"):
            await put(hasty, "a")
    await put(db, "b")
    assert await names(db) == ["b"]


async def test_a_patient_transaction_waits_for_as_long_as_it_takes(
    url: str, db: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_SESSION", ("set lock_timeout = '200ms'", "set statement_timeout = '200ms'"))
    monkeypatch.setattr(postgres, "ANSWER_SECONDS", 1)

    async def write(hasty: PostgresDatabase) -> None:
        async with hasty.transaction(patient=True) as tx:
            await tx.fetch("insert into item (name) values ('a')")

    async with open_postgres(url) as hasty:
        async with held(url, "lock table item"):
            waiting = asyncio.create_task(write(hasty))
            await until_one_waits(hasty)
            await asyncio.sleep(1.2)
        await waiting
        assert await names(hasty) == ["a"]


async def test_a_deadlock_ends_one_of_the_two_and_is_told_as_busy(db: PostgresDatabase) -> None:
    await put(db, "a", "b")
    first_step = asyncio.Barrier(2)

    async def lock(*names: str) -> None:
        async with db.transaction() as tx:
            await tx.fetch("select 1 from item where name = $1 for update", names[0])
            await first_step.wait()
            await tx.fetch("select 1 from item where name = $1 for update", names[1])

    ends = await asyncio.gather(lock("a", "b"), lock("b", "a"), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["DatabaseBusy", "NoneType"]


async def test_more_tasks_than_connections_wait_for_their_turn(db: PostgresDatabase) -> None:
    await asyncio.gather(*(put(db, f"{number:03}") for number in range(60)))
    assert len(await names(db)) == 60
    assert len(await other_sessions(db)) <= 2


async def test_a_pool_that_nobody_gives_back_is_busy(
    db: PostgresDatabase, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "CONNECT_SECONDS", 0.1)
    async with db.transaction(), db.transaction(), db.transaction():
        with pytest.raises(DatabaseUnavailable, match="no answer came in time"):
            await db.fetch("select 1")
    assert await names(db) == []


async def test_a_statement_that_is_wrong_is_broken_and_spoils_nothing(db: PostgresDatabase) -> None:
    with pytest.raises(DatabaseBroken, match="does not exist"):
        await db.fetch("select * from nothing")
    with pytest.raises(DatabaseBroken, match="integer"):
        await db.fetch("select * from item where number = $1", "one")
    with pytest.raises(DatabaseBroken, match="0x00"):
        await put(db, "a\0b")
    await put(db, "a")


async def test_tables_that_change_meanwhile_are_read_anew(db: PostgresDatabase) -> None:
    await put(db, "a")
    for number in range(3):
        for _ in range(3):
            await db.fetch("select * from item")
        async with db.transaction() as tx:
            await tx.fetch(f"alter table item add column more{number} text")
    assert set(dict((await db.fetch("select * from item"))[0])) == {"name", "number", "more0", "more1", "more2"}


@pytest.mark.parametrize("during", ["idle", "transaction", "statement", "commit"])
async def test_connections_that_are_cut_lose_what_was_not_committed_and_nothing_after(
    db: PostgresDatabase, url: str, during: str
) -> None:
    async def cut() -> None:
        connection = await connect(url)
        await connection.execute(
            """select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid()"""
        )
        await connection.close()

    async def put_slowly() -> None:
        async with db.transaction() as tx:
            await tx.fetch("insert into item (name) values ('lost')")
            if during == "transaction":
                await cut()
                await asyncio.sleep(0.05)
            elif during == "statement":
                await asyncio.gather(tx.fetch("select pg_sleep(20)"), cut())
            else:
                cutting = asyncio.create_task(cut())
                await asyncio.sleep(0)
                cuts.append(cutting)

    cuts: list[asyncio.Task[None]] = []
    if during == "idle":
        await names(db)
        await cut()
    elif during == "commit":
        # Whether it was written nobody knows: who repeats it finds out.
        await asyncio.gather(put_slowly(), return_exceptions=True)
        await asyncio.gather(*cuts)
    else:
        with pytest.raises(DatabaseUnavailable):
            await put_slowly()
    await asyncio.sleep(0.05)
    await put(db, "kept")
    assert await names(db) in ([["kept"], ["kept", "lost"]] if during == "commit" else [["kept"]])


async def test_a_server_that_restarts_is_had_again_as_soon_as_it_answers(own_server: PostgresServer) -> None:
    async with open_postgres(own_server.url(), pool_size=3) as db:
        await make_table(db)
        await put(db, "before")
        own_server.stop()
        with pytest.raises(DatabaseUnavailable):
            await put(db, "meanwhile")
        with pytest.raises(DatabaseUnavailable):
            await names(db)
        own_server.start()
        await put(db, "after")
        assert await names(db) == ["after", "before"]


async def test_a_server_that_was_killed_has_what_was_committed(own_server: PostgresServer) -> None:
    async with open_postgres(own_server.url(), pool_size=3) as db:
        await make_table(db)
        await put(db, "before")
        own_server.kill()
        with pytest.raises(DatabaseUnavailable):
            await put(db, "meanwhile")
        own_server.start()
        assert await names(db) == ["before"]


async def is_read_only(db: PostgresDatabase, setting: str) -> bool:
    return (await db.fetch("show default_transaction_read_only"))[0]["default_transaction_read_only"] == setting


async def test_a_server_that_is_read_only_for_a_while_is_unavailable_and_not_broken(own_server: PostgresServer) -> None:
    async with open_postgres(own_server.url(), pool_size=3) as db:
        await make_table(db)
        await db.fetch("alter system set default_transaction_read_only = on")
        await db.fetch("select pg_reload_conf()")
        await until(lambda: is_read_only(db, "on"))
        with pytest.raises(DatabaseUnavailable, match="read-only"):
            await put(db, "a")
        assert await names(db) == []
        with pytest.raises(DatabaseUnreachable) as refused:
            async with open_postgres(own_server.url()):
                pass
        assert refused.value.problem is ConnectProblem.READ_ONLY
        admin = await connect(own_server.url())
        await admin.execute("set default_transaction_read_only = off")
        await admin.execute("alter system reset default_transaction_read_only")
        await admin.execute("select pg_reload_conf()")
        await admin.close()
        await until(lambda: is_read_only(db, "off"))
        await put(db, "a")
        assert await names(db) == ["a"]


async def test_after_a_failover_no_connection_to_the_server_of_before_is_used(
    db: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pids() -> set[int]:
        rows = await asyncio.gather(*(db.fetch("select pg_backend_pid() as pid, pg_sleep(0.05)") for _ in range(3)))
        return {row["pid"] for [row] in rows}

    async def write_to_the_server_of_before() -> None:
        async with db.transaction() as tx:
            await tx.fetch("set transaction read only")
            await tx.fetch("insert into item (name) values ('a')")

    before = await pids()
    with pytest.raises(DatabaseUnavailable, match="read-only"):
        await write_to_the_server_of_before()
    assert before.isdisjoint(await pids())


async def test_too_many_connections_are_unavailable_and_at_the_start_a_problem_of_its_own(
    own_server: PostgresServer,
) -> None:
    admin = await connect(own_server.url())
    async with open_postgres(own_server.url(), pool_size=3) as db:
        await make_table(db)
        await admin.execute("drop role if exists guest")
        await admin.execute("create role guest login connection limit 1")
        guest = own_server.url(user="guest")
        async with open_postgres(guest, pool_size=3) as one:
            with pytest.raises(DatabaseUnavailable, match="too many connections"):
                await asyncio.gather(*(one.fetch("select pg_sleep(0.2)") for _ in range(3)))
            with pytest.raises(DatabaseUnreachable) as refused:
                async with open_postgres(guest):
                    pass
            assert refused.value.problem is ConnectProblem.FULL
            await asyncio.sleep(0.3)
            assert len(await one.fetch("select 1")) == 1
    await admin.close()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("53100", DatabaseUnavailable),  # the disk is full
        ("53200", DatabaseUnavailable),
        ("57P01", DatabaseUnavailable),
        ("57P03", DatabaseUnavailable),
        ("58030", DatabaseUnavailable),
        ("08006", DatabaseUnavailable),
        ("25006", DatabaseUnavailable),
        ("40001", DatabaseBusy),
        ("40P01", DatabaseBusy),
        ("55P03", DatabaseBusy),
        ("57014", DatabaseBusy),
        ("23505", DatabaseBroken),
        ("42P01", DatabaseBroken),
        ("XX001", DatabaseBroken),
    ],
)
async def test_the_servers_codes_are_told_as_the_ports_errors(
    db: PostgresDatabase, code: str, kind: type[DatabaseError]
) -> None:
    with pytest.raises(kind) as raised:
        await db.fetch(f"do $$ begin raise exception 'so it is' using errcode = '{code}'; end $$")
    assert type(raised.value) is kind
    assert str(raised.value) == "so it is"


async def test_an_address_that_leads_nowhere_is_a_problem_with_a_name() -> None:
    server = shared_server()
    server_of = {
        "postgresql://bot@nowhere.invalid/animatic": ConnectProblem.HOST,
        "postgresql://bot@127.0.0.1:1/animatic": ConnectProblem.UNREACHABLE,
        server.url("nowhere"): ConnectProblem.NO_DATABASE,
        server.url(user="stranger"): ConnectProblem.LOGIN,
        f"{server.url()}?sslmode=require": ConnectProblem.TLS,
        f"{server.url()}?sslmode=perhaps": ConnectProblem.OTHER,
        f"{server.url()}?colour=blue": ConnectProblem.OTHER,
    }
    for url, problem in server_of.items():
        with pytest.raises(DatabaseUnreachable) as refused:
            async with open_postgres(url):
                pass
        assert refused.value.problem is problem, url


async def test_a_wrong_password_is_a_problem_with_a_name(own_server: PostgresServer) -> None:
    admin = await connect(own_server.url())
    await admin.execute("drop role if exists mira")
    await admin.execute("create role mira login password 'right'")
    own_server.set_rules(f"host all {USER} 127.0.0.1/32 trust", "host all mira 127.0.0.1/32 scram-sha-256")

    async def the_rules_are_read() -> bool:
        try:
            await (await connect(own_server.url(user="mira", password="wrong"))).close()
        except asyncpg.InvalidPasswordError:
            return True
        return False

    await until(the_rules_are_read)
    await admin.close()
    with pytest.raises(DatabaseUnreachable) as refused:
        async with open_postgres(own_server.url(user="mira", password="wrong")):
            pass
    assert (refused.value.problem, "wrong" in str(refused.value)) == (ConnectProblem.LOGIN, False)
    async with open_postgres(own_server.url(user="mira", password="right")) as db:
        assert len(await db.fetch("select 1")) == 1


async def test_a_server_that_is_too_old_is_a_problem_with_a_name(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "OLDEST", 99)
    with pytest.raises(DatabaseUnreachable) as refused:
        async with open_postgres(url):
            pass
    assert refused.value.problem is ConnectProblem.TOO_OLD
    assert refused.value.message.startswith("16.")


async def test_a_database_that_cannot_hold_every_letter_is_a_problem_with_a_name() -> None:
    server = shared_server()
    admin = await connect(server.url())
    await admin.execute("create database latin template template0 encoding 'LATIN1'")
    try:
        with pytest.raises(DatabaseUnreachable) as refused:
            async with open_postgres(server.url("latin")):
                pass
    finally:
        await admin.execute("drop database latin")
        await admin.close()
    assert (refused.value.problem, refused.value.message) == (ConnectProblem.ENCODING, "LATIN1")


async def test_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "CONNECT_SECONDS", 0.2)

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(100):
            pass
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(DatabaseUnreachable) as refused:
            async with open_postgres(f"postgresql://bot@127.0.0.1:{port}/animatic"):
                pass
    assert refused.value.problem is ConnectProblem.SILENT


async def test_the_newest_version_works_too() -> None:
    with postgres_server(version=18) as server:
        async with open_postgres(server.url()) as db:
            await make_table(db)
            await put(db, "a")
            assert await names(db) == ["a"]
