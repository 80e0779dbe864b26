"""How /providers describes what a provider can do, what it costs, and how it is doing."""

from collections.abc import Sequence

from bot.domain.credits import Prices
from bot.domain.params import Motion, Resolution, Speed
from bot.ui.text import terms
from bot.ui.text.format import (
    format_credits,
    format_duration,
    format_number,
    join_facts,
    join_or,
    join_statements,
    relative_time,
)
from bot.ui.text.translate import _, ngettext


def heading(provider: str, availability: str, median_duration_ms: int | None) -> str:
    """Say how a provider is doing and how long its jobs take."""
    if median_duration_ms is None:
        return _("**{provider}**: {availability}").format(provider=provider, availability=availability)
    return _("**{provider}**: {availability}, a job usually takes {duration}").format(
        provider=provider, availability=availability, duration=format_duration(median_duration_ms)
    )


def answers_well() -> str:
    """Say that its jobs flow."""
    return _("well")


def answered_badly() -> str:
    """Say that one job at a time tries whether it works again."""
    return _("did not answer well lately")


def answers_badly(until_ms: int) -> str:
    """Say that nothing is sent to it for a while."""
    return _("does not answer well, I try again {when}").format(when=relative_time(until_ms))


def account_error(kind: str | None) -> str:
    """Say what is wrong with our account there."""
    match kind:
        case "auth":
            return _("does not accept our key")
        case "insufficient_balance":
            return _("says that our account is empty")
        case "account_blocked":
            return _("has blocked our account")
        case _:
            return _("does not take our jobs")


def films(costs: Sequence[str], features: Sequence[str]) -> str:
    """Say what its films cost, and what it can do with them."""
    return _("Films: {prices}; {features}").format(prices=join_facts(costs), features=join_statements(features))


def clip_cost(price: int, resolution: Resolution) -> str:
    """Price one clip."""
    message = _("{price} a clip in {resolution}")
    return message.format(price=format_credits(price), resolution=terms.resolution_name(resolution))


def clip_counts(numbers: Sequence[int]) -> str:
    """Say how many clips a job may have."""
    message = ngettext("{numbers} clip", "{numbers} clips", max(numbers))
    return message.format(numbers=join_or([format_number(number) for number in numbers]))


def motions(among: Sequence[Motion]) -> str:
    """Say how much may move."""
    return _("{motions} motion").format(motions=join_or([terms.motion_word(motion) for motion in among]))


def speeds(among: Sequence[Speed]) -> str:
    """Say how fast it may work."""
    return _("{speeds} speed").format(speeds=join_or([terms.speed_word(speed) for speed in among]))


def loop() -> str:
    """Say that a clip may end where it began."""
    return _("loop")


def end_image() -> str:
    """Say that a clip may end with a picture."""
    return _("end image")


def own_pictures() -> str:
    """Say that a film may start from a picture that the provider made."""
    return _("pictures of its own as source")


def extend_from_last_frame() -> str:
    """Say that a clip goes on by a new film that starts where it ends."""
    return _("extend from the last frame")


def extend(among: Sequence[Motion], *, new_prompt: bool) -> str:
    """Say how a clip can go on."""
    match bool(among), new_prompt:
        case True, True:
            message = _("extend in {motions} motion with a new prompt")
        case True, False:
            message = _("extend in {motions} motion")
        case False, True:
            message = _("extend with a new prompt")
        case _:
            message = _("extend")
    return message.format(motions=join_or([terms.motion_word(motion) for motion in among]))


def pictures(prices: Prices, *, translates: bool = False) -> str:
    """Say what its pictures cost, and what is done with them; if it is to be told, that it translates prompts."""
    message = (
        _(
            "Pictures: {four} for four, {upscale} for an upscale, {describe} for a description, {seed} for a seed; "
            "prompts can be translated"
        )
        if translates
        else _("Pictures: {four} for four, {upscale} for an upscale, {describe} for a description, {seed} for a seed")
    )
    return message.format(
        four=_price(prices.image),
        upscale=_price(prices.upscale),
        describe=_price(prices.describe),
        seed=_price(prices.seed),
    )


def _price(price: int) -> str:
    return format_credits(price) if price else _("nothing")


def says_of_itself(statements: Sequence[str]) -> str:
    """Tell what the provider itself says of its speeds."""
    return _("It says of itself: {statements}.").format(statements=join_statements(statements))


def speed_status(speed: Speed, *, works: bool, seconds: float | None) -> str:
    """Tell how one speed is doing, as the provider measures it (providers.md, section 1.7)."""
    if not works:
        return _("{speed} does not work").format(speed=terms.speed_word(speed))
    if seconds is None:
        return _("{speed} works").format(speed=terms.speed_word(speed))
    message = _("{speed} works, {seconds} s on average")
    return message.format(speed=terms.speed_word(speed), seconds=format_number(round(max(0, seconds))))
