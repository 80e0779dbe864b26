"""What a refusal of TTAPI's image endpoints looks like."""

from __future__ import annotations

from sandbox.provider.model.job import Json
from tests.sandbox.provider.ttapi_images_client import TtapiImagesClient


def wrong(name: str) -> str:
    return f"'{name}' parameter error!"


def empty(name: str) -> str:
    return f'"{name}" cannot be empty.'


async def expect_refusal(images_client: TtapiImagesClient, endpoint: str, body: Json, message: str) -> None:
    before = images_client.fake_provider.submits
    status, answer = await images_client.post(endpoint, **body)
    assert (status, answer["status"], answer["message"]) == (400, "FAILED", message)
    assert answer["data"] == ({} if endpoint == "inpaint" else None)
    assert images_client.fake_provider.submits == before
