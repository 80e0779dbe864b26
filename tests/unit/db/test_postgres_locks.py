"""Names, turns and shards by advisory locks: kept apart between processes, and all lost with the connection."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from bot.db.postgres_locks import PostgresInstanceNames, PostgresNamedLocks, PostgresShardLocks
from bot.db.postgres_session import Pace, PostgresSession, open_session
from bot.domain.clock import Clock
from bot.errors import DatabaseError, DatabaseUnavailable
from tests.support.postgres_server import connect, shared_databases

QUICK = Pace(ping=0.1, sure=0.4, lost=0.7, silent=1.0)
"""As in production, in an eighth of the time."""

TIMEOUT_SECONDS = 30
"""Seconds after which a test is surely stuck."""


@pytest.fixture
async def url() -> AsyncGenerator[str]:
    async with shared_databases().new() as url:
        yield url


@pytest.fixture
async def one(url: str) -> AsyncGenerator[PostgresSession]:
    async with open_session(url, Clock(), QUICK) as session:
        yield session


@pytest.fixture
async def other(url: str) -> AsyncGenerator[PostgresSession]:
    async with open_session(url, Clock(), QUICK) as session:
        yield session


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not is_so():  # noqa: ASYNC110  # what is waited for is the server's doing
            await asyncio.sleep(0.01)


async def cut(session: PostgresSession, url: str) -> None:
    """Let the server end one session, and wait until it is told."""
    lost = asyncio.Event()
    session.when_lost(lost.set)
    killer: Any = await connect(url)
    await killer.execute(
        """select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
            and ((classid::bigint << 32) | objid::bigint) = hashtextextended($1, 0)""",
        f"process:{session.name()}",
    )
    await killer.close()
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await lost.wait()


async def test_a_name_lives_as_long_as_its_session(url: str, one: PostgresSession) -> None:
    names = PostgresInstanceNames(one, boot_ms=lambda: 0)
    async with open_session(url, Clock()) as passing:
        name = passing.name()
        assert name is not None
        assert await names.living([name, "nobody"]) == {name}
    # What was seen a moment ago is believed for a moment; whoever asks later is told anew.
    assert await names.living([name]) == {name}
    assert await PostgresInstanceNames(one).living([name]) == frozenset()


async def test_a_lost_session_has_no_name_until_it_has_a_new_one(url: str, one: PostgresSession) -> None:
    names = PostgresInstanceNames(one)
    before, told = names.own(), asyncio.Event()
    names.when_lost(told.set)
    await cut(one, url)
    assert told.is_set()
    assert names.own() is None
    await until(names.own)
    assert names.own() != before


async def test_tasks_of_both_processes_take_turns(one: PostgresSession, other: PostgresSession) -> None:
    inside = most = 0

    async def edit(turns: PostgresNamedLocks) -> None:
        nonlocal inside, most
        async with turns.acquire("card"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    both = [PostgresNamedLocks(one), PostgresNamedLocks(other)]
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await asyncio.gather(*(edit(both[number % 2]) for number in range(20)))
    assert (inside, most) == (0, 1)


async def test_other_turns_and_all_else_go_on_while_one_is_waited_for(
    one: PostgresSession, other: PostgresSession
) -> None:
    mine, others = PostgresNamedLocks(one), PostgresNamedLocks(other)
    async with others.acquire("card"):
        waiting = asyncio.create_task(edit_nothing(mine, "card"))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(TIMEOUT_SECONDS), mine.acquire("another"):
            assert not waiting.done()
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await waiting


async def edit_nothing(turns: PostgresNamedLocks, name: str) -> None:
    async with turns.acquire(name):
        pass


@pytest.mark.parametrize("steps", range(6))
async def test_a_cancelled_wait_leaves_the_turn_to_others_whenever_it_is_cancelled(
    one: PostgresSession, other: PostgresSession, steps: int
) -> None:
    mine, others = PostgresNamedLocks(one), PostgresNamedLocks(other)
    waiting = asyncio.create_task(edit_nothing(mine, "card"))
    for _ in range(steps):
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await edit_nothing(others, "card")
        await edit_nothing(mine, "card")
    assert await other.held(["turn:card"]) == set()


async def test_what_is_done_in_a_turn_ends_when_the_turn_is_lost_and_nothing_more_is_sent(
    url: str, one: PostgresSession, other: PostgresSession
) -> None:
    turns = PostgresNamedLocks(one)
    inside, sent = asyncio.Event(), 0

    async def edit() -> None:
        nonlocal sent
        async with turns.acquire("card"):
            inside.set()
            await asyncio.Event().wait()
            sent += 1

    editing = asyncio.create_task(edit())
    await inside.wait()
    await cut(one, url)
    assert not turns.are_sure()
    with pytest.raises(DatabaseUnavailable):
        await editing
    assert sent == 0
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await edit_nothing(PostgresNamedLocks(other), "card")
        await edit_nothing(turns, "card")
    assert turns.are_sure()


async def test_who_is_told_to_stop_in_a_turn_stops_as_told(one: PostgresSession) -> None:
    turns = PostgresNamedLocks(one)
    inside = asyncio.Event()

    async def edit() -> None:
        async with turns.acquire("card"):
            inside.set()
            await asyncio.Event().wait()

    editing = asyncio.create_task(edit())
    await inside.wait()
    editing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await editing
    assert await one.held(["turn:card"]) == set()


async def test_a_turn_is_waited_for_until_there_is_a_connection_again(url: str, one: PostgresSession) -> None:
    turns = PostgresNamedLocks(one)
    await cut(one, url)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await edit_nothing(turns, "card")


async def test_a_shard_is_one_processs_until_it_is_released(one: PostgresSession, other: PostgresSession) -> None:
    mine, others = PostgresShardLocks(one), PostgresShardLocks(other)
    assert await mine.try_hold("shard:0")
    assert await mine.try_hold("shard:0")
    assert not await others.try_hold("shard:0")
    assert await others.try_hold("shard:1")
    assert await mine.held(["shard:0", "shard:1", "shard:2"]) == {"shard:0", "shard:1"}
    await mine.release("shard:0")
    await mine.release("shard:1")
    assert await others.try_hold("shard:0")
    assert await mine.held(["shard:0", "shard:1"]) == {"shard:0", "shard:1"}
    assert not mine.lost()


async def test_shards_that_were_lost_are_told_until_they_are_taken_again_or_given_up(
    url: str, one: PostgresSession, other: PostgresSession
) -> None:
    mine, others = PostgresShardLocks(one), PostgresShardLocks(other)
    for shard in ("0", "1"):
        await mine.try_hold(shard)
    await cut(one, url)
    assert mine.lost()
    assert await others.try_hold("0")
    await until(one.name)
    assert not await mine.try_hold("0")
    assert await mine.try_hold("1")
    assert mine.lost()
    await mine.release("0")
    assert not mine.lost()
    assert await others.held(["0", "1"]) == {"0", "1"}


async def test_without_a_connection_nobody_knows_who_holds_what(url: str) -> None:
    async def connect_once() -> Any:
        if session.number:  # one was lost
            raise OSError("connection refused")
        return await connect(url)

    session = PostgresSession(connect_once, Clock(), QUICK)
    async with session.running():
        mine = PostgresShardLocks(session)
        await mine.try_hold("0")
        await cut(session, url)
        for question in (mine.try_hold("0"), mine.held(["0"]), PostgresInstanceNames(session).living(["somebody"])):
            with pytest.raises(DatabaseError):
                await question
        await mine.release("0")


async def test_a_try_that_nobody_waits_for_any_more_still_counts(one: PostgresSession) -> None:
    mine = PostgresShardLocks(one)
    trying = asyncio.create_task(mine.try_hold("0"))
    await asyncio.sleep(0)
    trying.cancel()
    await asyncio.gather(trying, return_exceptions=True)
    assert await mine.try_hold("0")
    await mine.release("0")
    assert await mine.held(["0"]) == frozenset()
