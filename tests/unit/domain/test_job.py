"""The pure rules: ids, periods, prices, and the way of a job."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.credits import Prices
from bot.domain.job import ACTIVE_STATES, TRANSITIONS, Job, Kind, Result, State, new_id
from bot.domain.params import (
    ImageUpload,
    JobImageRef,
    JobParams,
    Motion,
    Preferences,
    PromptMode,
    ProviderImageRef,
    Resolution,
    Shape,
    Speed,
)
from bot.domain.periods import Period

moments = st.integers(0, 4_102_444_800_000)  # 1970 to 2100
pictures = st.builds(
    ImageUpload, url=st.text(), filename=st.text(), size=st.integers(0), content_type=st.none() | st.text()
)
all_params = st.builds(
    JobParams,
    prompt=st.text(),
    clips=st.sampled_from([1, 2, 4]),
    motion=st.none() | st.sampled_from(Motion),
    resolution=st.sampled_from(Resolution),
    loop=st.booleans(),
    speed=st.none() | st.sampled_from(Speed),
    image=st.none() | pictures,
    end_image=st.none() | pictures,
    job_image=st.none() | st.builds(JobImageRef, st.text(), st.sampled_from(["start", "end", "1", "4"])),
    provider_image=st.none() | st.builds(ProviderImageRef, st.text(), st.integers(0, 3)),
    prompt_mode=st.none() | st.sampled_from(PromptMode),
    action=st.none() | st.text(),
    translate=st.booleans(),
    shape=st.none() | st.sampled_from(Shape),
    images=st.lists(pictures, max_size=5).map(tuple),
    explicit_options=st.lists(st.sampled_from(["motion", "clips", "provider"]), unique=True).map(tuple),
    removed=st.lists(st.text(), max_size=3).map(tuple),
    preferred=st.builds(
        Preferences,
        speed=st.none() | st.sampled_from(Speed),
        translate=st.none() | st.booleans(),
        from_locale=st.sampled_from([(), ("translate",)]),
    ),
)


texts = st.lists(st.text(), max_size=4).map(tuple)
sides = st.none() | st.integers(1, 100_000)
results = st.builds(Result, actions=texts, texts=texts, seed=st.none() | st.text(), width=sides, height=sides)


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@given(moments, moments)
def test_ids_sort_by_time(one: int, other: int) -> None:
    if one != other:
        assert (new_id(one) < new_id(other)) == (one < other)


@given(moments)
def test_an_id_is_short_and_fits_into_a_button(now: int) -> None:
    job_id = new_id(now)
    assert len(job_id) == 14
    assert job_id.isascii()
    assert job_id.isalnum()
    assert job_id == job_id.lower()


def test_ids_of_one_millisecond_differ() -> None:
    assert len({new_id(1_800_000_000_000) for _ in range(200)}) > 190


@pytest.mark.parametrize(
    ("period", "moment", "key", "renews"),
    [
        (Period.DAY, "2026-11-20T00:00", "2026-11-20", "2026-11-21T00:00"),
        (Period.DAY, "2026-11-20T23:59:59.999", "2026-11-20", "2026-11-21T00:00"),
        (Period.DAY, "2028-02-28T12:00", "2028-02-28", "2028-02-29T00:00"),
        (Period.DAY, "2026-12-31T23:00", "2026-12-31", "2027-01-01T00:00"),
        (Period.WEEK, "2026-11-20T12:00", "2026-W47", "2026-11-23T00:00"),
        (Period.WEEK, "2026-11-23T00:00", "2026-W48", "2026-11-30T00:00"),
        (Period.WEEK, "2027-01-01T12:00", "2026-W53", "2027-01-04T00:00"),
        (Period.WEEK, "2024-12-30T00:00", "2025-W01", "2025-01-06T00:00"),
        (Period.MONTH, "2026-01-31T23:59", "2026-01", "2026-02-01T00:00"),
        (Period.MONTH, "2026-02-01T00:00", "2026-02", "2026-03-01T00:00"),
        (Period.MONTH, "2026-12-31T00:00", "2026-12", "2027-01-01T00:00"),
    ],
)
def test_periods_turn_over_at_midnight(period: Period, moment: str, key: str, renews: str) -> None:
    assert (period.key(ms(moment)), period.renews_ms(ms(moment))) == (key, ms(renews))


@given(st.sampled_from([Period.DAY, Period.WEEK, Period.MONTH]), moments)
def test_a_period_ends_just_when_the_next_begins(period: Period, now: int) -> None:
    renews = period.renews_ms(now)
    assert renews is not None
    assert now < renews
    assert period.key(now) == period.key(renews - 1) != period.key(renews)


@given(moments)
def test_credits_that_never_renew_stay_in_one_period(now: int) -> None:
    assert (Period.NEVER.key(now), Period.NEVER.renews_ms(now)) == ("all", None)


def test_a_job_costs_its_clips() -> None:
    prices = Prices(sd=2, hd=6)
    assert prices.clips(4, Resolution.SD) == 8
    assert prices.clips(1, Resolution.HD) == prices.clip(Resolution.HD) == 6


@given(all_params)
def test_params_survive_the_row(params: JobParams) -> None:
    assert JobParams.from_json(json.loads(json.dumps(params.to_json()))) == params


@given(results)
def test_a_result_survives_the_row(result: Result) -> None:
    assert Result.from_json(json.loads(json.dumps(asdict(result)))) == result


@given(all_params)
def test_an_extend_takes_over_what_was_paid_for(params: JobParams) -> None:
    extended = params.extended()
    assert (extended.prompt, extended.clips, extended.resolution) == (params.prompt, params.clips, params.resolution)
    assert (extended.motion, extended.loop, extended.explicit_options) == (params.motion, False, ())
    assert (extended.image, extended.end_image, extended.job_image, extended.provider_image) == (None,) * 4


def test_every_state_has_a_way_on_and_what_is_done_can_only_be_shown_again() -> None:
    assert set(TRANSITIONS) == set(State)
    assert [state for state in State if not TRANSITIONS[state]] == []
    assert TRANSITIONS[State.DONE] == {State.READY}


def test_every_state_can_be_reached() -> None:
    reached = {State.RECEIVED}
    while (more := reached.union(*(TRANSITIONS[state] for state in reached))) != reached:
        reached = more
    assert reached == set(State)


def test_credits_can_only_go_back_before_a_result_is_there() -> None:
    assert {state for state in State if State.FAILING in TRANSITIONS[state]} == set(ACTIVE_STATES)
    assert not set(ACTIVE_STATES) & {State.DONE, State.FAILED}


def test_a_job_is_charged_once_it_has_a_period() -> None:
    job = Job("id", "request", Kind.VIDEO, State.RECEIVED, 1, 2, 3, JobParams("boat"), "ttapi", 0)
    assert not job.charged
    assert replace(job, period="2026-11-20").charged
