"""Describe providers to members: what each can do, what it costs, and how it is doing."""

from collections.abc import Sequence

from bot.domain.credits import Prices
from bot.providers.capabilities import Capabilities
from bot.providers.types import SpeedStatus
from bot.services.provider_status import ProviderStatus
from bot.ui.text.format import format_duration, pluralize
from bot.ui.text.replies import fitting

_ACCOUNT_ERRORS = {
    "auth": "does not accept our key",
    "insufficient_balance": "says that our account is empty",
    "account_blocked": "has blocked our account",
}


def describe(offers: Sequence[ProviderStatus]) -> str:
    """Describe every provider in two to four lines."""
    return fitting([line for status in offers for line in _status(status)])


def _status(status: ProviderStatus) -> list[str]:
    capabilities, prices = status.capabilities, status.prices
    match status.availability:
        case "closed":
            availability = "well"
        case "half_open":
            availability = "did not answer well lately"
        case "open":
            availability = f"does not answer well, I try again <t:{status.until_ms // 1000}:R>"
        case "account_error":
            availability = _ACCOUNT_ERRORS.get(status.account_error or "", "does not take our jobs")
    usual = (
        ""
        if status.median_duration_ms is None
        else f", a job usually takes {format_duration(status.median_duration_ms)}"
    )
    costs = [f"{pluralize(prices.clip(size), 'credit')} a clip in {size.upper()}" for size in capabilities.resolutions]
    has = [_one_of([str(number) for number in capabilities.clip_counts], "clips")]
    has += [_one_of(list(capabilities.motions), "motion")] if capabilities.motions else []
    has += [_one_of(list(capabilities.speeds), "speed")] if len(capabilities.speeds) > 1 else []
    has += ["loop"] if capabilities.loop else []
    has += ["end image"] if capabilities.end_image else []
    has += ["pictures of its own as source"] if capabilities.provider_images else []
    has += [_extend(capabilities)]
    lines = [f"**{status.title}**: {availability}{usual}", f"Films: {', '.join(costs)}; {', '.join(has)}"]
    lines += [_pictures(prices)] if status.makes_images else []
    told = [speed for speed in status.speeds if status.makes_images or speed.speed in capabilities.speeds]
    return [*lines, f"It says of itself: {'; '.join(map(_speed, told))}."] if told else lines


def _pictures(prices: Prices) -> str:
    costs = {"four": prices.image, "an upscale": prices.upscale, "a description": prices.describe}
    told = [f"{_price(price)} for {what}" for what, price in {**costs, "a seed": prices.seed}.items()]
    return f"Pictures: {', '.join(told)}"


def _price(credits: int) -> str:
    return pluralize(credits, "credit") if credits else "nothing"


def _speed(speed: SpeedStatus) -> str:
    """Tell how one speed is doing, as the provider measures it (providers.md, section 1.7)."""
    if not speed.works:
        return f"{speed.speed} does not work"
    took = "" if speed.seconds is None else f", {max(0, speed.seconds):.0f} s on average"
    return f"{speed.speed} works{took}"


def _extend(capabilities: Capabilities) -> str:
    if not capabilities.extend:
        return "no extend"
    motions = f" in {_one_of(list(capabilities.extend_motions), 'motion')}" if capabilities.extend_motions else ""
    return f"extend{motions}{' with a new prompt' if capabilities.extend_prompt else ''}"


def _one_of(choices: Sequence[str], noun: str) -> str:
    return f"{' or '.join(filter(None, [', '.join(choices[:-1]), choices[-1]]))} {noun}"
