"""A client of TTAPI's image endpoints, and images to send to them."""

from __future__ import annotations

import base64
import io
from typing import Any

import aiohttp
from PIL import Image, ImageDraw

from sandbox.provider import FakeProvider, Job
from tests.sandbox.provider.client_host import Host

Json = dict[str, Any]


class TtapiImagesClient:
    """Speaks to a fake provider; each call returns the HTTP status and the JSON body."""

    def __init__(self, fake_provider: FakeProvider, host: Host, session: aiohttp.ClientSession) -> None:
        self.fake_provider = fake_provider
        self.host = host
        self.session = session

    async def post(self, name: str, **body: object) -> tuple[int, Json]:
        async with self.session.post(f"/midjourney/v1/{name}", json=body) as answer:
            return answer.status, await answer.json()

    async def fetch(self, job: Job) -> Json:
        status, body = await self.post("fetch", jobId=job.id)
        assert status == 200, body
        return body

    async def accepted(self, name: str, **body: object) -> Job:
        status, answer = await self.post(name, **body)
        assert status == 200, answer
        return self.fake_provider.jobs[answer["data"]["jobId"]]

    async def finished(self, name: str, **body: object) -> Job:
        """Order and return the job when it is over."""
        job = await self.accepted(name, **body)
        self.fake_provider.finish(job.id)
        await self.fake_provider.until(lambda _: job.state.over)
        return job

    async def acted(self, job: Job, *actions: str, **body: object) -> Job:
        """Press one button after the other, each under the result of the one before."""
        for action in actions:
            job = await self.finished("action", jobId=job.id, action=action, **body)
        return job

    async def components(self, job: Job) -> list[str]:
        return (await self.fetch(job))["data"]["components"]

    async def image(self, job: Job) -> Image.Image:
        """Download a finished job's image."""
        return await self.download((await self.fetch(job))["data"]["cdnImage"])

    async def download(self, link: str) -> Image.Image:
        async with self.session.get(link) as answer:
            assert (answer.status, answer.content_type) == (200, "image/png")
            with Image.open(io.BytesIO(await answer.read())) as image:
                assert image.format == "PNG"
                return image.convert("RGB")


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def bare(image: Image.Image) -> str:
    """Return an image in base64 and nothing before it."""
    return base64.b64encode(png(image)).decode()


def uri(image: Image.Image) -> str:
    return f"data:image/png;base64,{bare(image)}"


def plain(colour: str, size: tuple[int, int] = (60, 40)) -> Image.Image:
    return Image.new("RGB", size, colour)


def mask_of(size: tuple[int, int], white: tuple[int, int, int, int]) -> Image.Image:
    """Return a black image with a white box."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rectangle(white, fill=255)
    return mask
