"""Describe providers to members: what each can do, what it costs, and how it is doing."""

from collections.abc import Sequence

from bot.domain.credits import Prices
from bot.providers.capabilities import Capabilities
from bot.providers.types import Service
from bot.services.provider_status import Offer
from bot.ui.text.format import count, minutes
from bot.ui.text.replies import fitting

_TROUBLES = {
    "auth": "does not accept our key",
    "insufficient_balance": "says that our account is empty",
    "account_blocked": "has blocked our account",
}


def describe(offers: Sequence[Offer]) -> str:
    """Describe every provider in two to four lines."""
    return fitting([line for offer in offers for line in _offer(offer)])


def _offer(offer: Offer) -> list[str]:
    able, prices = offer.able, offer.prices
    match offer.mood:
        case "well":
            mood = "well"
        case "unwell":
            mood = "did not answer well lately"
        case "paused":
            mood = f"does not answer well, I try again <t:{offer.until_ms // 1000}:R>"
        case "trouble":
            mood = _TROUBLES.get(offer.trouble or "", "does not take our jobs")
    usual = "" if offer.usual_ms is None else f", a job usually takes {minutes(offer.usual_ms)}"
    costs = [f"{count(prices.clip(size), 'credit')} a clip in {size.upper()}" for size in able.resolutions]
    has = [_one_of([str(number) for number in able.batches], "clips")]
    has += [_one_of(list(able.motions), "motion")] if able.motions else []
    has += [_one_of(list(able.speeds), "speed")] if len(able.speeds) > 1 else []
    has += ["loop"] if able.loop else []
    has += ["end image"] if able.end_image else []
    has += ["pictures of its own as source"] if able.picture_tasks else []
    has += [_extend(able)]
    lines = [f"**{offer.title}**: {mood}{usual}", f"Films: {', '.join(costs)}; {', '.join(has)}"]
    lines += [_pictures(prices)] if offer.pictures else []
    told = [service for service in offer.services if offer.pictures or service.speed in able.speeds]
    return [*lines, f"It says of itself: {'; '.join(map(_service, told))}."] if told else lines


def _pictures(prices: Prices) -> str:
    costs = {"four": prices.image, "an upscale": prices.upscale, "a description": prices.describe}
    told = [f"{_price(price)} for {what}" for what, price in {**costs, "a seed": prices.seed}.items()]
    return f"Pictures: {', '.join(told)}"


def _price(credits: int) -> str:
    return count(credits, "credit") if credits else "nothing"


def _service(service: Service) -> str:
    """Tell how one speed is doing, as the provider measures it (providers.md, section 1.7)."""
    if not service.works:
        return f"{service.speed} does not work"
    took = "" if service.seconds is None else f", {max(0, service.seconds):.0f} s on average"
    return f"{service.speed} works{took}"


def _extend(able: Capabilities) -> str:
    if not able.extend:
        return "no extend"
    motions = f" in {_one_of(list(able.extend_motions), 'motion')}" if able.extend_motions else ""
    return f"extend{motions}{' with a new prompt' if able.extend_prompt else ''}"


def _one_of(choices: Sequence[str], noun: str) -> str:
    return f"{' or '.join(filter(None, [', '.join(choices[:-1]), choices[-1]]))} {noun}"
