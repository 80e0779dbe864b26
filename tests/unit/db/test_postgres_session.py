"""The connection that holds what is this process's alone: known to be there, known to be lost, and made anew."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any

import pytest

from bot.db.postgres import open_postgres
from bot.db.postgres_session import Pace, PostgresSession, open_session
from bot.domain.clock import Clock
from bot.errors import DatabaseError, DatabaseUnavailable
from tests.support.postgres_server import connect, shared_databases
from tests.support.tcp_proxy import tcp_proxy

QUICK = Pace(ping=0.1, sure=0.4, lost=0.7, silent=1.0)
"""As in production, in an eighth of the time."""

TIMEOUT_SECONDS = 30
"""Seconds after which a test is surely stuck."""


@pytest.fixture
async def url() -> AsyncGenerator[str]:
    async with shared_databases().new() as url:
        yield url


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not is_so():  # noqa: ASYNC110  # what is waited for is the server's doing
            await asyncio.sleep(0.01)


def own_name(session: PostgresSession) -> str:
    name = session.name()
    assert name is not None
    return name


async def cut(url: str) -> None:
    """Let the server end all other connections, as it does when it is restarted."""
    other: Any = await connect(url)
    await other.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
    await other.close()


async def test_each_process_has_a_name_that_all_others_see_held(url: str) -> None:
    async with open_session(url, Clock()) as one:
        async with open_session(url, Clock()) as other:
            names = [own_name(one), own_name(other)]
            assert len(set(names)) == 2
            keys = [f"process:{name}" for name in names]
            assert await one.held([*keys, "process:nobody"]) == await other.held(keys) == set(keys)
        assert await one.held(keys) == {keys[0]}


async def test_a_lock_is_one_sessions_until_it_is_given_back(url: str) -> None:
    async with open_session(url, Clock()) as one, open_session(url, Clock()) as other:
        number = await one.take("a card")
        assert number is not None
        assert await other.take("a card") is None
        assert await other.take("another card") is not None
        await one.give_back("a card", number)
        assert await other.take("a card") is not None


async def test_a_session_that_was_cut_tells_that_it_lost_everything_and_comes_back_with_a_new_name(url: str) -> None:
    losses: list[str | None] = []
    async with open_session(url, Clock(), QUICK) as session:
        name, number = own_name(session), await session.take("a card")
        session.when_lost(lambda: losses.append(session.name()))
        await cut(url)
        await until(lambda: losses)
        assert losses == [None]  # nothing may be begun from the very moment on
        await until(session.name)
        assert session.name() != name
        assert session.number != number
        assert await session.held([f"process:{name}", "a card"]) == set()


async def test_a_lock_of_a_lost_connection_is_not_given_back_on_the_next_one(url: str) -> None:
    async with open_session(url, Clock(), QUICK) as session:
        number = await session.take("a card")
        assert number is not None
        await cut(url)
        await until(lambda: session.number != number and session.name())
        assert await session.take("a card") == session.number
        await session.give_back("a card", number)
        assert await session.held(["a card"]) == {"a card"}


async def test_a_wire_that_swallows_everything_ends_the_locks_on_both_sides_and_ours_first(url: str) -> None:
    async with (
        tcp_proxy(url) as (wire, through),
        open_session(url, Clock(), QUICK) as other,
        open_session(through, Clock(), QUICK) as session,
    ):
        key, lost = f"process:{own_name(session)}", asyncio.Event()
        await session.take("a card")
        session.when_lost(lost.set)
        wire.swallow()
        await until(lambda: session.name() is None)
        assert not lost.is_set()  # first nothing is begun any more, then what is in hand ends
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await lost.wait()
            assert await other.held([key, "a card"]) == {key, "a card"}
            while await other.take("a card") is None:  # noqa: ASYNC110  # the server tells nobody
                await asyncio.sleep(0.02)
        assert await other.held([key]) == set()
        wire.mend()
        await until(session.name)
        assert await session.take("a card") is None


async def is_held(session: PostgresSession, name: str) -> bool:
    """Tell whether a process's name is taken; a session that connects anew cannot say."""
    try:
        return bool(await session.held([f"process:{name}"]))
    except DatabaseUnavailable:
        return True


async def test_a_process_that_stood_still_gives_everything_up_before_it_does_anything_else(url: str) -> None:
    now = 0
    async with open_session(url, Clock(), Pace()) as session:
        seen: list[str | None] = []
        session.when_lost(lambda: seen.append(session.name()))
        # Its tasks were asleep when it was stopped: they are woken together, and none has run yet.
        sleeping = asyncio.create_task(asyncio.sleep(0.3))
        await asyncio.sleep(0.1)
        name = own_name(session)
        session._boot_ms = lambda: now + 60_000_000_000  # pyright: ignore[reportPrivateUsage]  # a minute, for the test
        assert session.name() is None
        await sleeping
        assert seen == [None]
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while await is_held(session, name):  # noqa: ASYNC110  # the server ends it a moment later
                await asyncio.sleep(0.01)


async def test_while_no_connection_can_be_made_there_is_no_name_and_every_question_fails(url: str) -> None:
    async with tcp_proxy(url) as (wire, through), open_session(through, Clock(), QUICK) as session:
        wire.swallow()
        await until(lambda: session.number > 0)
        with pytest.raises(DatabaseUnavailable):
            await session.take("a card")
        assert session.name() is None


async def test_a_server_that_cannot_be_reached_is_told_at_the_start() -> None:
    with pytest.raises(DatabaseError):
        async with open_session("postgresql://animatic@127.0.0.1:1/nothing", Clock()):
            raise AssertionError("it was reached")


async def test_due_times_go_by_the_databases_clock_whatever_the_hosts_shows(url: str) -> None:
    clocks = [Clock(wall_ms=lambda: 0), Clock(wall_ms=lambda: 4_000_000_000_000)]
    async with open_session(url, clocks[0]), open_session(url, clocks[1]):
        other: Any = await connect(url)
        now = await other.fetchval("select (extract(epoch from clock_timestamp()) * 1000)::bigint")
        await other.close()
        for clock in clocks:
            assert abs(clock() - now) < 5_000
        assert abs(clocks[0]() - clocks[1]()) < 500


async def test_the_offset_is_measured_again(url: str) -> None:
    clock = Clock()
    async with open_session(url, clock, Pace(ping=0.05, clock=0.1)):
        clock.offset_ms += 3_600_000
        wrong = clock()
        await until(lambda: clock() < wrong - 3_000_000)


async def test_a_commit_wakes_all_other_processes_and_a_roll_back_none(url: str) -> None:
    ears = [asyncio.Event(), asyncio.Event()]
    async with (
        open_postgres(url) as db,
        open_session(url, Clock(), deaf_to=db.tag) as own,
        open_session(url, Clock()) as other,
    ):
        own.when_woken(ears[0].set)
        other.when_woken(ears[1].set)
        with suppress(LookupError):
            async with db.transaction() as tx:
                await tx.wake()
                raise LookupError
        async with db.transaction() as tx:
            await tx.wake()
            await asyncio.sleep(0.2)
            assert not ears[1].is_set()
        await until(ears[1].is_set)
        await own.held([])  # what came before this answer was heard
        await asyncio.sleep(0.1)
        assert not ears[0].is_set()


async def test_whoever_has_a_new_connection_looks_whether_it_missed_anything(url: str) -> None:
    heard = asyncio.Event()
    async with open_session(url, Clock(), QUICK) as session:
        session.when_woken(heard.set)
        await cut(url)
        await until(heard.is_set)


async def test_what_a_caller_no_longer_waits_for_is_asked_all_the_same(url: str) -> None:
    async with open_session(url, Clock()) as session:
        asking = asyncio.create_task(session.take("a card"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert await session.held(["a card"]) == {"a card"}
