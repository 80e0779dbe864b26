"""What a provider that makes images can be asked, in the bot's own words."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.params import Shape, Speed
from bot.errors import ProviderError
from bot.providers.types import RemoteState, Submitted


@dataclass(frozen=True)
class ImageFile:
    """Hold a checked image: its MIME type and its bytes."""

    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class ImagineRequest:
    """Ask for four images of a prompt, whose allowed flags stand in it; `translate` lets the vendor translate it."""

    client_token: str
    prompt: str
    speed: Speed
    translate: bool
    callback_url: str | None = field(repr=False)


@dataclass(frozen=True)
class ActionRequest:
    """Ask for what one of a result's buttons stands for: `action` in the vendor's words, such as "upsample1"."""

    client_token: str
    parent_ref: str
    action: str
    callback_url: str | None = field(repr=False)


@dataclass(frozen=True)
class BlendRequest:
    """Ask for four images that mix two to five others."""

    client_token: str
    images: tuple[ImageFile, ...]
    shape: Shape
    speed: Speed
    callback_url: str | None = field(repr=False)


@dataclass(frozen=True)
class DescribeRequest:
    """Ask for four prompts that describe an image."""

    client_token: str
    image: ImageFile
    callback_url: str | None = field(repr=False)


@dataclass(frozen=True)
class RegionRequest:
    """Ask for an image to be redrawn where a mask of the same size is white, with another prompt or its own."""

    client_token: str
    parent_ref: str
    mask: ImageFile
    prompt: str | None
    callback_url: str | None = field(repr=False)


@dataclass(frozen=True)
class SeedRequest:
    """Ask for the seed of a job."""

    client_token: str
    parent_ref: str
    callback_url: str | None = field(repr=False)


@dataclass(frozen=True)
class ImageSnapshot:
    """Hold what one poll of an image job found; states, progress, cost, error and echo as in `Snapshot`.

    `grid` is the link to the whole result (four images in one, or the one image), `images` are the links to the
    single ones where the vendor gives them. `actions` are the buttons that may be clicked next, in the vendor's words;
    `texts` are a description's prompts.
    """

    state: RemoteState
    progress: int | None = None
    grid: str | None = None
    images: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    seed: str | None = None
    width: int | None = None
    height: int | None = None
    cost: str | None = None
    error: ProviderError | None = None
    echo: str | None = field(default=None, repr=False)


class ImageProvider(Protocol):
    """Make images. All calls raise `ProviderError` and nothing else; those that start a job as `Provider.submit`."""

    async def imagine(self, request: ImagineRequest) -> Submitted:
        """Start a job of four images."""
        ...

    async def run_action(self, request: ActionRequest) -> Submitted:
        """Start a job that a button of a result stands for."""
        ...

    async def blend(self, request: BlendRequest) -> Submitted:
        """Start a job that mixes images."""
        ...

    async def describe(self, request: DescribeRequest) -> Submitted:
        """Start a job that describes an image."""
        ...

    async def inpaint(self, request: RegionRequest) -> Submitted:
        """Start a job that redraws a part of an image."""
        ...

    async def seed(self, request: SeedRequest) -> Submitted:
        """Start a job that finds a seed."""
        ...

    async def poll(self, remote_id: str) -> ImageSnapshot:
        """Ask how an image job is doing: free, and may be repeated at will."""
        ...

    async def check_prompt(self, prompt: str) -> tuple[str, ...]:
        """Name the words of a prompt that would be refused, free of charge; empty when it is fine."""
        ...
