"""What each kind of job costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.credits import PriceList, Prices
from bot.domain.image_actions import ACTIONS
from bot.domain.job import Kind
from bot.domain.params import JobParams, Resolution

PRICES = Prices(sd=2, hd=6, image=3, upscale=4, describe=5, seed=7)


@pytest.mark.parametrize(
    ("kind", "params", "cost"),
    [
        (Kind.VIDEO, JobParams("", clips=4), 8),
        (Kind.VIDEO, JobParams("", clips=2, resolution=Resolution.HD), 12),
        (Kind.EXTEND, JobParams("", clips=1), 2),
        (Kind.EXTEND, JobParams("", clips=1, resolution=Resolution.HD), 6),
        (Kind.IMAGINE, JobParams("", clips=4), 3),
        (Kind.BLEND, JobParams("", clips=4), 3),
        (Kind.REGION, JobParams("", clips=4), 3),
        (Kind.REGION, JobParams("", clips=1), 4),
        (Kind.ACTION, JobParams("", clips=4, action="variation1"), 3),
        (Kind.ACTION, JobParams("", clips=1, action="upsample1"), 4),
        (Kind.DESCRIBE, JobParams("", clips=1), 5),
        (Kind.SEED, JobParams("", clips=1), 7),
    ],
)
def test_every_kind_has_its_price(kind: Kind, params: JobParams, cost: int) -> None:
    assert PRICES.job(kind, params) == cost


IMAGE_AND_TEXT_KINDS = [kind for kind in Kind if not kind.makes_video]


@given(
    st.sampled_from(IMAGE_AND_TEXT_KINDS),
    st.sampled_from([1, 4]),
    st.sampled_from(Resolution),
)
def test_a_picture_job_is_paid_for_as_a_whole_whatever_a_films_options_say(
    kind: Kind, clips: int, resolution: Resolution
) -> None:
    cost = PRICES.job(kind, JobParams("", clips=clips, resolution=resolution))
    assert cost in (PRICES.image, PRICES.upscale, PRICES.describe, PRICES.seed)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_costs_by_the_pictures_that_it_gives(action: str) -> None:
    pictures = ACTIONS[action].images
    cost = PRICES.job(Kind.ACTION, JobParams("", clips=pictures, action=action))
    assert cost == {1: PRICES.upscale, 4: PRICES.image}[pictures]


def test_a_seed_is_free_and_pictures_are_cheaper_than_films_unless_set_otherwise() -> None:
    usual = Prices()
    assert usual.job(Kind.SEED, JobParams("", clips=1)) == 0
    assert usual.job(Kind.IMAGINE, JobParams("")) < usual.job(Kind.VIDEO, JobParams("", clips=1))


def test_a_provider_without_prices_of_its_own_has_the_usual_ones() -> None:
    prices = PriceList(PRICES, {"ttapi": Prices(image=9)})
    assert (prices.at("ttapi").image, prices.at("acedata").image) == (9, 3)
