"""What a member can ask for: pure, standard library only."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

MAX_PROMPT = 2000
"""Characters a member may type as a prompt."""


class Motion(StrEnum):
    """Name how much the camera and the things in the picture move."""

    LOW = "low"
    HIGH = "high"


class Resolution(StrEnum):
    """Name the size of a clip: SD is about 480p, HD about 720p."""

    SD = "sd"
    HD = "hd"


class Speed(StrEnum):
    """Name how fast, and how dearly, a provider works."""

    RELAX = "relax"
    FAST = "fast"
    TURBO = "turbo"


class PromptMode(StrEnum):
    """Say who writes what happens in a clip: the provider (auto), or the prompt (manual)."""

    AUTO = "auto"
    MANUAL = "manual"


class Shape(StrEnum):
    """Name the shapes of a blended picture: 2:3, 1:1 and 3:2."""

    PORTRAIT = "portrait"
    SQUARE = "square"
    LANDSCAPE = "landscape"


@dataclass(frozen=True)
class ImageUpload:
    """Describe a picture as Discord's payload claims it; nothing of it is to be believed before it was read.

    One that a member named by its address has no size.
    """

    url: str
    filename: str
    size: int
    content_type: str | None = None


@dataclass(frozen=True)
class JobImageRef:
    """Name an image on one of our cards: the one that a job started with, or was to end with, or one that it made.

    `position` is start or end, or the number of a made image, counted from 1.
    """

    job_id: str
    position: str


@dataclass(frozen=True)
class ProviderImageRef:
    """Name a picture at a provider: picture `index` (from 0) of an imagine task there."""

    remote_id: str
    index: int


@dataclass(frozen=True)
class Preferences:
    """Hold what a member chose beforehand: it counts where an option was not typed and the provider has it.

    `from_preset` names what a preset said, its words among them, `from_server` what the server's defaults did,
    `from_locale` what follows from the member's language alone; all else comes from the member's settings.
    """

    motion: Motion | None = None
    resolution: Resolution | None = None
    clips: int | None = None
    speed: Speed | None = None
    provider: str | None = None
    loop: bool | None = None
    translate: bool | None = None
    from_preset: tuple[str, ...] = ()
    from_server: tuple[str, ...] = ()
    from_locale: tuple[str, ...] = ()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Name the options that something was chosen for."""
        return tuple(name for name in PREFERRED_OPTIONS if getattr(self, name) is not None)

    def without(self, names: Collection[str]) -> "Preferences":
        """Leave some options to others, such as those that were typed."""
        left_out = {name: None for name in names if name in PREFERRED_OPTIONS}
        return replace(
            self,
            **left_out,
            from_preset=tuple(name for name in self.from_preset if name not in left_out),
            from_server=tuple(name for name in self.from_server if name not in left_out),
            from_locale=tuple(name for name in self.from_locale if name not in left_out),
        )

    def only(self, *names: str) -> "Preferences":
        """Keep no options but these."""
        return self.without(set(PREFERRED_OPTIONS).difference(names))

    def under(self, preset: "Preferences", *, words: bool) -> "Preferences":
        """Let a preset come first, which has `words` or none."""
        first = {name: getattr(preset, name) for name in preset.chosen}
        return replace(self.without(first), **first, from_preset=(*(("words",) if words else ()), *first))

    def over(self, server: "Preferences") -> "Preferences":
        """Fill what was not chosen with a server's defaults."""
        filled = {name: getattr(server, name) for name in server.chosen if getattr(self, name) is None}
        return replace(self, **filled, from_server=tuple(filled))

    def in_language(self, locale: str) -> "Preferences":
        """Have the prompts of a member whose language is not English translated, where nothing was chosen."""
        if self.translate is not None or locale.startswith("en"):
            return self
        return replace(self, translate=True, from_locale=("translate",))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Preferences":
        """Read back what `asdict` wrote; what is not there was not chosen."""
        return cls(
            motion=Motion(data["motion"]) if data.get("motion") else None,
            resolution=Resolution(data["resolution"]) if data.get("resolution") else None,
            clips=data.get("clips"),
            speed=Speed(data["speed"]) if data.get("speed") else None,
            provider=data.get("provider"),
            loop=data.get("loop"),
            translate=None if data.get("translate") is None else bool(data["translate"]),
            from_preset=tuple(data.get("from_preset", ())),
            from_server=tuple(data.get("from_server", ())),
            from_locale=tuple(data.get("from_locale", ())),
        )


PREFERRED_OPTIONS = ("motion", "resolution", "clips", "speed", "provider", "loop", "translate")
"""The options that can be chosen beforehand, in the order in which they are told."""


@dataclass(frozen=True)
class JobParams:
    """Hold what a member asked for; a None means that the provider has no such knob.

    `explicit_options` names what the member typed: a provider must have that, the others follow from what it can do.
    """

    prompt: str
    clips: int = 4
    motion: Motion | None = Motion.LOW
    resolution: Resolution = Resolution.SD
    loop: bool = False
    speed: Speed | None = None
    image: ImageUpload | None = None
    end_image: ImageUpload | None = None
    job_image: JobImageRef | None = None
    provider_image: ProviderImageRef | None = None
    prompt_mode: PromptMode | None = None
    from_last_frame: bool = False
    """Of an extend: it is a video of its own at the provider, which starts at the last frame of its parent's clip."""
    action: str | None = None
    translate: bool = False
    shape: Shape | None = None
    images: tuple[ImageUpload, ...] = ()
    again_of: str | None = None
    """The job that it repeats, whose pictures it takes over as far as they are still kept."""
    explicit_options: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """What was taken out of the prompt, so that the card can say so."""
    read: tuple[str, ...] = ()
    """The flags of the prompt that were read as options, so that the card can say so."""
    preferred: Preferences = field(default_factory=Preferences)
    """What was chosen beforehand of the options that were not typed."""

    @property
    def uploads(self) -> tuple[ImageUpload, ...]:
        """Give the pictures that the member gave, which are fetched and kept."""
        return tuple(image for image in (self.image, self.end_image, *self.images) if image is not None)

    def to_json(self) -> dict[str, Any]:
        """Turn into plain values for the job's row."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "JobParams":
        """Read back what `to_json` wrote."""
        return cls(
            prompt=data["prompt"],
            clips=data["clips"],
            motion=Motion(data["motion"]) if data["motion"] else None,
            resolution=Resolution(data["resolution"]),
            loop=data["loop"],
            speed=Speed(data["speed"]) if data["speed"] else None,
            image=ImageUpload(**data["image"]) if data["image"] else None,
            end_image=ImageUpload(**data["end_image"]) if data["end_image"] else None,
            job_image=JobImageRef(**data["job_image"]) if data["job_image"] else None,
            provider_image=ProviderImageRef(**data["provider_image"]) if data["provider_image"] else None,
            prompt_mode=PromptMode(data["prompt_mode"]) if data["prompt_mode"] else None,
            # Rows of older versions have none.
            from_last_frame=data.get("from_last_frame", False),
            action=data["action"],
            translate=data["translate"],
            shape=Shape(data["shape"]) if data["shape"] else None,
            images=tuple(ImageUpload(**image) for image in data["images"]),
            # Rows of older versions have none, as below.
            again_of=data.get("again_of"),
            explicit_options=tuple(data["explicit_options"]),
            removed=tuple(data["removed"]),
            read=tuple(data.get("read", ())),
            preferred=Preferences.from_json(data.get("preferred", {})),
        )

    def extended(self) -> "JobParams":
        """Derive the parameters of an extend: prompt, motion, clips and resolution are the parent's."""
        return replace(
            self,
            loop=False,
            image=None,
            end_image=None,
            job_image=None,
            provider_image=None,
            prompt_mode=None,
            again_of=None,
            from_last_frame=False,
            explicit_options=(),
            removed=(),
            read=(),
            preferred=Preferences(),
        )
