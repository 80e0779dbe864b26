"""What is asked for as it was typed: by whom, where the answer goes, and with which options."""

from dataclasses import dataclass, field, replace

from bot.domain.job import Kind
from bot.domain.params import (
    ImageUpload,
    JobParams,
    Motion,
    Preferences,
    PromptMode,
    Resolution,
    Speed,
)


@dataclass(frozen=True)
class Requester:
    """Hold who asks, where, and what the payload says about it; `missing` names permissions the bot lacks there.

    `parent_channel_id` is the channel of a thread, `locale` the language that Discord speaks with them, by its code.
    """

    request_id: str
    guild_id: int | None
    channel_id: int
    user_id: int
    roles: tuple[int, ...]
    file_limit: int
    missing_permissions: tuple[str, ...] = ()
    parent_channel_id: int | None = None
    locale: str = "en-US"


@dataclass(frozen=True)
class DeferredReply:
    """Hold the deferred answer that becomes the job's card: its message, and the token that may edit it until then.

    `locale` is the language of whoever is answered, by Discord's code.
    """

    message_id: int | None
    token: str
    until_ms: int
    locale: str | None = None


@dataclass(frozen=True)
class VideoOptions:
    """Hold the options of /video as typed; a None was not typed. `source` names a picture instead of `image`."""

    prompt: str
    image: ImageUpload | None = None
    source: str | None = None
    end_image: ImageUpload | None = None
    motion: Motion | None = None
    resolution: Resolution | None = None
    clips: int | None = None
    loop: bool | None = None
    speed: Speed | None = None
    prompt_mode: PromptMode | None = None
    provider: str | None = None
    spoiler: bool | None = None


@dataclass(frozen=True)
class Preferred:
    """Hold what completes a request: what its member chose beforehand, and the words of a preset."""

    options: Preferences = field(default_factory=Preferences)
    words: str = ""


NOTHING_PREFERRED = Preferred()


@dataclass(frozen=True)
class ExtendOptions:
    """Hold what an extend asks for beyond its clip; a None is left to what the parent had, or the provider has.

    `loop` and `end_image` can only be asked for in the prompt; no provider's own extend has them. `again_of` names the
    job whose end image it takes over. `spoiler` is None where it is the parent's.
    """

    motion: Motion | None = None
    prompt: str | None = None
    clips: int | None = None
    prompt_mode: PromptMode | None = None
    removed: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    loop: bool = False
    end_image: ImageUpload | None = None
    again_of: str | None = None
    spoiler: bool | None = None


@dataclass(frozen=True)
class JobRequest:
    """Hold a request that the payload alone shows to be fine; `spoiler` is None where nobody said."""

    provider: str
    params: JobParams
    kind: Kind = Kind.VIDEO
    spoiler: bool | None = None

    def hidden(self, spoiler: bool | None) -> "JobRequest":
        """Let a typed choice of the spoiler count, whatever the member's settings say."""
        if spoiler is None:
            return self
        params = replace(self.params, explicit_options=(*self.params.explicit_options, "spoiler"))
        return replace(self, params=params, spoiler=spoiler)
