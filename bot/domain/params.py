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


class Animate(StrEnum):
    """Say who writes what happens in a clip: the provider (auto), or the prompt (manual)."""

    AUTO = "auto"
    MANUAL = "manual"


class Shape(StrEnum):
    """Name the shapes of a blended picture: 2:3, 1:1 and 3:2."""

    PORTRAIT = "portrait"
    SQUARE = "square"
    LANDSCAPE = "landscape"


@dataclass(frozen=True)
class Picture:
    """Describe a picture as Discord's payload claims it; nothing of it is to be believed before it was read."""

    url: str
    filename: str
    size: int
    content_type: str | None = None


@dataclass(frozen=True)
class CardPicture:
    """Name a picture on one of our cards: the one that a job started with, or was to end with, or one that it made.

    `place` is start or end, or the number of a made picture, counted from 1.
    """

    job_id: str
    place: str


@dataclass(frozen=True)
class PictureTask:
    """Name a picture at a provider: picture `index` (from 0) of an imagine task there."""

    remote_id: str
    index: int


_TYPED_ONCE = ("motion", "resolution", "clips", "speed", "provider")
"""What counts as typed in rows from before that was written down: whatever it was, it stays."""


@dataclass(frozen=True)
class Params:
    """Hold what a member asked for; a None means that the provider has no such knob.

    `typed` names the options that a provider must have; the others follow from what it can do.
    """

    prompt: str
    clips: int = 4
    motion: Motion | None = Motion.LOW
    resolution: Resolution = Resolution.SD
    loop: bool = False
    speed: Speed | None = None
    image: Picture | None = None
    end_image: Picture | None = None
    card_picture: CardPicture | None = None
    picture_task: PictureTask | None = None
    animate: Animate | None = None
    action: str | None = None
    translate: bool = False
    shape: Shape | None = None
    pictures: tuple[Picture, ...] = ()
    typed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """What was taken out of the prompt, so that the card can say so."""

    def to_json(self) -> dict[str, Any]:
        """Turn into plain values for the job's row."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Params":
        """Read back what `to_json` wrote."""
        return cls(
            prompt=data["prompt"],
            clips=data["clips"],
            motion=Motion(data["motion"]) if data["motion"] else None,
            resolution=Resolution(data["resolution"]),
            loop=data["loop"],
            speed=Speed(data["speed"]) if data["speed"] else None,
            image=Picture(**data["image"]) if data["image"] else None,
            end_image=Picture(**data["end_image"]) if data["end_image"] else None,
            card_picture=CardPicture(**data["card_picture"]) if data.get("card_picture") else None,
            picture_task=PictureTask(**data["picture_task"]) if data.get("picture_task") else None,
            animate=Animate(data["animate"]) if data.get("animate") else None,
            action=data.get("action"),
            translate=data.get("translate", False),
            shape=Shape(data["shape"]) if data.get("shape") else None,
            pictures=tuple(Picture(**picture) for picture in data.get("pictures", ())),
            typed=tuple(data["typed"]) if "typed" in data else _TYPED_ONCE,
            removed=tuple(data["removed"]),
        )

    def extended(self) -> "Params":
        """Derive the parameters of an extend: prompt, motion, clips and resolution are the parent's."""
        return replace(
            self,
            loop=False,
            image=None,
            end_image=None,
            card_picture=None,
            picture_task=None,
            animate=None,
            typed=(),
            removed=(),
        )
