"""What a provider must have for a request, and what follows from it: options that were not typed adapt."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.credits import Prices
from bot.domain.job import Kind
from bot.domain.params import Motion, Params, Resolution, Speed
from bot.providers.base import Capabilities

USUAL_CLIPS = 4


@dataclass(frozen=True)
class Option:
    """Hold an option that was asked for, as people call it, and the question whether a provider has it."""

    label: str
    is_had: Callable[[Capabilities], bool]


def options_of(params: Params, kind: Kind = Kind.VIDEO) -> list[Option]:
    """Give the options that a provider must have, for a video or an extend."""
    return list(_extend_options(params) if kind is Kind.EXTEND else _video_options(params))


def lacking(able: Capabilities, params: Params, kind: Kind = Kind.VIDEO) -> list[Option]:
    """Give what was asked for and a provider lacks."""
    return [option for option in options_of(params, kind) if not option.is_had(able)]


def adapt(able: Capabilities, params: Params, kind: Kind = Kind.VIDEO) -> Params:
    """Set what was not typed to what a provider has: low motion, four clips, fast, where there is a choice."""
    motions = able.motions if kind is Kind.VIDEO else able.extend_motions
    adapted = params
    if "motion" not in params.typed:
        adapted = replace(adapted, motion=Motion.LOW if Motion.LOW in motions else next(iter(motions), None))
    if "clips" not in params.typed and kind is Kind.VIDEO:
        adapted = replace(adapted, clips=USUAL_CLIPS if USUAL_CLIPS in able.batches else max(able.batches))
    if "speed" not in params.typed:
        adapted = replace(adapted, speed=Speed.FAST if Speed.FAST in able.speeds else None)
    return adapted


def _video_options(params: Params) -> Iterator[Option]:
    if "motion" in params.typed:
        yield Option(f"{params.motion} motion", lambda able: params.motion in able.motions)
    if "resolution" in params.typed:
        yield Option(f"resolution {params.resolution.upper()}", lambda able: params.resolution in able.resolutions)
    if "clips" in params.typed:
        yield Option(f"choice of {params.clips} clips", lambda able: params.clips in able.batches)
    if "speed" in params.typed:
        yield Option(f"speed {params.speed}", lambda able: params.speed in able.speeds)
    if "animate" in params.typed:
        yield Option(f"choice of {params.animate} animation", lambda able: params.animate in able.animates)
    if params.loop:
        yield Option("loop", lambda able: able.loop)
    if params.end_image is not None:
        yield Option("end image", lambda able: able.end_image)
    if params.picture_task is not None:
        yield Option("pictures of its own to start from", lambda able: able.picture_tasks)


def _extend_options(params: Params) -> Iterator[Option]:
    yield Option("extend", lambda able: able.extend)
    if "motion" in params.typed:
        yield Option(f"{params.motion} motion in an extend", lambda able: params.motion in able.extend_motions)
    if "prompt" in params.typed:
        yield Option("new prompt in an extend", lambda able: able.extend_prompt)
    if "clips" in params.typed:
        yield Option(f"choice of {params.clips} clips", lambda able: params.clips in able.batches)
    if "animate" in params.typed:
        yield Option(
            f"choice of {params.animate} animation in an extend", lambda able: params.animate in able.extend_animates
        )


@dataclass(frozen=True)
class OnOffer:
    """Hold what the providers of films have, all together.

    `clips` are numbers from the largest; `prices` are the least and the most credits of one clip by its size.
    """

    motions: tuple[Motion, ...]
    clips: tuple[int, ...]
    loop: bool
    prices: Mapping[Resolution, tuple[int, int]]


def gather_offers(makers: Sequence[tuple[Capabilities, Prices]]) -> OnOffer:
    """Put together what several providers have, each with its prices."""
    able = [one for one, _ in makers]
    costs = {size: [prices.clip(size) for one, prices in makers if size in one.resolutions] for size in Resolution}
    return OnOffer(
        motions=tuple(motion for motion in Motion if any(motion in one.motions for one in able)),
        clips=tuple(sorted({clips for one in able for clips in one.batches}, reverse=True)),
        loop=any(one.loop for one in able),
        prices={size: (min(found), max(found)) for size, found in costs.items() if found},
    )
