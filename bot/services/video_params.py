"""What was typed for a video, its prompt's flags among it, as the parameters of a job."""

from dataclasses import replace

from bot.domain.image_reference import read_source
from bot.domain.params import MAX_PROMPT, JobParams, PromptMode, Resolution
from bot.domain.prompts import NO_PROMPT, FilmPrompt, clean_film_prompt
from bot.errors import AutoModeNeedsProviderImage, EmptyPrompt, EndImageWithLoop, PromptTooLong, StartImageNeeded
from bot.providers.capabilities import USUAL_CLIPS
from bot.services.given_images import check_claims, frame_label, linked
from bot.services.requests import VideoOptions


def video_params(options: VideoOptions) -> JobParams:
    """Check what was typed, as far as it does not depend on the provider."""
    if (options.image is None) == (options.source is None):
        raise StartImageNeeded(both=options.image is not None)
    film = read_options(options)
    options = with_flags(options, film)
    params = typed_params(options)
    if not film.text or (film.text == NO_PROMPT and params.provider_image is None):
        raise EmptyPrompt
    if options.image is not None:
        check_claims(options.image, "start")
    if options.end_image is not None:
        check_claims(options.end_image, frame_label("end", options.end_image))
    if options.loop and options.end_image is not None:
        raise EndImageWithLoop
    if options.prompt_mode is PromptMode.AUTO and params.provider_image is None:
        raise AutoModeNeedsProviderImage
    return replace(params, prompt=film.text if film.text != NO_PROMPT else "", removed=film.removed, read=film.read)


def typed_params(options: VideoOptions) -> JobParams:
    """Write down what was typed, before anything of it is checked but the source's form."""
    card, task = read_source(options.source) if options.source is not None else (None, None)
    chosen = {
        "motion": options.motion,
        "resolution": options.resolution,
        "clips": options.clips,
        "speed": options.speed,
        "prompt_mode": options.prompt_mode,
        "provider": options.provider,
        "spoiler": options.spoiler,
    }
    return JobParams(
        prompt="",
        clips=options.clips or USUAL_CLIPS,
        motion=options.motion,
        resolution=options.resolution or Resolution.SD,
        loop=bool(options.loop),
        speed=options.speed,
        image=options.image,
        end_image=options.end_image,
        job_image=card,
        provider_image=task,
        prompt_mode=options.prompt_mode,
        explicit_options=tuple(name for name, value in chosen.items() if value is not None),
    )


def read_options(options: VideoOptions) -> FilmPrompt:
    """Read a film's prompt; its flags do not count for what was chosen."""
    return read_film(
        options.prompt,
        motion=options.motion,
        clips=options.clips,
        loop=options.loop,
        end_image=options.end_image,
    )


def read_film(prompt: str, **options: object) -> FilmPrompt:
    if len(prompt) > MAX_PROMPT:
        raise PromptTooLong(len(prompt), MAX_PROMPT)
    return clean_film_prompt(prompt, {name for name, value in options.items() if value is not None})


def with_flags(options: VideoOptions, film: FilmPrompt) -> VideoOptions:
    """Add what the prompt's flags say to what was typed as options."""
    return replace(
        options,
        motion=options.motion or film.motion,
        clips=options.clips or film.clips,
        loop=film.loop if options.loop is None else options.loop,
        end_image=linked(film.end_link) if film.end_link else options.end_image,
    )
