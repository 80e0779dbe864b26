"""The pace of polls, and of what is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pacing import LONGEST_POLL_MS, back_off_ms, next_poll_ms


@given(st.integers(0, 10**8), st.integers(1, 60_000))
def test_polls_keep_their_shortest_and_longest_pause(age: int, shortest: int) -> None:
    assert shortest <= next_poll_ms(age, shortest) <= max(LONGEST_POLL_MS, shortest)


@given(st.integers(0, 10**8), st.integers(0, 10**6), st.integers(1, 60_000))
def test_polls_grow_no_more_frequent_with_age(age: int, later: int, shortest: int) -> None:
    assert next_poll_ms(age, shortest) <= next_poll_ms(age + later, shortest)


def test_a_job_of_a_minute_is_asked_about_eight_times() -> None:
    age, polls = 0, 0
    while age < 60_000:
        age += next_poll_ms(age, 5_000)
        polls += 1
    assert polls == 8


def test_back_off_doubles_up_to_its_bound() -> None:
    assert [back_off_ms(tries) for tries in (0, 1, 2, 3, 6, 7, 10**9)] == [
        2000,
        2000,
        4000,
        8000,
        64000,
        120000,
        120000,
    ]
