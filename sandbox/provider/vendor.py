"""What is particular to a vendor that the fake provider speaks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from sandbox.provider.engine.endpoint_context import EndpointContext
from sandbox.provider.model.faults import SubmitFault


class Endpoints(Protocol):
    """Answer some of a vendor's paths."""

    def routes(self) -> list[web.RouteDef]:
        """Name the paths and who answers them."""
        ...


@dataclass(frozen=True)
class Vendor:
    """Hold a vendor's protocol, its own ways to say no, and what its cards look like in the demo.

    `name` is its name in the bot's settings, `title` what people read. `rows` are the motions for which its cards have
    a row of extend buttons, as the buttons name them; `lacks` says in one line why something that others have does not
    happen; `images` says whether it makes images too, `single_clips` whether it makes one clip where one is wanted,
    `calls_back` whether it calls back when a job ends, and lists its jobs.
    """

    name: str
    title: str
    endpoints: tuple[Callable[[EndpointContext], Endpoints], ...]
    refusal: SubmitFault
    empty_account: SubmitFault
    banned_prompt: SubmitFault
    rows: tuple[str, ...]
    lacks: str = ""
    images: bool = False
    single_clips: bool = False
    calls_back: bool = False
