"""What a member can ask for: pure, standard library only."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
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
        )
