"""Describe providers to members: what each can do, what it costs, and how it is doing."""

from collections.abc import Sequence

from bot.providers.capabilities import Capabilities
from bot.services.provider_status import ProviderStatus
from bot.ui.text import providers as text
from bot.ui.text.replies import fitting


def describe(offers: Sequence[ProviderStatus]) -> str:
    """Describe every provider in two to four lines."""
    return fitting([line for status in offers for line in _status(status)])


def _status(status: ProviderStatus) -> list[str]:
    capabilities, prices = status.capabilities, status.prices
    costs = [text.clip_cost(prices.clip(size), size) for size in capabilities.resolutions]
    lines = [
        text.heading(status.title, _availability(status), status.median_duration_ms),
        text.films(costs, _features(capabilities)),
    ]
    lines += [text.pictures(prices, translates=capabilities.translate)] if status.makes_images else []
    told = [speed for speed in status.speeds if status.makes_images or speed.speed in capabilities.speeds]
    speeds = [text.speed_status(one.speed, works=one.works, seconds=one.seconds) for one in told]
    return [*lines, text.says_of_itself(speeds)] if speeds else lines


def _availability(status: ProviderStatus) -> str:
    match status.availability:
        case "closed":
            return text.answers_well()
        case "half_open":
            return text.answered_badly()
        case "open":
            return text.answers_badly(status.until_ms)
        case "account_error":
            return text.account_error(status.account_error)


def _features(capabilities: Capabilities) -> list[str]:
    features = [text.clip_counts(capabilities.clip_counts)]
    features += [text.motions(capabilities.motions)] if capabilities.motions else []
    features += [text.speeds(capabilities.speeds)] if len(capabilities.speeds) > 1 else []
    features += [text.loop()] if capabilities.loop else []
    features += [text.end_image()] if capabilities.end_image else []
    features += [text.own_pictures()] if capabilities.provider_images else []
    if not capabilities.extend:
        return [*features, text.extend_from_last_frame()]
    return [*features, text.extend(capabilities.extend_motions, new_prompt=capabilities.extend_prompt)]
