"""Pictures that a film may start from, as members name them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.image_reference import read_source
from bot.domain.job import new_id
from bot.domain.params import JobImageRef, ProviderImageRef
from bot.errors import BadSource

JOB = "01k3v9x2abcdef"


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        (JOB, "start"),
        (f"{JOB}#start", "start"),
        (f"{JOB}#end", "end"),
        *((f"{JOB}#{number}", str(number)) for number in (1, 2, 3, 4)),
        (f"  {JOB.upper()}#2 ", "2"),
    ],
)
def test_a_card_and_one_of_its_pictures_can_be_named(typed: str, place: str) -> None:
    assert read_source(typed) == (JobImageRef(JOB, place), None)


@pytest.mark.parametrize("typed", [f"{JOB}#0", f"{JOB}#5", f"{JOB}#", f"{JOB}#middle", f"{JOB}#２", f"{JOB}#22"])
def test_a_picture_that_no_card_has_is_no_providers_picture_either(typed: str) -> None:
    with pytest.raises(BadSource):
        read_source(typed)


@given(st.integers(0, 4_102_444_800_000), st.integers(1, 4))
def test_whatever_id_a_job_gets_its_pictures_can_be_named(now: int, number: int) -> None:
    job_id = new_id(now)
    assert read_source(f"{job_id}#{number}") == (JobImageRef(job_id, str(number)), None)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_providers_own_picture_is_counted_from_one_as_people_do(number: int) -> None:
    task = "afa774a3-1aee-5aba-4510-14818d6875e4"
    assert read_source(f"{task}#{number}") == (None, ProviderImageRef(task, number - 1))


@given(st.text(max_size=80))
def test_anything_else_is_refused_and_nothing_else_is_raised(typed: str) -> None:
    with suppress(BadSource):
        card, task = read_source(typed)
        assert (card is None) != (task is None)


def test_a_refusal_repeats_no_more_than_a_line_of_what_was_typed() -> None:
    with pytest.raises(BadSource) as refusal:
        read_source("x" * 5000)
    assert len(refusal.value.typed) == 60
