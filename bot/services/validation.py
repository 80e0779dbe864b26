"""What members ask for, checked against what the payload alone shows: no disk, no network, nothing awaited."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.credits import PriceList
from bot.domain.job import Kind
from bot.domain.params import (
    MAX_PROMPT,
    ImageUpload,
    JobParams,
    Motion,
    Preferences,
    Shape,
    Speed,
)
from bot.domain.prompts import (
    NO_PROMPT,
    CleanPrompt,
    clean_image_prompt,
    with_words,
    without_flags,
)
from bot.errors import (
    BlendCount,
    CannotPost,
    EmptyPrompt,
    EndImageWithLoop,
    NoImageProvider,
    NoProviderHas,
    NothingToDraw,
    NotInServer,
    PromptTooLong,
    ServerNotAllowed,
    StartImageNeeded,
    Unsupported,
)
from bot.providers.base import Provider
from bot.providers.capabilities import (
    AvailableOptions,
    apply_defaults,
    merge_capabilities,
    options_of,
    unsupported_options,
)
from bot.providers.registry import find_provider, sort_by_rank
from bot.services.given_images import check_claims, image_label, linked
from bot.services.requests import (
    NOTHING_PREFERRED,
    ExtendOptions,
    JobRequest,
    Preferred,
    Requester,
    VideoOptions,
)
from bot.services.video_params import read_film, read_options, typed_params, video_params, with_flags

LEAST_BLENDED, MOST_BLENDED = 2, 5
"""How many pictures can be mixed (providers.md, section 1.6)."""


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

    def video(
        self, requester: Requester, options: VideoOptions, preferred: Preferred = NOTHING_PREFERRED
    ) -> JobRequest:
        """Check everything that the payload alone shows; raises a `Refused`, touches neither disk nor network.

        What is preferred is no reason to refuse anything, but for a preset's words.
        """
        self.check_channel(requester)
        params = video_params(replace(options, prompt=with_words(options.prompt, preferred.words)))
        typed = (*params.explicit_options, *(("loop",) if options.loop is not None or params.loop else ()))
        # No provider translates a film's prompt.
        params = replace(params, preferred=preferred.options.without((*typed, "translate")))
        provider = self._provider_for(params, options.provider)
        return JobRequest(provider.name, apply_defaults(provider.capabilities, params), spoiler=options.spoiler)

    def extend(self, requester: Requester, options: ExtendOptions, *, words_needed: bool = False) -> ExtendOptions:
        """Check an extend's place and prompt; what its provider can do shows only in its parent's row."""
        self.check_channel(requester)
        if options.prompt is None:
            return options
        film = read_film(options.prompt, motion=options.motion, clips=options.clips)
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
            end_image=linked(film.end_link) if film.end_link else None,
            removed=film.removed,
            read=film.read,
        )

    def imagine(
        self,
        requester: Requester,
        prompt: str,
        speed: Speed | None,
        *,
        translate: bool | None,
        preferred: Preferred = NOTHING_PREFERRED,
    ) -> JobRequest:
        """Check a prompt for four pictures; the flags that choose what is drawn stay in it.

        Where nobody said whether to `translate`, the language decides that Discord speaks with the member.
        """
        self.check_channel(requester)
        cleaned = _picture_prompt(with_words(prompt, preferred.words))
        typed = () if translate is None else ("translate",)
        wanted = preferred.options.only("speed", "translate").without(typed)
        params = _image_params(
            cleaned.text,
            speed=speed,
            wanted=wanted if typed else wanted.in_language(requester.locale),
            translate=bool(translate),
            explicit_options=typed,
            removed=cleaned.removed,
        )
        provider = _first_able(self._image_providers(), params, Kind.IMAGINE)
        return JobRequest(provider.name, apply_defaults(provider.capabilities, params, Kind.IMAGINE), Kind.IMAGINE)

    def blend(
        self,
        requester: Requester,
        images: Sequence[ImageUpload],
        shape: Shape | None,
        speed: Speed | None,
        preferred: Preferred = NOTHING_PREFERRED,
    ) -> JobRequest:
        """Check two to five pictures that are to become four new ones."""
        self.check_channel(requester)
        if not LEAST_BLENDED <= len(images) <= MOST_BLENDED:
            raise BlendCount(len(images))
        for number, image in enumerate(images):
            check_claims(image, image_label(images, number))
        wanted = preferred.options.only("speed")
        params = _image_params("", speed=speed, wanted=wanted, shape=shape or Shape.SQUARE, images=tuple(images))
        return JobRequest(self._image_providers()[0].name, params, Kind.BLEND)

    def describe(self, requester: Requester, image: ImageUpload | None, link: str | None) -> JobRequest:
        """Check a picture, attached or at an address, that is to be put into words."""
        self.check_channel(requester)
        if (image is None) == (link is None):
            raise StartImageNeeded(both=image is not None, other="link")
        image = image or linked(link or "")
        check_claims(image, image_label([image], 0))
        params = JobParams(prompt="", clips=1, motion=None, images=(image,))
        return JobRequest(self._image_providers()[0].name, params, Kind.DESCRIBE)

    def region(self, requester: Requester, mask: ImageUpload, prompt: str | None) -> CleanPrompt:
        """Check a mask, and what is to be drawn where it is white; empty where the picture's own prompt stands."""
        self.check_channel(requester)
        check_claims(mask, "mask")
        return CleanPrompt("", ()) if prompt is None else _picture_prompt(prompt)

    def _image_providers(self) -> list[Provider]:
        if drawing := [provider for provider in self._providers.values() if provider.images is not None]:
            return drawing
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
        params = typed_params(with_flags(options, read_options(replace(options, prompt=options.prompt[:MAX_PROMPT]))))
        return [one for one in self._providers.values() if not unsupported_options(one.capabilities, params)]

    def _provider_for(self, params: JobParams, typed: str | None) -> Provider:
        """Take the provider that was typed, or the only one, else the first that has all that was asked for.

        The one that the member prefers comes first.
        """
        preferred = params.preferred.provider
        everyone = sort_by_rank(self._providers.values(), (preferred,) if preferred else ())
        if typed is None:
            return _first_able(everyone, params)
        return _if_able(find_provider(everyone, typed), everyone, params)


def _first_able(everyone: Sequence[Provider], params: JobParams, kind: Kind = Kind.VIDEO) -> Provider:
    """Take the only provider, else the first that has all that was asked for; raises where none has."""
    if len(everyone) == 1:
        return _if_able(everyone[0], everyone, params, kind)
    for provider in everyone:
        if not unsupported_options(provider.capabilities, params, kind):
            return provider
    asked = options_of(params, kind)
    nowhere = [option for option in asked if not any(option.supported_by(one.capabilities) for one in everyone)]
    raise NoProviderHas(tuple(option.code for option in nowhere[:1] or asked))


def _if_able(chosen: Provider, everyone: Sequence[Provider], params: JobParams, kind: Kind = Kind.VIDEO) -> Provider:
    if missing := unsupported_options(chosen.capabilities, params, kind):
        raise Unsupported(missing[0].code, chosen.title, _titles(everyone, params, kind))
    return chosen


def _titles(providers: Sequence[Provider], params: JobParams, kind: Kind) -> tuple[str, ...]:
    return tuple(one.title for one in providers if not unsupported_options(one.capabilities, params, kind))


def _picture_prompt(prompt: str) -> CleanPrompt:
    """Clean the prompt of a picture; raises `PromptTooLong`, or `NothingToDraw` where no words are left."""
    if len(prompt) > MAX_PROMPT:
        raise PromptTooLong(len(prompt), MAX_PROMPT)
    cleaned = clean_image_prompt(prompt)
    if without_flags(cleaned.text) in ("", NO_PROMPT):
        raise NothingToDraw
    return cleaned


def _image_params(prompt: str, *, speed: Speed | None, wanted: Preferences, **asked: Any) -> JobParams:
    """Write down what was asked of a picture maker, where films' options have no meaning."""
    used = wanted.without(("speed",) if speed is not None else ())
    return JobParams(prompt=prompt, motion=None, speed=speed or used.speed or Speed.FAST, preferred=used, **asked)
