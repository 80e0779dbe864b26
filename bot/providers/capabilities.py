"""What a provider can do, and what follows from it: unsupported options are refused, the others adapt."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeVar

from bot.domain.credits import Prices
from bot.domain.job import Kind
from bot.domain.params import JobParams, Motion, PromptMode, Resolution, Speed
from bot.errors import ErrorKind, ProviderError
from bot.providers.types import ExtendRequest, VideoRequest

USUAL_CLIPS = 4

T = TypeVar("T")


@dataclass(frozen=True)
class Capabilities:
    """Say what a provider can do; commands, options and buttons follow from it.

    An empty `motions`, `speeds` or `prompt_modes` means that there is no such knob. `clip_counts` are the numbers of
    clips on offer, for an extend too. `provider_images` says whether a job may start at an image of an imagine task
    there, `extend_prompt` whether an extend takes a prompt, `extend_needs_image` whether it needs the first image
    again, `translate` whether the prompt of an imagine task can be translated there. `callbacks` says whether it calls
    a URL when a job ends, `echoes_callback` whether it repeats that URL, or its secret, when a job is polled,
    `can_list_jobs` whether it lists jobs with it.
    """

    end_image: bool
    loop: bool
    motions: tuple[Motion, ...]
    resolutions: tuple[Resolution, ...]
    clip_counts: tuple[int, ...]
    speeds: tuple[Speed, ...]
    extend: bool
    extend_motions: tuple[Motion, ...]
    progress: bool
    callbacks: bool
    echoes_callback: bool
    can_list_jobs: bool = False
    prompt_modes: tuple[PromptMode, ...] = ()
    provider_images: bool = False
    extend_prompt: bool = False
    extend_prompt_modes: tuple[PromptMode, ...] = ()
    extend_needs_image: bool = False
    translate: bool = False


@dataclass(frozen=True)
class Option:
    """Hold an option that was asked for, by its code, and the question whether a provider has it."""

    code: str
    supported_by: Callable[[Capabilities], bool]


def needs_last_frame(capabilities: Capabilities, *, with_words: bool, extendable: bool = True) -> bool:
    """Tell whether going on from a clip means a new video that starts at its last frame.

    That is so where the provider has no extend, or none of this job (not `extendable`), or none that takes words.
    """
    return not (capabilities.extend and extendable) or (with_words and not capabilities.extend_prompt)


def options_of(params: JobParams, kind: Kind = Kind.VIDEO) -> list[Option]:
    """Give the options that a provider must have, for a video, an extend or pictures of a prompt."""
    if kind is Kind.IMAGINE:
        return list(_picture_options(params))
    return list(_extend_options(params) if _is_extend(params, kind) else _video_options(params))


def unsupported_options(capabilities: Capabilities, params: JobParams, kind: Kind = Kind.VIDEO) -> list[Option]:
    """Give what was asked for and a provider lacks."""
    return [option for option in options_of(params, kind) if not option.supported_by(capabilities)]


def apply_defaults(capabilities: Capabilities, params: JobParams, kind: Kind = Kind.VIDEO) -> JobParams:
    """Set what was not typed to what a provider has: what is preferred, else low motion, four clips, fast.

    Of what pictures have, that is whether their prompt is translated.
    """
    if kind is Kind.IMAGINE:
        translate = params.preferred.translate
        return params if translate is None else replace(params, translate=translate and capabilities.translate)
    motions = capabilities.extend_motions if _is_extend(params, kind) else capabilities.motions
    adapted, wanted = params, params.preferred
    if "motion" not in params.explicit_options:
        adapted = replace(adapted, motion=_first(motions, wanted.motion, Motion.LOW) or next(iter(motions), None))
    if "clips" not in params.explicit_options and kind is Kind.VIDEO:
        counts = capabilities.clip_counts
        adapted = replace(adapted, clips=_first(counts, wanted.clips, USUAL_CLIPS) or max(counts))
    if "speed" not in params.explicit_options:
        adapted = replace(adapted, speed=_first(capabilities.speeds, wanted.speed, Speed.FAST))
    if wanted.resolution is not None:
        resolution = _first(capabilities.resolutions, wanted.resolution, Resolution.SD)
        adapted = replace(adapted, resolution=resolution or Resolution.SD)
    if wanted.loop is not None:
        adapted = replace(adapted, loop=wanted.loop and capabilities.loop and params.end_image is None)
    return adapted


def _first(offered: Sequence[T], *wanted: T | None) -> T | None:
    """Give the first of what is wanted that is on offer."""
    return next((one for one in wanted if one in offered), None)


def _is_extend(params: JobParams, kind: Kind) -> bool:
    """Tell whether a job is an extend to its provider too."""
    return kind is Kind.EXTEND and not params.from_last_frame


def _video_options(params: JobParams) -> Iterator[Option]:
    if "motion" in params.explicit_options:
        yield Option(f"motion_{params.motion}", lambda capabilities: params.motion in capabilities.motions)
    if "resolution" in params.explicit_options:
        yield Option(
            f"resolution_{params.resolution}",
            lambda capabilities: params.resolution in capabilities.resolutions,
        )
    if "clips" in params.explicit_options:
        yield Option(f"clips_{params.clips}", lambda capabilities: params.clips in capabilities.clip_counts)
    if "speed" in params.explicit_options:
        yield Option(f"speed_{params.speed}", lambda capabilities: params.speed in capabilities.speeds)
    if "prompt_mode" in params.explicit_options:
        yield Option(
            f"animation_{params.prompt_mode}",
            lambda capabilities: params.prompt_mode in capabilities.prompt_modes,
        )
    if params.loop and not params.preferred.loop:
        yield Option("loop", lambda capabilities: capabilities.loop)
    if params.end_image is not None:
        yield Option("end_image", lambda capabilities: capabilities.end_image)
    if params.provider_image is not None:
        yield Option("provider_images", lambda capabilities: capabilities.provider_images)


def _picture_options(params: JobParams) -> Iterator[Option]:
    if params.translate and "translate" in params.explicit_options:
        yield Option("translate", lambda capabilities: capabilities.translate)


def _extend_options(params: JobParams) -> Iterator[Option]:
    yield Option("extend", lambda capabilities: capabilities.extend)
    if "motion" in params.explicit_options:
        yield Option(
            f"extend_motion_{params.motion}", lambda capabilities: params.motion in capabilities.extend_motions
        )
    if "clips" in params.explicit_options:
        yield Option(f"clips_{params.clips}", lambda capabilities: params.clips in capabilities.clip_counts)
    if params.loop:
        yield Option("extend_loop", lambda capabilities: False)
    if params.end_image is not None:
        yield Option("extend_end_image", lambda capabilities: False)
    if "prompt_mode" in params.explicit_options:
        yield Option(
            f"extend_animation_{params.prompt_mode}",
            lambda capabilities: params.prompt_mode in capabilities.extend_prompt_modes,
        )


@dataclass(frozen=True)
class FilmOffer:
    """Hold a number of clips in a resolution, and what they cost together at the least and at the most, in credits."""

    clips: int
    resolution: Resolution
    least: int
    most: int


@dataclass(frozen=True)
class AvailableOptions:
    """Hold what the providers of videos have, all together; `films` begin with the usual ones."""

    motions: tuple[Motion, ...]
    loop: bool
    films: tuple[FilmOffer, ...]

    @property
    def clips(self) -> tuple[int, ...]:
        """Give the numbers of clips, from the largest."""
        return tuple(sorted({film.clips for film in self.films}, reverse=True))


def merge_capabilities(providers: Sequence[tuple[Capabilities, Prices]]) -> AvailableOptions:
    """Put together what several providers have, each with its prices."""
    capabilities = [one for one, _ in providers]
    costs: dict[tuple[Resolution, int], list[int]] = {}
    for one, prices in providers:
        for resolution, clips in product(one.resolutions, one.clip_counts):
            costs.setdefault((resolution, -clips), []).append(prices.clips(clips, resolution))
    sizes = list(Resolution)
    return AvailableOptions(
        motions=tuple(motion for motion in Motion if any(motion in one.motions for one in capabilities)),
        loop=any(one.loop for one in capabilities),
        films=tuple(
            FilmOffer(-clips, resolution, min(found), max(found))
            for (resolution, clips), found in sorted(costs.items(), key=lambda one: (sizes.index(one[0][0]), one[0][1]))
        ),
    )


def refuse_unsupported(capabilities: Capabilities, request: VideoRequest | ExtendRequest) -> None:
    """Raise INVALID_REQUEST for an option that the provider would drop in silence and charge for all the same."""
    if isinstance(request, VideoRequest):
        motions = capabilities.motions
        lacking = [
            ("an end image", request.end_url is not None and not capabilities.end_image),
            ("a loop", request.loop and not capabilities.loop),
            ("a picture of its own", request.provider_image is not None and not capabilities.provider_images),
            ("animate", request.prompt_mode is not None and request.prompt_mode not in capabilities.prompt_modes),
            ("speed", request.speed is not None and request.speed not in capabilities.speeds),
        ]
    else:
        motions = capabilities.extend_motions
        lacking = [
            ("an extend", not capabilities.extend),
            (
                "animate",
                request.prompt_mode is not None and request.prompt_mode not in capabilities.extend_prompt_modes,
            ),
        ]
    lacking += [
        ("motion", request.motion is not None and request.motion not in motions),
        ("resolution", request.resolution not in capabilities.resolutions),
        ("this number of clips", request.clips not in capabilities.clip_counts),
    ]
    for option, is_lacking in lacking:
        if is_lacking:
            raise ProviderError(ErrorKind.INVALID_REQUEST, "no", f"{option} is not on offer")
