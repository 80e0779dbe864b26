"""Reading on in records that only grow."""

from dataclasses import dataclass

from sandbox.web.incremental_reader import IncrementalReader


@dataclass
class Call:
    name: str
    over: bool = False


def test_each_item_is_told_when_it_is_new_and_when_it_ends() -> None:
    calls: list[Call] = [Call("a"), Call("b", over=True)]
    following = IncrementalReader(lambda: calls, lambda call: call.over, 10)
    assert [(number, call.name) for number, call in following.news()] == [(0, "a"), (1, "b")]
    assert following.news() == []
    calls[0].over = True
    calls.append(Call("c"))
    assert [(number, call.name) for number, call in following.news()] == [(0, "a"), (2, "c")]
    assert following.news() == []


def test_of_many_new_items_the_newest_are_told_and_those_without_an_end_are_not_kept_for_ever() -> None:
    calls = [Call(str(number)) for number in range(1000)]
    following = IncrementalReader(lambda: calls, lambda call: call.over, 3)
    assert [call.name for _, call in following.news()] == ["997", "998", "999"]
    calls.extend(Call(str(number)) for number in range(1000, 1003))
    assert [call.name for _, call in following.news()] == ["1000", "1001", "1002"]
    for call in calls:
        call.over = True
    assert [number for number, _ in following.news()] == [1000, 1001, 1002]
