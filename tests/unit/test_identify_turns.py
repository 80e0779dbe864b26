"""Sessions begin one after the other in each bucket, over all processes, and none when the day's are used up."""

import asyncio

import pytest

from bot.errors import DatabaseUnavailable
from bot.identify_turns import FEW, StartLimits
from tests.support.shard_board import Board, Process

DAY_MS = 24 * 3_600_000


def process(board: Board, *, remaining: int = 1000, buckets: int = 1) -> Process:
    return Process(board, 16, seconds=5, limits=StartLimits(remaining, DAY_MS, buckets))


async def began(process: Process, shard: int) -> bool:
    """Let a session begin if it is its turn."""
    if not await process.turns.try_take(shard):
        return False
    await process.turns.identifying(shard)
    await process.turns.give_back(shard)
    return True


async def test_one_bucket_has_five_seconds_between_its_sessions_over_all_processes() -> None:
    board = Board()
    first, second = process(board), process(board)
    assert await began(first, 0)
    assert not await began(second, 1)
    board.now += 5000
    assert not await began(second, 1)
    board.now += 100
    assert await began(second, 1)
    assert not await began(first, 2)


async def test_buckets_do_not_wait_for_each_other() -> None:
    board = Board()
    first, second = process(board, buckets=4), process(board, buckets=4)
    assert [await began(first, shard) for shard in range(4)] == [True] * 4
    assert [await began(second, shard) for shard in range(4, 8)] == [False] * 4


async def test_a_turn_is_one_processs_and_one_tasks_until_it_is_given_back() -> None:
    board = Board()
    first, second = process(board), process(board)
    assert await first.turns.try_take(0)
    assert not await first.turns.try_take(1)
    assert not await second.turns.try_take(1)
    await first.turns.give_back(0)
    await first.turns.give_back(0)
    assert await second.turns.try_take(1)


async def test_who_is_killed_just_after_its_session_began_leaves_others_to_wait_all_the_same() -> None:
    board = Board()
    first, second = process(board), process(board)
    assert await first.turns.try_take(0)
    await first.turns.identifying(0)
    first.kill()
    assert not await began(second, 0)
    board.now += 5100
    assert await began(second, 0)


async def test_the_pause_counts_from_when_a_session_began_however_long_it_took_to_write_that_down() -> None:
    board = Board()
    first, second = process(board), process(board)
    write = board.put

    async def put(name: str, value: str) -> None:
        board.now += 3000
        await write(name, value)

    board.put = put  # pyright: ignore[reportAttributeAccessIssue]  # the database is slow
    assert await first.turns.try_take(0)
    await first.turns.identifying(0)
    began_ms, board.put = board.now, write
    await first.turns.give_back(0)
    board.now = began_ms + 4900
    assert not await began(second, 1)
    board.now = began_ms + 5100
    assert await began(second, 1)


async def test_who_is_killed_long_after_it_wrote_that_it_begins_leaves_others_to_wait_for_as_long() -> None:
    board = Board()
    first, second = process(board), process(board)
    assert await first.turns.try_take(0)
    await first.turns.identifying(0)
    board.now += 8000
    first.kill()
    assert not await began(second, 0)
    board.now += 4900
    assert not await began(second, 0)
    board.now += 200
    assert await began(second, 0)


async def test_a_moment_that_cannot_be_written_down_lets_the_session_go_on_and_others_wait() -> None:
    board = Board()
    first, second = process(board), process(board)
    assert await first.turns.try_take(0)
    await first.turns.identifying(0)
    write = board.put

    async def put(_name: str, _value: str) -> None:
        raise DatabaseUnavailable("it is away")

    board.put = put  # pyright: ignore[reportAttributeAccessIssue]  # the database breaks
    await first.turns.give_back(0)
    board.put = write
    board.now += 5100
    assert not await began(second, 0)
    board.now += 5100
    assert await began(second, 0)


async def test_a_moment_that_a_wrong_clock_wrote_keeps_nobody_waiting() -> None:
    board = Board()
    board.facts["identify:0"] = str(board.now + DAY_MS)
    assert await began(process(board), 0)


async def test_no_session_begins_that_cannot_be_written_down() -> None:
    board = Board()
    first = process(board)

    async def put(_name: str, _value: str) -> None:
        raise DatabaseUnavailable("it is away")

    board.put = put  # pyright: ignore[reportAttributeAccessIssue]  # the database breaks
    assert await first.turns.try_take(0)
    with pytest.raises(DatabaseUnavailable):
        await first.turns.identifying(0)


async def test_a_turn_that_cannot_be_looked_up_is_given_back() -> None:
    board = Board()
    first, second = process(board), process(board)
    first.locks.reachable = False
    with pytest.raises(DatabaseUnavailable):
        await first.turns.try_take(0)
    first.locks.reachable = True
    assert await began(second, 0)
    board.now += 5100
    assert await began(first, 0)


async def test_who_waits_gets_the_turn_once_it_is_free() -> None:
    board = Board()
    first, second = process(board), process(board)
    assert await first.turns.try_take(0)
    waiting = asyncio.create_task(second.turns.take(1))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    await first.turns.give_back(0)
    await asyncio.wait_for(waiting, 5)


async def test_a_day_that_is_used_up_lets_no_session_begin_until_discord_says_otherwise() -> None:
    board = Board()
    first = process(board, remaining=FEW)
    for left in range(FEW, 0, -1):
        first.limits = StartLimits(left, DAY_MS, 1)
        assert await began(first, 0)
        board.now += 6000
    first.limits = StartLimits(0, DAY_MS, 1)
    assert not await began(first, 0)
    assert first.turns.exhausted_ms == DAY_MS
    first.limits = StartLimits(1000, DAY_MS, 1)
    assert not await began(first, 0)
    board.now += 60_000
    assert await began(first, 0)
    assert first.turns.exhausted_ms == 0
