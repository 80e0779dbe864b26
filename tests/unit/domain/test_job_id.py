"""The id of a job is read however it was pasted."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.image_reference import read_source
from bot.domain.job import new_id
from bot.domain.job_id import EXAMPLE_JOB_ID, read_job_id
from bot.domain.params import JobImageRef
from bot.errors import BadJobId

PASTED = ["{}", " {} ", "`{}`", "#{}", "# {}", "`#{}`", "**{}**", "job {}", "Job {}", "`job {}`", "job: {}.", "<{}>"]


@pytest.mark.parametrize("pasted", PASTED)
@given(now=st.integers(0, 4_102_444_800_000))
def test_an_id_is_read_however_it_was_pasted(pasted: str, now: int) -> None:
    job_id = new_id(now)
    for typed in (pasted.format(job_id), pasted.format(job_id.upper())):
        assert read_job_id(typed) == job_id


@pytest.mark.parametrize("pasted", PASTED)
def test_a_source_is_read_however_it_was_pasted(pasted: str) -> None:
    assert read_source(pasted.format("1m7wte9b7e357w#2"))[0] == JobImageRef("1m7wte9b7e357w", "2")


@pytest.mark.parametrize(
    "typed", ["", "`", "a boat", "1m7wte9b7e357w#2", "https://discord.com/channels/1/2/3", "x" * 33]
)
def test_what_can_be_no_id_is_refused(typed: str) -> None:
    with pytest.raises(BadJobId):
        read_job_id(typed)


@given(st.text(max_size=80))
def test_nothing_else_is_raised(typed: str) -> None:
    with suppress(BadJobId):
        assert 1 <= len(read_job_id(typed)) <= 32


def test_the_example_is_a_good_id() -> None:
    assert read_job_id(f"`{EXAMPLE_JOB_ID}`") == EXAMPLE_JOB_ID
