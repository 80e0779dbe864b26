"""What was typed must be there, and what was not adapts: held against all four providers."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.credits import Prices
from bot.domain.job import Kind
from bot.domain.params import (
    ImageUpload,
    JobParams,
    Motion,
    Preferences,
    PromptMode,
    ProviderImageRef,
    Resolution,
    Speed,
)
from bot.providers.acedata import ACEDATA
from bot.providers.apimart.videos import APIMART
from bot.providers.capabilities import (
    Capabilities,
    FilmOffer,
    apply_defaults,
    merge_capabilities,
    refuse_unsupported,
    unsupported_options,
)
from bot.providers.cometapi import COMETAPI
from bot.providers.ttapi.videos import TTAPI
from bot.providers.types import ExtendRequest, VideoRequest

ALL = {"ttapi": TTAPI, "acedata": ACEDATA, "apimart": APIMART, "cometapi": COMETAPI}

PICTURE = ImageUpload("https://cdn.example/boat.png", "boat.png", 1000)

choices: dict[str, st.SearchStrategy[Any]] = {
    "motion": st.sampled_from(Motion),
    "resolution": st.sampled_from(Resolution),
    "clips": st.sampled_from([1, 2, 4]),
    "speed": st.sampled_from(Speed),
    "prompt_mode": st.sampled_from(PromptMode),
}


@st.composite
def wishes(draw: st.DrawFn) -> JobParams:
    typed = draw(st.lists(st.sampled_from(list(choices)), unique=True))
    task = ProviderImageRef("task_1", 2) if draw(st.booleans()) else None
    loop = draw(st.booleans())
    preferred: dict[str, Any] = {
        name: draw(st.none() | choices[name]) for name in ("motion", "resolution", "clips", "speed")
    }
    return JobParams(
        prompt="a paper boat",
        loop=loop,
        preferred=Preferences(loop=None if loop else draw(st.none() | st.booleans()), **preferred).without(typed),
        image=None if task else PICTURE,
        end_image=PICTURE if draw(st.booleans()) else None,
        provider_image=task,
        explicit_options=tuple(typed),
        **{name: draw(choices[name]) for name in typed},
    )


@pytest.mark.parametrize("able", ALL.values(), ids=ALL)
@given(params=wishes())
def test_a_wish_that_is_not_lacking_is_never_unsupported(able: Capabilities, params: JobParams) -> None:
    adapted = apply_defaults(able, params)
    for name in params.explicit_options:
        assert getattr(adapted, name) == getattr(params, name)
    request = VideoRequest(
        client_token="token",
        prompt=adapted.prompt,
        image_url=PICTURE.url if adapted.image else None,
        end_url=PICTURE.url if adapted.end_image else None,
        loop=adapted.loop,
        motion=adapted.motion,
        resolution=adapted.resolution,
        clips=adapted.clips,
        speed=adapted.speed,
        callback_url=None,
        provider_image=adapted.provider_image,
        prompt_mode=adapted.prompt_mode,
    )
    if unsupported_options(able, params):
        return
    refuse_unsupported(able, request)


@pytest.mark.parametrize("able", [TTAPI, ACEDATA, COMETAPI], ids=["ttapi", "acedata", "cometapi"])
@given(params=wishes())
def test_an_extend_that_is_not_lacking_is_never_unsupported(able: Capabilities, params: JobParams) -> None:
    parent = apply_defaults(able, JobParams(prompt="a paper boat", image=PICTURE))
    typed = tuple(name for name in ("motion", "clips", "prompt_mode") if name in params.explicit_options)
    chosen: dict[str, Any] = {name: getattr(params, name) for name in typed}
    wish = replace(parent.extended(), prompt="on and on", explicit_options=typed, **chosen)
    if unsupported_options(able, wish, Kind.EXTEND):
        return
    adapted = apply_defaults(able, wish, Kind.EXTEND)
    assert adapted.prompt == "on and on"
    request = ExtendRequest(
        client_token="token",
        parent_ref="parent",
        index=0,
        prompt=adapted.prompt,
        motion=adapted.motion,
        resolution=adapted.resolution,
        clips=adapted.clips,
        callback_url=None,
        prompt_mode=adapted.prompt_mode,
    )
    refuse_unsupported(able, request)


@pytest.mark.parametrize("able", ALL.values(), ids=ALL)
@given(params=wishes())
def test_what_is_preferred_counts_where_it_can_be_had_and_is_no_reason_to_refuse(
    able: Capabilities, params: JobParams
) -> None:
    plain = replace(params, preferred=Preferences())
    adapted, usual = apply_defaults(able, params), apply_defaults(able, plain)
    for other in ALL.values():
        lacking = [one.code for one in unsupported_options(other, plain)]
        for wish in (params, adapted):
            assert [one.code for one in unsupported_options(other, wish)] == lacking
    offered = {
        "motion": able.motions,
        "resolution": able.resolutions,
        "clips": able.clip_counts,
        "speed": able.speeds,
        "loop": (True, False) if able.loop and params.end_image is None else (False,),
    }
    for name, values in offered.items():
        wanted = getattr(params.preferred, name)
        assert getattr(adapted, name) == (wanted if wanted in values else getattr(usual, name))
    # Another provider, which it may be moved to, starts from what was wanted, and not from what this one lacked.
    assert apply_defaults(TTAPI, adapted) == apply_defaults(TTAPI, params)


def test_nothing_typed_is_lacking_nowhere_and_adapts_everywhere() -> None:
    params = JobParams(prompt="a paper boat", image=PICTURE)
    adapted = {
        name: apply_defaults(able, params) for name, able in ALL.items() if not unsupported_options(able, params)
    }
    assert {name: (one.motion, one.clips, one.resolution, one.speed) for name, one in adapted.items()} == {
        "ttapi": (Motion.LOW, 4, Resolution.SD, Speed.FAST),
        "acedata": (None, 4, Resolution.SD, Speed.FAST),
        "apimart": (Motion.LOW, 4, Resolution.SD, None),
        "cometapi": (Motion.LOW, 4, Resolution.SD, None),
    }


def test_a_job_that_moves_takes_nothing_along_that_was_not_typed() -> None:
    at_ttapi = apply_defaults(TTAPI, JobParams(prompt="a paper boat", image=PICTURE))
    at_acedata = apply_defaults(ACEDATA, at_ttapi)
    assert (at_acedata.motion, at_acedata.speed) == (None, Speed.FAST)
    assert apply_defaults(TTAPI, at_acedata) == at_ttapi


def test_what_is_lacking_is_named() -> None:
    params = JobParams(
        prompt="a boat",
        motion=Motion.HIGH,
        clips=2,
        speed=Speed.RELAX,
        end_image=PICTURE,
        explicit_options=("motion", "clips", "speed"),
    )
    assert [option.code for option in unsupported_options(ACEDATA, params)] == [
        "motion_high",
        "clips_2",
        "speed_relax",
    ]
    assert [option.code for option in unsupported_options(COMETAPI, params)] == [
        "clips_2",
        "speed_relax",
        "end_image",
    ]
    assert [option.code for option in unsupported_options(APIMART, JobParams(prompt=""), Kind.EXTEND)] == ["extend"]


def test_all_together_providers_offer_what_any_of_them_has_at_the_least_price_to_the_most() -> None:
    together = merge_capabilities([(TTAPI, Prices(2, 6)), (ACEDATA, Prices(3, 6))])
    assert (together.motions, together.clips, together.loop) == ((Motion.LOW, Motion.HIGH), (4, 2, 1), True)
    # AceData makes four at a time, so one or two cost what TTAPI takes.
    assert together.films == (
        FilmOffer(4, Resolution.SD, 8, 12),
        FilmOffer(2, Resolution.SD, 4, 4),
        FilmOffer(1, Resolution.SD, 2, 2),
        FilmOffer(4, Resolution.HD, 24, 24),
        FilmOffer(2, Resolution.HD, 12, 12),
        FilmOffer(1, Resolution.HD, 6, 6),
    )
    small = replace(COMETAPI, resolutions=(Resolution.SD,))
    assert merge_capabilities([(small, Prices(2, 6))]).films == (FilmOffer(4, Resolution.SD, 8, 8),)
