"""The host of a client of the provider: images that it may fetch, and an address for its callbacks."""

from __future__ import annotations

from typing import Any, Self

from aiohttp import web

Json = dict[str, Any]
KEY = "fake-key"


class Host:
    """Serves two images and some links that are none, and takes callbacks."""

    def __init__(self, image: bytes, ending: bytes) -> None:
        self.base_url = ""
        self.callbacks: list[Json] = []
        self.callback_answers: list[int] = []
        self._images = {"start": image, "end": ending}

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{name}.png", self._image)
        app.router.add_get("/page", self._page)
        app.router.add_post("/callback", self._callback)
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
    def callback_url(self) -> str:
        return f"{self.base_url}/callback"

    async def _image(self, request: web.Request) -> web.Response:
        image = self._images.get(request.match_info["name"])
        return web.Response(status=404) if image is None else web.Response(body=image, content_type="image/png")

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text="<html>", content_type="text/html")

    async def _callback(self, request: web.Request) -> web.Response:
        self.callbacks.append(await request.json())
        return web.Response(status=self.callback_answers.pop(0) if self.callback_answers else 200)
