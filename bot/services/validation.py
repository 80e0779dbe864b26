"""What members ask for, checked against what the payload alone shows: no disk, no network, nothing awaited."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.credits import PriceList
from bot.domain.image_reference import read_source
from bot.domain.job import Kind
from bot.domain.links import is_link, without_brackets
from bot.domain.params import (
    MAX_PROMPT,
    ImageUpload,
    JobParams,
    Motion,
    PromptMode,
    Resolution,
    Shape,
    Speed,
)
from bot.domain.prompts import CleanPrompt, FilmPrompt, clean_film_prompt, clean_image_prompt, without_flags
from bot.errors import (
    AutoModeNeedsProviderImage,
    BadImage,
    BlendCount,
    CannotPost,
    EmptyPrompt,
    EndImageWithLoop,
    ImageProblem,
    NoImageProvider,
    NoProviderHas,
    NothingToDraw,
    NotInServer,
    PromptTooLong,
    ServerNotAllowed,
    StartImageNeeded,
    Unsupported,
)
from bot.media import MAX_IMAGE_BYTES
from bot.providers.base import Provider
from bot.providers.capabilities import (
    USUAL_CLIPS,
    AvailableOptions,
    apply_defaults,
    merge_capabilities,
    options_of,
    unsupported_options,
)
from bot.providers.registry import find_provider
from bot.services.requests import ExtendOptions, JobRequest, Requester, VideoOptions

LEAST_BLENDED, MOST_BLENDED = 2, 5
"""How many pictures can be mixed (providers.md, section 1.6)."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth")

_NEVER_IMAGES = ("video/", "audio/", "text/")
"""Claimed types that are refused at once; of all others the bytes decide."""

NO_PROMPT = "-"
"""What stands for no prompt at all; only a picture that brings its own can do without."""


class RequestValidator:
    """Turn what was typed into a plan, or refuse it; `providers` come in their order, the default one first."""

    def __init__(self, providers: Mapping[str, Provider], prices: PriceList, allowed_guilds: frozenset[int]) -> None:
        self._providers = providers
        self._prices = prices
        self._allowed_guilds = allowed_guilds

    def check_channel(self, requester: Requester) -> None:
        """Refuse direct messages, servers that are not allowed, and channels where the card could not appear."""
        if requester.guild_id is None:
            raise NotInServer
        if self._allowed_guilds and requester.guild_id not in self._allowed_guilds:
            raise ServerNotAllowed
        if requester.missing_permissions:
            raise CannotPost(requester.missing_permissions)

    def video(self, requester: Requester, options: VideoOptions) -> JobRequest:
        """Check everything that the payload alone shows; raises a `Refused`, touches neither disk nor network."""
        self.check_channel(requester)
        params = _video_params(options)
        provider = self._provider_for(params, options.provider)
        return JobRequest(provider.name, apply_defaults(provider.capabilities, params), spoiler=options.spoiler)

    def extend(self, requester: Requester, options: ExtendOptions, *, words_needed: bool = False) -> ExtendOptions:
        """Check an extend's place and prompt; what its provider can do shows only in its parent's row."""
        self.check_channel(requester)
        if options.prompt is None:
            return options
        film = _read(options.prompt, motion=options.motion, clips=options.clips)
        if film.text == NO_PROMPT or not (film.text or (film.read and not words_needed)):
            raise EmptyPrompt
        if film.loop and film.end_link:
            raise EndImageWithLoop
        return replace(
            options,
            prompt=film.text or None,
            motion=options.motion or film.motion,
            clips=options.clips or film.clips,
            loop=bool(film.loop),
            end_image=_linked(film.end_link) if film.end_link else None,
            removed=film.removed,
            read=film.read,
        )

    def imagine(self, requester: Requester, prompt: str, speed: Speed | None, *, translate: bool) -> JobRequest:
        """Check a prompt for four pictures; the flags that choose what is drawn stay in it."""
        self.check_channel(requester)
        cleaned = _picture_prompt(prompt)
        params = _image_params(cleaned.text, speed=speed, translate=translate, removed=cleaned.removed)
        return JobRequest(self._image_provider().name, params, Kind.IMAGINE)

    def blend(
        self, requester: Requester, images: Sequence[ImageUpload], shape: Shape | None, speed: Speed | None
    ) -> JobRequest:
        """Check two to five pictures that are to become four new ones."""
        self.check_channel(requester)
        if not LEAST_BLENDED <= len(images) <= MOST_BLENDED:
            raise BlendCount(len(images))
        for number, image in enumerate(images):
            _check_claims(image, image_label(images, number))
        params = _image_params("", speed=speed, shape=shape or Shape.SQUARE, images=tuple(images))
        return JobRequest(self._image_provider().name, params, Kind.BLEND)

    def describe(self, requester: Requester, image: ImageUpload | None, link: str | None) -> JobRequest:
        """Check a picture, attached or at an address, that is to be put into words."""
        self.check_channel(requester)
        if (image is None) == (link is None):
            raise StartImageNeeded(both=image is not None, other="link")
        image = image or _linked(link or "")
        _check_claims(image, image_label([image], 0))
        params = JobParams(prompt="", clips=1, motion=None, images=(image,))
        return JobRequest(self._image_provider().name, params, Kind.DESCRIBE)

    def region(self, requester: Requester, mask: ImageUpload, prompt: str | None) -> CleanPrompt:
        """Check a mask, and what is to be drawn where it is white; empty where the picture's own prompt stands."""
        self.check_channel(requester)
        _check_claims(mask, "mask")
        return CleanPrompt("", ()) if prompt is None else _picture_prompt(prompt)

    def _image_provider(self) -> Provider:
        for provider in self._providers.values():
            if provider.images is not None:
                return provider
        raise NoImageProvider

    def available_options(self, motion: Motion | None = None) -> AvailableOptions:
        """Give what new films can be asked for here, whoever makes them.

        With a motion, only by whom has that, or makes loops: how much those move is theirs to say.
        """
        everyone = self._providers.values()
        able = [one for one in everyone if motion in (None, *one.capabilities.motions) or one.capabilities.loop]
        return merge_capabilities([(one.capabilities, self._prices.at(one.name)) for one in able or everyone])

    def fitting(self, options: VideoOptions) -> list[Provider]:
        """Give the providers that can do what was typed so far, whatever else is wrong with it."""
        params = _typed_params(
            _with_flags(options, _read_options(replace(options, prompt=options.prompt[:MAX_PROMPT])))
        )
        return [one for one in self._providers.values() if not unsupported_options(one.capabilities, params)]

    def _provider_for(self, params: JobParams, typed: str | None) -> Provider:
        """Take the provider that was typed, or the only one, else the first that has all that was asked for."""
        everyone = list(self._providers.values())
        if typed is not None or len(everyone) == 1:
            chosen = everyone[0] if typed is None else find_provider(everyone, typed)
            if missing := unsupported_options(chosen.capabilities, params):
                raise Unsupported(missing[0].code, chosen.title, _titles(everyone, params))
            return chosen
        for provider in everyone:
            if not unsupported_options(provider.capabilities, params):
                return provider
        asked = options_of(params)
        nowhere = [option for option in asked if not any(option.supported_by(one.capabilities) for one in everyone)]
        raise NoProviderHas(tuple(option.code for option in nowhere[:1] or asked))


def _titles(providers: Sequence[Provider], params: JobParams) -> tuple[str, ...]:
    return tuple(provider.title for provider in providers if not unsupported_options(provider.capabilities, params))


def _video_params(options: VideoOptions) -> JobParams:
    """Check what was typed, as far as it does not depend on the provider."""
    if (options.image is None) == (options.source is None):
        raise StartImageNeeded(both=options.image is not None)
    film = _read_options(options)
    options = _with_flags(options, film)
    params = _typed_params(options)
    if not film.text or (film.text == NO_PROMPT and params.provider_image is None):
        raise EmptyPrompt
    if options.image is not None:
        _check_claims(options.image, "start")
    if options.end_image is not None:
        _check_claims(options.end_image, frame_label("end", options.end_image))
    if options.loop and options.end_image is not None:
        raise EndImageWithLoop
    if options.prompt_mode is PromptMode.AUTO and params.provider_image is None:
        raise AutoModeNeedsProviderImage
    return replace(params, prompt=film.text if film.text != NO_PROMPT else "", removed=film.removed, read=film.read)


def _typed_params(options: VideoOptions) -> JobParams:
    """Write down what was typed, before anything of it is checked but the source's form."""
    card, task = read_source(options.source) if options.source is not None else (None, None)
    chosen = {
        "motion": options.motion,
        "resolution": options.resolution,
        "clips": options.clips,
        "speed": options.speed,
        "prompt_mode": options.prompt_mode,
        "provider": options.provider,
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


def _read_options(options: VideoOptions) -> FilmPrompt:
    """Read a film's prompt; its flags do not count for what was chosen."""
    return _read(
        options.prompt,
        motion=options.motion,
        clips=options.clips,
        loop=options.loop,
        end_image=options.end_image,
    )


def _read(prompt: str, **options: object) -> FilmPrompt:
    if len(prompt) > MAX_PROMPT:
        raise PromptTooLong(len(prompt), MAX_PROMPT)
    return clean_film_prompt(prompt, {name for name, value in options.items() if value is not None})


def _with_flags(options: VideoOptions, film: FilmPrompt) -> VideoOptions:
    """Add what the prompt's flags say to what was typed as options."""
    return replace(
        options,
        motion=options.motion or film.motion,
        clips=options.clips or film.clips,
        loop=film.loop if options.loop is None else options.loop,
        end_image=_linked(film.end_link) if film.end_link else options.end_image,
    )


def _picture_prompt(prompt: str) -> CleanPrompt:
    """Clean the prompt of a picture; raises `PromptTooLong`, or `NothingToDraw` where no words are left."""
    if len(prompt) > MAX_PROMPT:
        raise PromptTooLong(len(prompt), MAX_PROMPT)
    cleaned = clean_image_prompt(prompt)
    if without_flags(cleaned.text) in ("", NO_PROMPT):
        raise NothingToDraw
    return cleaned


def _linked(address: str) -> ImageUpload:
    """Describe a picture that is named by its address."""
    return ImageUpload(without_brackets(address), "picture", 0)


def _image_params(prompt: str, *, speed: Speed | None = None, **asked: Any) -> JobParams:
    """Write down what was asked of a picture maker, where films' options have no meaning."""
    return JobParams(prompt=prompt, motion=None, speed=speed or Speed.FAST, **asked)


def image_label(images: Sequence[ImageUpload], number: int) -> str:
    """Name the role of one of a request's pictures, counted from 0; a link's has no size beforehand."""
    if len(images) > 1:
        return _ORDINALS[number]
    return "start" if images[number].size else "link"


def frame_label(role: str, image: ImageUpload) -> str:
    """Name the role of a film's start or end image; an end image may be named by its address."""
    return "link" if role == "end" and not image.size else role


def _check_claims(image: ImageUpload, role: str) -> None:
    if role == "link" and not is_link(image.url):
        raise BadImage(ImageProblem.NOT_A_LINK, role)
    if image.size > MAX_IMAGE_BYTES:
        raise BadImage(ImageProblem.TOO_LARGE, role, MAX_IMAGE_BYTES)
    if (image.content_type or "").lower().startswith(_NEVER_IMAGES):
        raise BadImage(ImageProblem.NOT_AN_IMAGE, role)
