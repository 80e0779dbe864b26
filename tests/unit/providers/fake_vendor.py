"""A vendor at the other end of the wire, and what is asked of it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from bot.domain.params import Motion, Resolution
from bot.errors import ErrorKind, ProviderError
from bot.providers.base import Provider
from bot.providers.ttapi.videos import Ttapi
from bot.providers.types import ExtendRequest, Submitted, VideoRequest
from tests.unit.providers.ttapi_documents import JOB

Answer = Callable[[httpx.Request], httpx.Response]
KEY = "tt-key-0123456789"


class Vendor:
    """Stand at the other end of the wire: remember the requests, give the answers in turn (the last one for ever)."""

    def __init__(
        self, *answers: httpx.Response | Mapping[str, object] | Exception, make: Callable[..., Provider] = Ttapi
    ) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = list(answers)
        self.provider = make(KEY, "https://api.vendor.example", transport=httpx.MockTransport(self._answer))

    @property
    def body(self) -> Any:
        return json.loads(self.requests[-1].content)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def video(**changes: Any) -> VideoRequest:
    asked: dict[str, Any] = {
        "client_token": "token",
        "prompt": "a paper boat",
        "image_url": "https://cdn.example/boat.png",
        "end_url": None,
        "loop": False,
        "motion": Motion.HIGH,
        "resolution": Resolution.HD,
        "clips": 2,
        "speed": None,
        "callback_url": None,
    }
    return VideoRequest(**{**asked, **changes})


def extend(**changes: Any) -> ExtendRequest:
    asked: dict[str, Any] = {
        "client_token": "token",
        "parent_ref": "9fd71109-f508-4f0e-a26c-d776d6b38b58",
        "index": 0,
        "prompt": "a paper boat",
        "motion": Motion.LOW,
        "resolution": Resolution.SD,
        "clips": 4,
        "callback_url": None,
    }
    return ExtendRequest(**{**asked, **changes})


async def start(vendor: Vendor, request: VideoRequest | ExtendRequest) -> Submitted:
    if isinstance(request, VideoRequest):
        return await vendor.provider.submit(request)
    return await vendor.provider.extend(request)


async def submit_error(vendor: Vendor, request: VideoRequest | ExtendRequest | None = None) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await start(vendor, request or video())
    return caught.value


async def poll_error(vendor: Vendor, remote_id: str = JOB) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await vendor.provider.poll(remote_id)
    return caught.value


def said(error: ProviderError) -> tuple[ErrorKind, str]:
    return error.kind, error.accepted
