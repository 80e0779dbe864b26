"""What members ask for, checked against what the payload alone shows: no disk, no network, nothing awaited."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain import MAX_PROMPT, Motion, Params, Picture, Resolution, Speed
from bot.errors import (
    BadPicture,
    CannotPost,
    EmptyPrompt,
    EndImageWithLoop,
    NoSuchProvider,
    NotInServer,
    PictureProblem,
    PromptTooLong,
    ServerNotAllowed,
    Unsupported,
)
from bot.media import MAX_PICTURE_BYTES
from bot.prompts import clean_prompt
from bot.providers.base import Capabilities, Provider


@dataclass(frozen=True)
class Asker:
    """Hold who asks, where, and what the payload says about it; `missing` names permissions the bot lacks there."""

    request_id: str
    guild_id: int | None
    channel_id: int
    user_id: int
    roles: tuple[int, ...]
    file_limit: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """Hold the deferred answer that becomes the job's card: its message, and the token that may edit it until then."""

    message_id: int | None
    token: str
    until_ms: int


@dataclass(frozen=True)
class VideoOptions:
    """Hold the options of /video as typed; a None was not typed."""

    prompt: str
    image: Picture
    end_image: Picture | None = None
    motion: Motion | None = None
    resolution: Resolution | None = None
    clips: int | None = None
    loop: bool | None = None
    speed: Speed | None = None
    provider: str | None = None


@dataclass(frozen=True)
class Plan:
    """Hold a request that the payload alone shows to be fine."""

    provider: str
    params: Params


class Planner:
    """Turn what was typed into a plan, or refuse it."""

    def __init__(
        self, providers: Mapping[str, Provider], default_provider: str, allowed_guilds: frozenset[int]
    ) -> None:
        self._providers = providers
        self._default_provider = default_provider
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
        if len(options.prompt) > MAX_PROMPT:
            raise PromptTooLong(len(options.prompt), MAX_PROMPT)
        prompt = clean_prompt(options.prompt)
        if not prompt.text:
            raise EmptyPrompt
        _check_claims(options.image, "start")
        if options.end_image is not None:
            _check_claims(options.end_image, "end")
        if options.loop and options.end_image is not None:
            raise EndImageWithLoop
        provider = self._provider(options.provider)
        self._check_typed(provider, options)
        able = provider.capabilities
        params = Params(
            prompt=prompt.text,
            clips=options.clips or (4 if 4 in able.batches else max(able.batches)),
            motion=options.motion or (Motion.LOW if able.motions else None),
            resolution=options.resolution or Resolution.SD,
            loop=bool(options.loop),
            speed=options.speed or (Speed.FAST if Speed.FAST in able.speeds else None),
            image=options.image,
            end_image=options.end_image,
            removed=prompt.removed,
        )
        return Plan(provider.name, params)

    def _provider(self, typed: str | None) -> Provider:
        """Find a provider by the name or the title that was typed."""
        wanted = (typed or self._default_provider).strip().casefold()
        for provider in self._providers.values():
            if wanted in (provider.name.casefold(), provider.title.casefold()):
                return provider
        raise NoSuchProvider(wanted[:40], tuple(provider.title for provider in self._providers.values()))

    def _check_typed(self, provider: Provider, options: VideoOptions) -> None:
        """Refuse what was typed and the provider lacks; what was not typed adapts."""
        for option, has in _typed(options):
            if not has(provider.capabilities):
                others = tuple(p.title for p in self._providers.values() if has(p.capabilities))
                raise Unsupported(option, provider.title, others)


def _typed(options: VideoOptions) -> list[tuple[str, Callable[[Capabilities], bool]]]:
    """Name each typed option, with the question whether a provider has it."""
    typed: list[tuple[str, Callable[[Capabilities], bool]]] = []
    if options.motion is not None:
        typed.append((f"{options.motion} motion", lambda able: options.motion in able.motions))
    if options.resolution is not None:
        typed.append((f"resolution {options.resolution.upper()}", lambda able: options.resolution in able.resolutions))
    if options.clips is not None:
        typed.append((f"choice of {options.clips} clips", lambda able: options.clips in able.batches))
    if options.speed is not None:
        typed.append((f"speed {options.speed}", lambda able: options.speed in able.speeds))
    if options.loop:
        typed.append(("loop", lambda able: able.loop))
    if options.end_image is not None:
        typed.append(("end image", lambda able: able.end_image))
    return typed


def _check_claims(picture: Picture, place: str) -> None:
    if picture.size > MAX_PICTURE_BYTES:
        raise BadPicture(PictureProblem.TOO_LARGE, place, MAX_PICTURE_BYTES)
    if picture.content_type is not None and not picture.content_type.startswith("image/"):
        raise BadPicture(PictureProblem.NOT_A_PICTURE, place)
