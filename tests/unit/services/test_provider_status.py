"""What /providers says of each."""

from dataclasses import replace

from bot.domain.credits import Prices
from bot.domain.params import Speed
from bot.providers.ttapi.videos import TTAPI
from bot.providers.types import SpeedStatus
from bot.services.provider_status import ProviderStatus
from bot.ui.provider_list import describe

SERVICES = (
    SpeedStatus(Speed.RELAX, True, 39.37),
    SpeedStatus(Speed.FAST, True, 46.42),
    SpeedStatus(Speed.TURBO, False, 23.87),
)
OFFER = ProviderStatus("TTAPI", TTAPI, Prices(), "closed", makes_images=True, speeds=SERVICES)


def test_a_maker_of_pictures_tells_of_each_speed_how_it_is_doing() -> None:
    said = "relax works, 39 s on average; fast works, 46 s on average; turbo does not work"
    assert describe([OFFER]).splitlines()[-1] == f"It says of itself: {said}."


def test_who_makes_films_alone_tells_of_their_speeds_alone() -> None:
    lines = describe([replace(OFFER, makes_images=False)]).splitlines()
    assert lines[-1] == "It says of itself: fast works, 46 s on average."
    assert not any(line.startswith("Pictures:") for line in lines)


def test_an_average_that_is_not_told_is_not_made_up() -> None:
    assert describe([replace(OFFER, speeds=(SpeedStatus(Speed.FAST, True),))]).endswith(
        "It says of itself: fast works."
    )


def test_pictures_have_their_prices() -> None:
    prices = Prices(image=3, upscale=2, describe=0, seed=1)
    told = "Pictures: 3 credits for four, 2 credits for an upscale, nothing for a description, 1 credit for a seed"
    assert f"{told}; prompts can be translated" in describe([replace(OFFER, prices=prices)]).splitlines()
    without = replace(OFFER, prices=prices, capabilities=replace(TTAPI, translate=False))
    assert told in describe([without]).splitlines()
