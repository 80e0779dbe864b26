"""Reading on in records that grow and forget."""

from dataclasses import dataclass

from sandbox.bounded_log import BoundedLog
from sandbox.web.incremental_reader import IncrementalReader


@dataclass
class Call:
    name: str
    over: bool = False


def log_of(*calls: Call) -> BoundedLog[Call]:
    log = BoundedLog[Call](lambda: 2000)
    for call in calls:
        log.append(call)
    return log


def test_each_item_is_told_when_it_is_new_and_when_it_ends() -> None:
    calls = log_of(Call("a"), Call("b", over=True))
    following = IncrementalReader(calls.since, lambda call: call.over, 10)
    assert [(number, call.name) for number, call in following.read_changes()] == [(0, "a"), (1, "b")]
    assert following.read_changes() == []
    next(call for _, call in calls.since(0)).over = True
    calls.append(Call("c"))
    assert [(number, call.name) for number, call in following.read_changes()] == [(0, "a"), (2, "c")]
    assert following.read_changes() == []


def test_of_many_new_items_the_newest_are_told_and_those_without_an_end_are_not_kept_for_ever() -> None:
    calls = log_of(*(Call(str(number)) for number in range(1000)))
    following = IncrementalReader(calls.since, lambda call: call.over, 3)
    assert [call.name for _, call in following.read_changes()] == ["997", "998", "999"]
    for number in range(1000, 1003):
        calls.append(Call(str(number)))
    assert [call.name for _, call in following.read_changes()] == ["1000", "1001", "1002"]
    for _, call in calls.since(0):
        call.over = True
    assert [number for number, _ in following.read_changes()] == [1000, 1001, 1002]


def test_what_a_full_log_forgets_is_neither_told_twice_nor_passed_over() -> None:
    calls = BoundedLog[Call](lambda: 2)
    following = IncrementalReader(calls.since, lambda call: call.over, 10)
    told: list[str] = []
    for number in range(9):
        calls.append(Call(str(number), over=True))
        told += [call.name for _, call in following.read_changes()]
    assert told == [str(number) for number in range(9)]


def test_a_call_that_ends_once_its_log_has_forgotten_it_is_told_of() -> None:
    calls = BoundedLog[Call](lambda: 1)
    following = IncrementalReader(calls.since, lambda call: call.over, 10)
    first = Call("first")
    calls.append(first)
    assert [number for number, _ in following.read_changes()] == [0]
    calls.append(Call("second", over=True))
    first.over = True
    assert [(number, call.name) for number, call in following.read_changes()] == [(0, "first"), (1, "second")]
