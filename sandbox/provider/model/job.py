"""A job as every vendor sees it: what was ordered, where it stands and what it cost."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from sandbox.provider.model.faults import JobFault

Json = dict[str, Any]

QUOTA = {("sd", 1): 8, ("sd", 2): 15, ("sd", 4): 30, ("hd", 1): 24, ("hd", 2): 48, ("hd", 4): 96}
"""What a job costs in the vendor's unit (100 make one US dollar).

Four SD clips are the documented sample of TTAPI's video page; HD is 3.2 times SD, as in Midjourney's own GPU minutes;
fewer clips cost in proportion, rounded up.
"""


class State(StrEnum):
    """The life of a job: queued, running, then done or failed."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self in (State.DONE, State.FAILED)


@dataclass(frozen=True)
class Options:
    """The options of all vendors together, in one spelling; a vendor that lacks one leaves its default."""

    motion: Literal["low", "high"] = "low"
    resolution: Literal["sd", "hd"] = "sd"
    clips: Literal[1, 2, 4] = 4
    animate: Literal["auto", "manual"] = "manual"
    speed: Literal["fast", "turbo"] = "fast"
    loop: bool = False


@dataclass(frozen=True)
class Order:
    """What a client asked for, checked and free of wire format.

    ``sent_fields`` names the options that the client sent itself. ``overridden_by_prompt`` holds the ``--flags`` of the
    prompt: in the /mj family they win over the fields (midjourney-proxy, TaskService.SubmitVideo). ``image`` is the
    start image itself, where the client sent it or the vendor has it already.
    ``video_type`` is the kind of video as the vendor bills it (APIMart's ``video_type``).
    ``callback_tries`` bounds the attempts to deliver a callback: TTAPI makes three and takes 200 for delivered (its
    author's articles of 2024). ``timeout`` bounds how long the job may run, in seconds.
    """

    action: str
    prompt: str
    options: Options
    sent_fields: frozenset[str] = frozenset()
    image_url: str | None = None
    image: bytes | None = field(default=None, repr=False)
    end_url: str | None = None
    parent: Job | None = None
    index: int | None = None
    video_type: str | None = None
    callback_url: str | None = None
    callback_tries: int = 3
    timeout: int | None = None
    overridden_by_prompt: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def price(self) -> int:
        return QUOTA[self.options.resolution, self.options.clips]


@dataclass(eq=False)
class Job:
    """One accepted order and its life so far; ``progress`` is 0..99 while it runs, 100 when it is done.

    Times are seconds since 1970.
    """

    number: int
    order: Order
    describe: Callable[[Job], Json]
    fault: JobFault | None = None
    vendor: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    result_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: State = State.QUEUED
    created_at: float = field(default_factory=time.time)
    started_at: float | None = None
    finished_at: float | None = None
    progress: int | None = None
    message: str = ""
    quota: int = 0
    clips: list[Path] = field(default_factory=list[Path])
    image_result: ImageResult | None = field(default=None, repr=False)
    image_path: Path | None = field(default=None, repr=False)
    end_image_path: Path | None = field(default=None, repr=False)
    image_sha256: str | None = None
    end_image_sha256: str | None = None
    finish_early: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def action(self) -> str:
        return self.order.action

    @property
    def prompt(self) -> str:
        return self.order.prompt

    @property
    def options(self) -> Options:
        return self.order.options

    @property
    def parent(self) -> Job | None:
        return self.order.parent

    @property
    def index(self) -> int | None:
        return self.order.index

    @property
    def callback_url(self) -> str | None:
        return self.order.callback_url

    @property
    def overridden_by_prompt(self) -> dict[str, str]:
        return self.order.overridden_by_prompt

    @property
    def price(self) -> int:
        return self.order.price

    @property
    def image(self) -> bytes | None:
        """Return the image that the job starts from, once it has been fetched."""
        return None if self.image_path is None else self.image_path.read_bytes()

    @property
    def end_image(self) -> bytes | None:
        """Return the image that the job's clips end on, once it has been fetched."""
        return None if self.end_image_path is None else self.end_image_path.read_bytes()

    @property
    def lineage(self) -> Iterator[Job]:
        """Go through the job, the one that it builds upon, and so on to the first."""
        job: Job | None = self
        while job is not None:
            yield job
            job = job.parent

    @property
    def first(self) -> Job:
        """Return the job that the lineage began with."""
        *_, first = self.lineage
        return first

    def clip_bytes(self, number: int) -> bytes:
        """Return the MP4 of one clip, counted from 0."""
        return self.clips[number].read_bytes()


@dataclass(frozen=True)
class ImageResult:
    """What an image job came to.

    ``files`` are the images to show, by name: ``image``, its unfinished ``preview``, and ``0`` to ``3`` one by one.
    ``tiles`` are the same images whole, for further work: a grid shows them at half their size. ``size`` is the shown
    image's in pixels.
    """

    grid: bool = False
    size: tuple[int, int] | None = None
    tiles: tuple[Path, ...] = ()
    files: dict[str, Path] = field(default_factory=dict[str, Path])
    prompts: tuple[str, ...] = ()
    seed: int | None = None
