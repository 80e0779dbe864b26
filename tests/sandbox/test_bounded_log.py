from sandbox.bounded_log import BoundedLog


def log_of(*entries: int, limit: int = 3, open_entries: set[int] | None = None) -> BoundedLog[int]:
    log = BoundedLog[int](lambda: limit, (open_entries or set[int]()).__contains__)
    for entry in entries:
        log.append(entry)
    return log


def test_a_log_reads_like_a_list_of_what_it_keeps() -> None:
    log = log_of(1, 2, 3)
    assert (list(log), len(log), log[0], log[-1], log[1:]) == ([1, 2, 3], 3, 1, 3, [2, 3])
    assert log == [1, 2, 3]
    assert log != [1, 2]
    assert 2 in log


def test_a_full_log_forgets_the_oldest_entry_first() -> None:
    assert log_of(1, 2, 3, 4, 5) == [3, 4, 5]


def test_an_entry_keeps_its_position_when_older_ones_are_forgotten() -> None:
    log = log_of(10, 11, 12, 13, 14)
    assert log.position == 5
    assert log.since(3) == [(3, 13), (4, 14)]
    assert log.since(0) == [(2, 12), (3, 13), (4, 14)]
    assert log.since(5) == []


def test_an_entry_that_is_under_way_outlives_newer_ones() -> None:
    open_entries = {1}
    log = log_of(1, 2, 3, 4, 5, limit=2, open_entries=open_entries)
    assert log == [1, 4, 5]
    assert log.since(0) == [(0, 1), (3, 4), (4, 5)]
    assert log.since(1) == [(3, 4), (4, 5)]


def test_an_entry_that_was_under_way_is_forgotten_once_it_has_ended() -> None:
    open_entries = {1}
    log = log_of(1, 2, 3, 4, limit=2, open_entries=open_entries)
    open_entries.clear()
    log.append(5)
    assert log == [4, 5]


def test_a_raised_limit_counts_from_the_next_entry_on() -> None:
    limits = [2]
    log = BoundedLog[int](lambda: limits[-1])
    for entry in range(4):
        log.append(entry)
    limits.append(4)
    for entry in range(4, 8):
        log.append(entry)
    assert log == [4, 5, 6, 7]


def test_a_cleared_log_goes_on_with_its_positions() -> None:
    log = log_of(1, 2)
    log.clear()
    log.append(3)
    assert log == [3]
    assert log.since(0) == [(2, 3)]


def test_a_log_of_too_many_bytes_forgets_the_oldest_too() -> None:
    log = BoundedLog[bytes](lambda: 10, max_bytes=lambda: 100, size=len)
    for entry in (b"a" * 60, b"b" * 30, b"c" * 20, b"d" * 50):
        log.append(entry)
    assert [entry[:1] for entry in log] == [b"b", b"c", b"d"]
