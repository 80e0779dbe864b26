"""How long is waited before a job is asked for again, and before what failed is tried again; milliseconds."""

FIRST_POLLS = 0.35
"""The pause before the next poll, as a share of the job's age: a 60 s job is asked 8 times when polls start at 5 s."""

LONGEST_POLL_MS = 30_000


def next_poll_ms(age_ms: int, shortest_ms: int) -> int:
    """Tell how long to wait before the next poll of a job that was submitted `age_ms` ago."""
    return min(max(int(age_ms * FIRST_POLLS), shortest_ms), max(LONGEST_POLL_MS, shortest_ms))


TOGETHER = 5
"""Polls fall on moments that are a fifth of the shortest pause apart, so that jobs are asked for together."""

LONGEST_TOGETHER_MS = 500


def poll_moment_ms(moment_ms: int, shortest_ms: int) -> int:
    """Give the next moment for polls, from one on."""
    apart = max(1, min(shortest_ms // TOGETHER, LONGEST_TOGETHER_MS))
    return -(-moment_ms // apart) * apart


def back_off_ms(tries: int, first_ms: int = 2_000, longest_ms: int = 120_000) -> int:
    """Tell how long to wait after the given number of failed tries: doubling, bounded."""
    return min(first_ms * 2 ** min(max(tries - 1, 0), 20), longest_ms)
