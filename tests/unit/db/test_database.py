"""The database port on both engines: whole transactions whatever interrupts them, and reads that do not wait."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from bot.db.database import Database, parameters
from bot.errors import DatabaseBroken
from tests.support.db_engines import Engine

TIMEOUT_SECONDS = 30
"""Seconds after which a test is surely stuck; nothing here should take one."""


@pytest_asyncio.fixture(loop_scope="session")
async def db(engine: Engine) -> AsyncGenerator[Database]:
    async with engine.open() as db:
        async with db.transaction() as tx:
            await tx.fetch("create table item (name text not null primary key, number bigint)")
        yield db


async def put(db: Database, *names: str) -> None:
    async with db.transaction() as tx:
        for name in names:
            await tx.fetch("insert into item (name) values ($1)", name)


async def names(db: Database) -> list[str]:
    return [row["name"] for row in await db.fetch("select name from item order by name")]


async def test_an_exception_in_the_block_undoes_all_of_it_and_comes_through(db: Database) -> None:
    async def put_and_raise() -> None:
        async with db.transaction() as tx:
            await tx.fetch("insert into item (name) values ('a')")
            raise LookupError

    with pytest.raises(LookupError):
        await put_and_raise()
    await put(db, "b")
    assert await names(db) == ["b"]


async def test_a_statement_that_fails_undoes_those_before_it(db: Database) -> None:
    with pytest.raises(DatabaseBroken):
        await put(db, "a", "a")
    assert await names(db) == []


async def test_a_read_during_a_write_sees_what_was_committed_and_does_not_wait(db: Database) -> None:
    await put(db, "a")
    async with db.transaction() as tx:
        await tx.fetch("insert into item (name) values ('b')")
        async with asyncio.timeout(TIMEOUT_SECONDS):
            assert await names(db) == ["a"]
    assert await names(db) == ["a", "b"]


async def test_a_cancelled_read_spoils_no_later_one(db: Database) -> None:
    await put(db, "a")
    reading = asyncio.create_task(names(db))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await names(db) == ["a"]


async def test_a_storm_of_cancellations_leaves_whole_transactions_only(db: Database) -> None:
    tasks = [asyncio.create_task(put(db, f"{number}-left", f"{number}-right")) for number in range(50)]
    for number, task in enumerate(tasks):
        for _ in range(number % 5):
            await asyncio.sleep(0)
        if number % 3:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    async with asyncio.timeout(TIMEOUT_SECONDS):
        await put(db, "last")
    written = set(await names(db))
    for number, task in enumerate(tasks):
        halves = {f"{number}-left", f"{number}-right"} & written
        assert len(halves) in ((0, 2) if task.cancelled() else (2,))


async def test_the_tenth_parameter_is_not_the_first_with_a_zero_behind(db: Database) -> None:
    values = [f"value {number}" for number in range(1, 13)]
    named = ", ".join(f"cast({place} as text) as c{place[1:]}" for place in parameters(values).split(", "))
    (row,) = await db.fetch(f"select {named}", *values)
    assert list(dict(row).values()) == values


@pytest.mark.parametrize(("first", "text"), [(1, "$1, $2, $3"), (4, "$4, $5, $6")])
def test_places_are_written_from_any_first_one_on(first: int, text: str) -> None:
    assert parameters("abc", first) == text


def test_no_values_have_no_places() -> None:
    assert parameters(()) == ""


async def test_values_come_back_as_they_were_sent(db: Database) -> None:
    values = (
        (None, None, None),
        ("", 0, 1.5),
        ("'; drop table item; --", -1, -1e300),
        ("🎬", 2**63 - 1, 0.1),
        ("a\nb", -(2**63), 0.0),
        ("no number", True, None),
    )
    async with db.transaction() as tx:
        await tx.fetch("create table thing (text text, number bigint, share double precision)")
        for row in values:
            await tx.fetch("insert into thing values ($1, $2, $3)", *row)
    assert [tuple(dict(row).values()) for row in await db.fetch("select * from thing")] == list(values)


async def test_dollar_parameters_take_their_values_in_order_and_may_be_used_again(db: Database) -> None:
    sql = "select $2 as second, $1 as first, $2 || $1 as both, cast($3 as bigint) as third"
    (row,) = await db.fetch(sql, "a", "b", 3)
    assert dict(row) == {"second": "b", "first": "a", "both": "ba", "third": 3}


async def test_it_names_its_tables(db: Database) -> None:
    assert await db.tables() == {"item"}
    async with db.transaction() as tx:
        await tx.fetch("create table other (name text)")
        assert await tx.tables() == {"item", "other"}


async def count_up(db: Database) -> None:
    async with db.transaction() as tx:
        rows = await tx.fetch("select coalesce(number, 0) as number from item where name = 'counter' for update")
        await asyncio.sleep(0)
        await tx.fetch("update item set number = $1 where name = 'counter'", rows[0]["number"] + 1)


async def test_who_reads_for_update_decides_on_what_stays_so(engine: Engine, db: Database) -> None:
    await put(db, "counter")
    async with engine.open() as other:
        await asyncio.gather(*(count_up(each) for each in (db, other) * 15))
    assert [row["number"] for row in await db.fetch("select number from item")] == [30]


async def test_a_locked_name_is_held_until_the_transaction_ends(engine: Engine, db: Database) -> None:
    counts: list[int] = []

    async def count(db: Database, number: int) -> None:
        async with db.transaction() as tx:
            await tx.lock("counter")
            rows = await tx.fetch("select count(*) as items from item")
            await asyncio.sleep(0)
            await tx.fetch("insert into item (name) values ($1)", f"item {number}")
            counts.append(rows[0]["items"])

    async with engine.open() as other:
        await asyncio.gather(*(count(each, number) for number, each in enumerate([db, other] * 10)))
    assert counts == list(range(20))


async def test_of_rows_that_somebody_locks_the_others_are_taken(engine: Engine, db: Database) -> None:
    await put(db, *"abcdef")

    async def take(db: Database) -> list[str]:
        async with db.transaction() as tx:
            rows = await tx.fetch(
                """with picked as (select name from item where number is null
                       order by name limit 2 for update skip locked)
                   update item set number = 1 where name in (select name from picked) returning name"""
            )
            await asyncio.sleep(0.01)
        return [row["name"] for row in rows]

    async with engine.open() as other:
        taken = await asyncio.gather(take(db), take(other), take(db))
    assert sorted(name for some in taken for name in some) == list("abcdef")
