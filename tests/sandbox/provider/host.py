"""What a client of the provider brings along: pictures on its own host, an address for callbacks and an HTTP client."""

from __future__ import annotations

import io
from typing import Any, Self, cast

import aiohttp
from aiohttp import web
from PIL import Image, ImageChops, ImageStat

from sandbox.provider import FakeProvider, Job
from sandbox.provider.rendering.codec import open_media

Json = dict[str, Any]
KEY = "studio-key"
RENDER_SECONDS = 120.0
"""How long a job may take to be over: real films are rendered, and a busy machine takes its time."""


class Host:
    """Serves two pictures and some links that are none, and takes callbacks."""

    def __init__(self, picture: bytes, ending: bytes) -> None:
        self.base_url = ""
        self.hooks: list[Json] = []
        self.hook_answers: list[int] = []
        self._pictures = {"start": picture, "end": ending}

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{name}.png", self._picture)
        app.router.add_get("/page", self._page)
        app.router.add_post("/hook", self._hook)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def start(self) -> str:
        return f"{self.base_url}/start.png"

    @property
    def end(self) -> str:
        return f"{self.base_url}/end.png"

    @property
    def hook(self) -> str:
        return f"{self.base_url}/hook"

    async def _picture(self, request: web.Request) -> web.Response:
        picture = self._pictures.get(request.match_info["name"])
        return web.Response(status=404) if picture is None else web.Response(body=picture, content_type="image/png")

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text="<html>", content_type="text/html")

    async def _hook(self, request: web.Request) -> web.Response:
        self.hooks.append(await request.json())
        return web.Response(status=self.hook_answers.pop(0) if self.hook_answers else 200)


class Client:
    """Speaks TTAPI to a fake provider; each call returns the HTTP status and the JSON body."""

    def __init__(self, fake_provider: FakeProvider, host: Host, session: aiohttp.ClientSession) -> None:
        self.fake_provider = fake_provider
        self.host = host
        self.session = session

    async def submit(self, **fields: object) -> tuple[int, Json]:
        return await self.post("/midjourney/video/submit", {"prompt": "a boat", "imageUrl": self.host.start} | fields)

    async def extend(self, job: Job, **fields: object) -> tuple[int, Json]:
        return await self.post("/midjourney/video/extend", {"jobId": job.id, "index": 0} | fields)

    async def fetch(self, job: Job) -> tuple[int, Json]:
        return await self.get("/midjourney/video/fetch", jobId=job.id)

    async def post(self, path: str, body: object) -> tuple[int, Json]:
        async with self.session.post(path, json=body) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, **query: str) -> tuple[int, Json]:
        async with self.session.get(path, params=query) as answer:
            return answer.status, await answer.json()

    async def accepted(self, **fields: object) -> Job:
        """Submit and return the provider's job."""
        return self._job(await self.submit(**fields))

    async def extended(self, job: Job, **fields: object) -> Job:
        return self._job(await self.extend(job, **fields))

    async def finished(self, **fields: object) -> Job:
        """Submit and return the job when it is over."""
        job = await self.accepted(**fields)
        await self.over(job)
        return job

    async def over(self, job: Job) -> None:
        self.fake_provider.finish(job.id)
        await self.fake_provider.until(lambda _: job.state.over, RENDER_SECONDS)

    def _job(self, answer: tuple[int, Json]) -> Job:
        status, body = answer
        assert status == 200, body
        return self.fake_provider.jobs[body["data"]["jobId"]]


def frames_of(clip: bytes, *numbers: int) -> list[Image.Image]:
    """Return some frames of a clip, counted from 0."""
    with open_media(io.BytesIO(clip)) as container:
        return [
            cast("Image.Image", frame.to_image())
            for number, frame in enumerate(container.decode(video=0))
            if number in numbers
        ]


def difference(first: Image.Image, second: Image.Image) -> float:
    """Return the mean difference of two pictures' pixels, 0 to 255."""
    bands = ImageStat.Stat(ImageChops.difference(first, second)).mean
    return sum(bands) / len(bands)
