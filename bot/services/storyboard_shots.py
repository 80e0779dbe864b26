"""The shots of a storyboard as jobs: the first is a video, each later one goes on from the one before it."""

from dataclasses import replace

from bot.domain.job import Kind
from bot.domain.params import JobParams
from bot.domain.storyboard import Storyboard
from bot.providers.capabilities import Capabilities, Option, apply_defaults, needs_last_frame, unsupported_options
from bot.services.requests import JobRequest
from bot.services.storyboard_lines import shot_params


def shot_requests(storyboard: Storyboard, capabilities: Capabilities, first: int) -> list[JobRequest]:
    """Give what the shots from one on ask for, counted from 0."""
    return [
        JobRequest(storyboard.provider, _params(storyboard, number, capabilities), _kind(number))
        for number in range(first, len(storyboard.shots))
    ]


def missing_options(storyboard: Storyboard, capabilities: Capabilities) -> list[Option]:
    """Give what any of the shots asks for and a provider lacks."""
    return [
        option
        for request in shot_requests(storyboard, capabilities, 0)
        for option in unsupported_options(capabilities, request.params, request.kind)
    ]


def need_last_frames(capabilities: Capabilities) -> bool:
    """Tell whether later shots are videos of their own, which start at the last frame of the one before."""
    return needs_last_frame(capabilities, with_words=True)


def _kind(number: int) -> Kind:
    return Kind.EXTEND if number else Kind.VIDEO


def _params(storyboard: Storyboard, number: int, capabilities: Capabilities) -> JobParams:
    params = shot_params(storyboard.params, storyboard.shots[number])
    if number:
        # It begins where the one before ends, with words of its own.
        explicit = dict.fromkeys((*params.explicit_options, "prompt"))
        params = replace(params, image=None, job_image=None, provider_image=None, explicit_options=tuple(explicit))
    return _adapted(params, capabilities, later=bool(number))


def _adapted(params: JobParams, capabilities: Capabilities, *, later: bool) -> JobParams:
    """Let a shot have what its provider has: an extend that takes words, else a start at the last frame."""
    if not later:
        return apply_defaults(capabilities, params)
    params = replace(params, from_last_frame=need_last_frames(capabilities))
    return apply_defaults(capabilities, params, Kind.EXTEND)
