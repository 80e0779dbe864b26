"""Shards are shared evenly, whoever comes and goes; none is held twice, and no more move than need to."""

import asyncio
from contextlib import suppress
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import DatabaseUnavailable
from bot.identify_turns import StartLimits
from bot.shards import SEATS
from tests.support.shard_board import Board, Process

ROUNDS = 40
"""After so many everything has come to rest: each process gives up one shard a round."""


async def settle(*processes: Process, rounds: int = ROUNDS) -> None:
    """Let rounds pass; those of all processes meet in any order."""
    for _ in range(rounds):
        await asyncio.gather(*(process.sharing.round() for process in processes))
        held = [shard for shard, _ in processes[0].board.connected] if processes else []
        assert len(held) == len(set(held)), "a shard is held twice"


def sizes(*processes: Process) -> list[int]:
    """Tell how many shards each holds, the most first."""
    return sorted((len(process.shards) for process in processes), reverse=True)


def assert_even(count: int, processes: list[Process]) -> None:
    assert sorted(shard for process in processes for shard in process.shards) == list(range(count))
    assert max(sizes(*processes)) - min(sizes(*processes)) <= 1
    assert all(process.shards == process.sharing.mine for process in processes)


EVENTS = st.lists(st.sampled_from(["come", "come", "kill", "leave", "lose", "away"]), max_size=8)


@given(count=st.integers(1, 20), events=EVENTS, seed=st.integers(0, 2**32), hurry=st.integers(0, 5))
@example(count=1, events=["lose", "come", "kill", "come", "leave", "come"], seed=0, hurry=1)  # it left in a round
async def test_whoever_comes_and_goes_the_shards_end_evenly_and_none_is_held_twice(
    count: int, events: list[str], seed: int, hurry: int
) -> None:
    random = Random(seed)
    board = Board(random)
    living = [Process(board, count)]
    for event in events:
        victim = random.choice(living)
        match event:
            case "come":
                living.append(Process(board, count))
            case "kill" if len(living) > 1:
                victim.kill()
                living.remove(victim)
            case "leave" if len(living) > 1:
                leaving = asyncio.create_task(victim.sharing.hand_over())
                await settle(*living, rounds=hurry)
                leaving.cancel()
                with suppress(asyncio.CancelledError):
                    await leaving
                await victim.sharing.close()
                assert not victim.shards
                living.remove(victim)
            case "lose":
                victim.locks.lose_all()
                await victim.sharing.round()
            case "away":
                victim.locks.reachable = False
                with suppress(DatabaseUnavailable):
                    await victim.sharing.round()
                victim.locks.reachable = True
            case _:
                pass
        await settle(*living, rounds=hurry)
    await settle(*living)
    assert_even(count, living)
    assert all(process.sharing.problem() is None for process in living)


async def test_one_process_takes_all_shards_in_its_first_round() -> None:
    only = Process(Board(), 16)
    await settle(only, rounds=1)
    # Each of a bucket waits for its turn; with one bucket that is one a round.
    assert only.shards == {0}
    wide = Process(Board(), 16, limits=StartLimits(1000, 0, 16))
    await settle(wide, rounds=1)
    assert wide.shards == set(range(16))


async def test_a_newcomer_gets_its_part_and_no_shard_moves_that_need_not() -> None:
    board = Board()
    first, second, third = (Process(board, 4) for _ in range(3))
    await settle(first)
    assert board.moves == 4
    await settle(first, second)
    assert (sizes(first, second), board.moves) == ([2, 2], 6)
    await settle(first, second, third)
    assert (sizes(first, second, third), board.moves) == ([2, 1, 1], 7)


async def test_a_killed_processs_shards_are_taken_in_the_next_rounds_and_no_other_moves() -> None:
    board = Board()
    processes = [Process(board, 8) for _ in range(4)]
    await settle(*processes)
    assert sizes(*processes) == [2, 2, 2, 2]
    moves, dead = board.moves, processes.pop()
    dead.kill()
    await settle(*processes, rounds=2)
    assert (sizes(*processes), board.moves) == ([3, 3, 2], moves + 2)


async def test_a_process_that_comes_for_a_moment_moves_nothing() -> None:
    board = Board()
    first, passing = Process(board, 4), Process(board, 4)
    await settle(first)
    await passing.sharing.round()
    await first.sharing.round()
    passing.kill()
    await settle(first)
    assert (first.shards, board.moves) == ({0, 1, 2, 3}, 4)


async def test_a_shard_is_given_up_only_when_another_process_can_connect_it_at_once() -> None:
    board = Board()
    first, second = Process(board, 4, seconds=5), Process(board, 4, seconds=5)
    for _ in range(4):
        await settle(first, rounds=1)
        board.now += 5200
    assert len(first.shards) == 4
    board.now -= 5000
    await settle(first, second, rounds=10)
    assert sizes(first, second) == [4, 0]
    board.now += 5000
    await settle(first, second, rounds=10)
    assert sizes(first, second) == [3, 1]


async def test_with_one_shard_the_second_process_stands_by_until_the_first_is_gone() -> None:
    board = Board()
    first, second = Process(board, 1), Process(board, 1)
    assert second.sharing.problem() == "The gateway is not ready."
    await settle(first, second)
    assert (first.shards, second.shards) == ({0}, set())
    assert (first.sharing.stands_by, second.sharing.stands_by) == (False, True)
    assert second.sharing.problem() is None
    first.kill()
    await settle(second, rounds=1)
    assert second.shards == {0}
    assert not second.sharing.stands_by


async def test_a_shard_on_its_way_is_a_problem_at_the_start_and_later_only_if_no_other_is_ready() -> None:
    process = Process(Board(), 2)
    await settle(process)
    process.ready.clear()
    fresh = Process(Board(), 2)
    await settle(fresh, rounds=1)
    assert fresh.sharing.problem() == "The gateway is not ready."
    assert process.sharing.problem() == "The gateway is not ready."
    process.ready.add(1)
    assert process.sharing.problem() is None


async def test_who_is_told_to_stop_hands_over_one_after_the_other_and_keeps_its_shards_when_alone() -> None:
    board = Board()
    first, second = Process(board, 4), Process(board, 4)
    await settle(first, second)
    leaving = asyncio.create_task(first.sharing.hand_over())
    await asyncio.sleep(0)
    while first.shards:
        await settle(first, second, rounds=1)
        assert len(board.connected) >= 3, "more than one is on its way"
    await settle(first, second)
    await asyncio.wait_for(leaving, 1)
    assert second.shards == {0, 1, 2, 3}
    await asyncio.wait_for(second.sharing.hand_over(), 1)
    await settle(second)
    assert second.shards == {0, 1, 2, 3}
    await second.sharing.close()
    assert not board.connected
    assert not board.holders


async def test_who_lost_its_names_keeps_connected_what_nobody_took_and_drops_what_others_have() -> None:
    board = Board()
    first, second = Process(board, 4), Process(board, 4)
    await settle(first, second)
    mine, moves = first.shards, board.moves
    first.locks.lose_all()
    await first.sharing.round()
    await settle(first, second)
    assert (first.shards, board.moves) == (mine, moves)
    first.locks.lose_all()
    first.locks.reachable = False
    for _ in range(ROUNDS):
        await second.sharing.round()
    assert second.shards == {0, 1, 2, 3}
    first.locks.reachable = True
    await first.sharing.round()
    assert not first.shards
    await settle(first, second)
    assert_even(4, [first, second])


async def test_pinned_shards_are_held_alone_and_taken_over_by_nobody() -> None:
    board = Board()
    first, second = Process(board, 4, pinned=frozenset({0, 3})), Process(board, 4, pinned=frozenset({1, 2}))
    twin = Process(board, 4, pinned=frozenset({0, 3}))
    await settle(first)
    await settle(first, second, twin)
    assert (first.shards, second.shards, twin.shards) == ({0, 3}, {1, 2}, set())
    assert twin.sharing.stands_by
    second.kill()
    await settle(first, twin)
    assert (first.shards, twin.shards) == ({0, 3}, set())
    await asyncio.wait_for(first.sharing.hand_over(), 1)
    assert first.shards == {0, 3}
    first.kill()
    await settle(twin)
    assert twin.shards == {0, 3}


async def test_all_who_live_at_once_count_as_many_shards_as_the_first_of_them() -> None:
    board = Board()
    first, second = Process(board, recommended=2), Process(board, recommended=3)
    await settle(first)
    await settle(first, second)
    assert (first.sharing.count, second.sharing.count, sizes(first, second)) == (2, 2, [1, 1])
    first.kill()
    second.kill()
    third = Process(board, recommended=3)
    await settle(third)
    assert (third.sharing.count, third.shards) == (3, {0, 1, 2})


async def test_more_processes_than_there_are_seats_stand_by() -> None:
    board = Board()
    processes = [Process(board, 2) for _ in range(SEATS + 1)]
    await settle(*processes, rounds=3)
    assert sizes(*processes)[:3] == [1, 1, 0]
    assert sum(process.sharing.stands_by for process in processes) == SEATS - 1


@pytest.mark.parametrize(("remaining", "problem"), [(0, True), (1, False)])
async def test_a_day_without_session_starts_is_told(remaining: int, problem: bool) -> None:
    process = Process(Board(), 1, limits=StartLimits(remaining, 3 * 3_600_000, 1))
    await settle(process)
    said = "The gateway is not ready: Discord lets no more sessions begin today, the next one in 3.0 hours."
    assert process.sharing.problem() == (said if problem else None)
