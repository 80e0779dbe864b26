"""What is asked for as it was typed: by whom, where the answer goes, and with which options."""

from dataclasses import dataclass

from bot.domain.job import Kind
from bot.domain.params import (
    Animate,
    Motion,
    Params,
    Picture,
    Resolution,
    Speed,
)


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
    """Hold the options of /video as typed; a None was not typed. `source` names a picture instead of `image`."""

    prompt: str
    image: Picture | None = None
    source: str | None = None
    end_image: Picture | None = None
    motion: Motion | None = None
    resolution: Resolution | None = None
    clips: int | None = None
    loop: bool | None = None
    speed: Speed | None = None
    animate: Animate | None = None
    provider: str | None = None


@dataclass(frozen=True)
class ExtendOptions:
    """Hold what an extend asks for beyond its clip; a None is left to what the parent had, or the provider has."""

    motion: Motion | None = None
    prompt: str | None = None
    clips: int | None = None
    animate: Animate | None = None
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Hold a request that the payload alone shows to be fine."""

    provider: str
    params: Params
    kind: Kind = Kind.VIDEO
