"""What the same job costs once more is told for everybody who may make it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.credits import PriceList, Prices
from bot.domain.job import Kind
from bot.domain.params import JobParams, Motion, Speed
from bot.providers.base import Provider
from bot.services.rerun_prices import rerun_price
from tests.support.jobs import sample_job
from tests.support.scripted_provider import ScriptedProvider

PRICES = PriceList(Prices(sd=2), {"dear": Prices(sd=3)})


def provider(name: str, **changes: Any) -> Provider:
    made = ScriptedProvider(())
    made.name = name
    made.capabilities = replace(made.capabilities, **changes)
    return made


EVERYONE = {
    "ttapi": provider("ttapi"),
    "dear": provider("dear"),
    "still": provider("still", motions=(), clip_counts=(1,)),
}


@pytest.mark.parametrize(
    ("kind", "params", "price"),
    [
        (Kind.VIDEO, JobParams("a boat"), (2, 12)),
        (Kind.VIDEO, JobParams("a boat", explicit_options=("clips",)), (8, 12)),
        (Kind.VIDEO, JobParams("a boat", motion=Motion.HIGH, explicit_options=("motion",)), (8, 12)),
        (Kind.VIDEO, JobParams("a boat", explicit_options=("clips", "provider")), (8, 8)),
        (Kind.EXTEND, JobParams("a boat"), (8, 8)),
        (Kind.IMAGINE, JobParams("a boat", motion=None), (1, 1)),
    ],
    ids=["anybody", "so many clips", "so much motion", "a provider", "an extend", "pictures"],
)
def test_the_least_and_the_most_are_those_of_whoever_has_all_that_was_asked_for(
    kind: Kind, params: JobParams, price: tuple[int, int]
) -> None:
    assert rerun_price(sample_job(kind=kind, params=params), EVERYONE, PRICES) == price


def test_where_nobody_has_it_the_price_is_that_of_the_one_it_was_given_to() -> None:
    asked = JobParams("a boat", speed=Speed.TURBO, explicit_options=("speed",))
    assert rerun_price(sample_job(params=asked), EVERYONE, PRICES) == (8, 8)
