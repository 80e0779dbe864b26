"""What members ask for, checked against what the payload alone shows: no disk, no network, nothing awaited."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.credits import PriceList
from bot.domain.image_reference import read_source
from bot.domain.job import Kind
from bot.domain.params import (
    MAX_PROMPT,
    Animate,
    Params,
    Picture,
    Resolution,
    Shape,
    Speed,
)
from bot.domain.prompts import CleanPrompt, clean_picture_prompt, clean_prompt
from bot.errors import (
    AnimateAlone,
    BadPicture,
    BlendCount,
    CannotPost,
    EmptyPrompt,
    EndImageWithLoop,
    NoPictures,
    NoProviderHas,
    NotInServer,
    PictureProblem,
    PromptTooLong,
    ServerNotAllowed,
    StartNeeded,
    Unsupported,
)
from bot.media import MAX_PICTURE_BYTES
from bot.providers.base import Provider
from bot.providers.capabilities import (
    USUAL_CLIPS,
    OnOffer,
    adapt,
    gather_offers,
    lacking,
    options_of,
)
from bot.providers.registry import find_named
from bot.services.requests import Asker, ExtendOptions, Plan, VideoOptions

LEAST_BLENDED, MOST_BLENDED = 2, 5
"""How many pictures can be mixed (providers.md, section 1.6)."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth")

NO_PROMPT = "-"
"""What stands for no prompt at all; only a picture that brings its own can do without."""


class Planner:
    """Turn what was typed into a plan, or refuse it; `providers` come in their order, the default one first."""

    def __init__(self, providers: Mapping[str, Provider], prices: PriceList, allowed_guilds: frozenset[int]) -> None:
        self._providers = providers
        self._prices = prices
        self._allowed_guilds = allowed_guilds

    def check_place(self, asker: Asker) -> None:
        """Refuse direct messages, servers that are not allowed, and channels where the card could not appear."""
        if asker.guild_id is None:
            raise NotInServer
        if self._allowed_guilds and asker.guild_id not in self._allowed_guilds:
            raise ServerNotAllowed
        if asker.missing:
            raise CannotPost(asker.missing)

    def video(self, asker: Asker, options: VideoOptions) -> Plan:
        """Check everything that the payload alone shows; raises a `Refused`, touches neither disk nor network."""
        self.check_place(asker)
        params = _video_params(options)
        provider = self._provider_for(params, options.provider)
        return Plan(provider.name, adapt(provider.capabilities, params))

    def extend(self, asker: Asker, options: ExtendOptions) -> ExtendOptions:
        """Check an extend's place and prompt; what its provider can do shows only in its parent's row."""
        self.check_place(asker)
        if options.prompt is None:
            return options
        prompt = _cleaned(options.prompt)
        if not prompt.text:
            raise EmptyPrompt
        return ExtendOptions(options.motion, prompt.text, options.clips, options.animate, prompt.removed)

    def imagine(self, asker: Asker, prompt: str, speed: Speed | None, *, translate: bool) -> Plan:
        """Check a prompt for four pictures; the flags that choose what is drawn stay in it."""
        self.check_place(asker)
        cleaned = _cleaned(prompt, clean_picture_prompt)
        if not cleaned.text:
            raise EmptyPrompt
        params = _picture_params(cleaned.text, speed=speed, translate=translate, removed=cleaned.removed)
        return Plan(self._picture_maker().name, params, Kind.IMAGINE)

    def blend(self, asker: Asker, pictures: Sequence[Picture], shape: Shape | None, speed: Speed | None) -> Plan:
        """Check two to five pictures that are to become four new ones."""
        self.check_place(asker)
        if not LEAST_BLENDED <= len(pictures) <= MOST_BLENDED:
            raise BlendCount(len(pictures))
        for number, picture in enumerate(pictures):
            _check_claims(picture, place_of(pictures, number))
        params = _picture_params("", speed=speed, shape=shape or Shape.SQUARE, pictures=tuple(pictures))
        return Plan(self._picture_maker().name, params, Kind.BLEND)

    def describe(self, asker: Asker, picture: Picture | None, link: str | None) -> Plan:
        """Check a picture, attached or at an address, that is to be put into words."""
        self.check_place(asker)
        if (picture is None) == (link is None):
            raise StartNeeded(both=picture is not None, other="link")
        picture = picture or Picture((link or "").strip(), "picture", 0)
        _check_claims(picture, "start")
        params = Params(prompt="", clips=1, motion=None, pictures=(picture,))
        return Plan(self._picture_maker().name, params, Kind.DESCRIBE)

    def region(self, asker: Asker, mask: Picture, prompt: str | None) -> CleanPrompt:
        """Check a mask, and what is to be drawn where it is white; empty where the picture's own prompt stands."""
        self.check_place(asker)
        _check_claims(mask, "mask")
        cleaned = CleanPrompt("", ()) if prompt is None else _cleaned(prompt, clean_picture_prompt)
        if prompt is not None and not cleaned.text:
            raise EmptyPrompt
        return cleaned

    def _picture_maker(self) -> Provider:
        for provider in self._providers.values():
            if provider.pictures is not None:
                return provider
        raise NoPictures

    def on_offer(self) -> OnOffer:
        """Give what new films can be asked for here, whoever makes them."""
        return gather_offers([(one.capabilities, self._prices.at(one.name)) for one in self._providers.values()])

    def fitting(self, options: VideoOptions) -> list[Provider]:
        """Give the providers that can do what was typed so far, whatever else is wrong with it."""
        params = _asked(options)
        return [one for one in self._providers.values() if not lacking(one.capabilities, params)]

    def _provider_for(self, params: Params, typed: str | None) -> Provider:
        """Take the provider that was typed, or the only one, else the first that has all that was asked for."""
        everyone = list(self._providers.values())
        if typed is not None or len(everyone) == 1:
            chosen = everyone[0] if typed is None else find_named(everyone, typed)
            if missing := lacking(chosen.capabilities, params):
                raise Unsupported(missing[0].label, chosen.title, _titles(everyone, params))
            return chosen
        for provider in everyone:
            if not lacking(provider.capabilities, params):
                return provider
        asked = options_of(params)
        nowhere = [option for option in asked if not any(option.is_had(one.capabilities) for one in everyone)]
        raise NoProviderHas(tuple(option.label for option in nowhere[:1] or asked))


def _titles(providers: Sequence[Provider], params: Params) -> tuple[str, ...]:
    return tuple(provider.title for provider in providers if not lacking(provider.capabilities, params))


def _video_params(options: VideoOptions) -> Params:
    """Check what was typed, as far as it does not depend on the provider."""
    if (options.image is None) == (options.source is None):
        raise StartNeeded(both=options.image is not None)
    params = _asked(options)
    empty_allowed = params.picture_task is not None and options.prompt.strip() == NO_PROMPT
    prompt = _cleaned(options.prompt)
    if not prompt.text and not empty_allowed:
        raise EmptyPrompt
    if options.image is not None:
        _check_claims(options.image, "start")
    if options.end_image is not None:
        _check_claims(options.end_image, "end")
    if options.loop and options.end_image is not None:
        raise EndImageWithLoop
    if options.animate is Animate.AUTO and params.picture_task is None:
        raise AnimateAlone
    return replace(params, prompt=prompt.text, removed=prompt.removed)


def _asked(options: VideoOptions) -> Params:
    """Write down what was typed, before anything of it is checked but the source's form."""
    card, task = read_source(options.source) if options.source is not None else (None, None)
    chosen = {
        "motion": options.motion,
        "resolution": options.resolution,
        "clips": options.clips,
        "speed": options.speed,
        "animate": options.animate,
        "provider": options.provider,
    }
    return Params(
        prompt="",
        clips=options.clips or USUAL_CLIPS,
        motion=options.motion,
        resolution=options.resolution or Resolution.SD,
        loop=bool(options.loop),
        speed=options.speed,
        image=options.image,
        end_image=options.end_image,
        card_picture=card,
        picture_task=task,
        animate=options.animate,
        typed=tuple(name for name, value in chosen.items() if value is not None),
    )


def _cleaned(prompt: str, clean: Callable[[str], CleanPrompt] = clean_prompt) -> CleanPrompt:
    if len(prompt) > MAX_PROMPT:
        raise PromptTooLong(len(prompt), MAX_PROMPT)
    if prompt.strip() == NO_PROMPT:
        return CleanPrompt("", ())
    return clean(prompt)


def _picture_params(prompt: str, *, speed: Speed | None = None, **asked: Any) -> Params:
    """Write down what was asked of a picture maker, where films' options have no meaning."""
    return Params(prompt=prompt, motion=None, speed=speed or Speed.FAST, **asked)


def place_of(pictures: Sequence[Picture], number: int) -> str:
    """Name one of a request's pictures, counted from 0, as sentences about it do; a link's has no size beforehand."""
    if len(pictures) > 1:
        return f"{_ORDINALS[number]} image"
    return "start" if pictures[number].size else "link"


def _check_claims(picture: Picture, place: str) -> None:
    if picture.size > MAX_PICTURE_BYTES:
        raise BadPicture(PictureProblem.TOO_LARGE, place, MAX_PICTURE_BYTES)
    if picture.content_type is not None and not picture.content_type.startswith("image/"):
        raise BadPicture(PictureProblem.NOT_A_PICTURE, place)
