"""What is asked of a provider that makes pictures."""

from typing import Any

import pytest

from bot.domain.params import Speed
from bot.errors import ProviderError
from bot.providers.images import (
    ActionRequest,
    BlendRequest,
    DescribeRequest,
    ImageFile,
    ImageProvider,
    ImageSnapshot,
    ImagineRequest,
    RegionRequest,
    SeedRequest,
    Shape,
)
from bot.providers.types import Submitted
from tests.unit.providers.fake_vendor import Vendor

PictureRequest = ImagineRequest | ActionRequest | BlendRequest | DescribeRequest | RegionRequest | SeedRequest

PARENT = "afa774a3-1aee-5aba-4510-14818d6875e4"
BOAT = ImageFile("image/png", b"\xc7\x1c\x75")
MOON = ImageFile("image/jpeg", b"\xc7\x1c\x76")


ASKED: dict[str, Any] = {"client_token": "token", "callback_url": None}
ABOUT: dict[str, Any] = {**ASKED, "parent_ref": PARENT}


def imagine(**changes: Any) -> ImagineRequest:
    asked: dict[str, Any] = {"prompt": "a cute cat --ar 1:1", "speed": Speed.FAST, "translate": False}
    return ImagineRequest(**{**ASKED, **asked, **changes})


def act(action: str = "upsample1", **changes: Any) -> ActionRequest:
    return ActionRequest(**{**ABOUT, "action": action, **changes})


def blend(**changes: Any) -> BlendRequest:
    asked: dict[str, Any] = {"images": (BOAT, MOON), "shape": Shape.SQUARE, "speed": Speed.FAST}
    return BlendRequest(**{**ASKED, **asked, **changes})


def describe(**changes: Any) -> DescribeRequest:
    asked: dict[str, Any] = {"image": BOAT}
    return DescribeRequest(**{**ASKED, **asked, **changes})


def region(**changes: Any) -> RegionRequest:
    asked: dict[str, Any] = {"mask": BOAT, "prompt": "white background"}
    return RegionRequest(**{**ABOUT, **asked, **changes})


def seed(**changes: Any) -> SeedRequest:
    return SeedRequest(**{**ABOUT, **changes})


def everything(**changes: Any) -> list[PictureRequest]:
    """Ask for one of each kind."""
    return [make(**changes) for make in (imagine, act, blend, describe, region, seed)]


def maker(vendor: Vendor) -> ImageProvider:
    found = vendor.provider.images
    assert found is not None
    return found


async def begin(vendor: Vendor, request: PictureRequest) -> Submitted:
    pictures = maker(vendor)
    match request:
        case ImagineRequest():
            return await pictures.imagine(request)
        case ActionRequest():
            return await pictures.run_action(request)
        case BlendRequest():
            return await pictures.blend(request)
        case DescribeRequest():
            return await pictures.describe(request)
        case RegionRequest():
            return await pictures.inpaint(request)
        case SeedRequest():
            return await pictures.seed(request)


async def begin_error(vendor: Vendor, request: PictureRequest) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await begin(vendor, request)
    return caught.value


async def look(vendor: Vendor, remote_id: str) -> ImageSnapshot:
    return await maker(vendor).poll(remote_id)


async def look_error(vendor: Vendor, remote_id: str) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await look(vendor, remote_id)
    return caught.value
