"""What a provider can do, and what follows from it: unsupported options are refused, the others adapt."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.credits import Prices
from bot.domain.job import Kind
from bot.domain.params import Animate, Motion, Params, Resolution, Speed
from bot.errors import ErrorKind, ProviderError
from bot.providers.types import ExtendRequest, VideoRequest

USUAL_CLIPS = 4


@dataclass(frozen=True)
class Capabilities:
    """Say what a provider can do; commands, options and buttons follow from it.

    An empty `motions`, `speeds` or `animates` means that there is no such knob. `batches` are the numbers of clips on
    offer, for an extend too. `picture_tasks` says whether a job may start at a picture of an imagine task there,
    `extend_prompt` whether an extend takes a prompt, `extend_picture` whether it wants the first picture again.
    `callbacks` says whether it calls a URL when a job ends, `echo` whether it repeats that URL, or its secret, when a
    job is polled, `find` whether it lists jobs with it.
    """

    end_image: bool
    loop: bool
    motions: tuple[Motion, ...]
    resolutions: tuple[Resolution, ...]
    batches: tuple[int, ...]
    speeds: tuple[Speed, ...]
    extend: bool
    extend_motions: tuple[Motion, ...]
    progress: bool
    callbacks: bool
    echo: bool
    find: bool = False
    animates: tuple[Animate, ...] = ()
    picture_tasks: bool = False
    extend_prompt: bool = False
    extend_animates: tuple[Animate, ...] = ()
    extend_picture: bool = False


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


def refuse_unsupported(capabilities: Capabilities, request: VideoRequest | ExtendRequest) -> None:
    """Raise INVALID_REQUEST for an option that the provider would drop in silence and charge for all the same."""
    if isinstance(request, VideoRequest):
        motions = capabilities.motions
        lacking = [
            ("an end image", request.end_url is not None and not capabilities.end_image),
            ("a loop", request.loop and not capabilities.loop),
            ("a picture of its own", request.picture is not None and not capabilities.picture_tasks),
            ("animate", request.animate is not None and request.animate not in capabilities.animates),
            ("speed", request.speed is not None and request.speed not in capabilities.speeds),
        ]
    else:
        motions = capabilities.extend_motions
        lacking = [
            ("an extend", not capabilities.extend),
            ("animate", request.animate is not None and request.animate not in capabilities.extend_animates),
        ]
    lacking += [
        ("motion", request.motion is not None and request.motion not in motions),
        ("resolution", request.resolution not in capabilities.resolutions),
        ("this number of clips", request.clips not in capabilities.batches),
    ]
    for option, is_lacking in lacking:
        if is_lacking:
            raise ProviderError(ErrorKind.INVALID_REQUEST, "no", f"{option} is not on offer")
