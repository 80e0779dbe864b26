"""Serving finished clips and images, and every way in which a result link disappoints."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Literal

from aiohttp import web

from sandbox.provider.engine.engine import Engine
from sandbox.provider.engine.fault_actions import pause, refusal, reset
from sandbox.provider.engine.fault_queue import FaultQueues
from sandbox.provider.model.faults import (
    CutOff,
    Empty,
    Endless,
    Hang,
    Huge,
    NotAVideo,
    Redirect,
    ResetBefore,
    Slow,
    Status,
)
from sandbox.provider.model.job import Job
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.rendering.cached_clips import free_header

PIECE = 64 * 1024
DRIPS = 10
DAY = 24 * 60 * 60

WRITTEN: dict[Literal["plain", "spaces", "unicode"], str] = {
    "plain": "{link}",
    "spaces": " {link}?name=a paper boat ",
    "unicode": "{link}?name=纸船",
}
"""How links are written, by the setting."""


class Downloads:
    """The host that results lie on, open to everyone, with Range support.

    Clips are at ``/cdn/{result id}/{number}.mp4``, images at ``/pics/{result id}/{name}.png`` and, as if on
    Discord's own host, at ``/attachments/{result id}/{name}.png``.
    """

    def __init__(self, engine: Engine, settings: ProviderSettings, faults: FaultQueues, closing: asyncio.Event) -> None:
        self.base_url = ""
        self._engine = engine
        self._settings = settings
        self._faults = faults
        self._closing = closing

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(r"/cdn/{result}/{number:\d}.mp4", self._download),
            web.get(r"/{host:pics|attachments}/{result}/{name:\w+}.png", self._show),
        ]

    def clip_links(self, job: Job) -> list[str]:
        """Return the addresses of a job's clips."""
        return [self.written(f"/cdn/{job.result_id}/{number}.mp4") for number in range(len(job.clips))]

    def image_link(self, job: Job, name: str) -> str | None:
        """Return the address of one of a job's images; None when there is no such image."""
        if job.image_result is None or name not in job.image_result.files:
            return None
        return self.written(f"/pics/{job.result_id}/{name}.png")

    def written(self, path: str) -> str:
        """Write the link to a result as the settings say."""
        return WRITTEN[self._settings.links].format(link=f"{self.base_url}{path}")

    def discord_link(self, job: Job, name: str) -> str | None:
        """Return the address of the same image on Discord's host, signed for 24 hours as links there are."""
        if job.image_result is None or name not in job.image_result.files:
            return None
        made = int(job.created_at)
        signature = hashlib.sha256(job.result_id.encode()).hexdigest()
        query = f"ex={made + DAY:x}&is={made:x}&hm={signature}&"
        return f"{self.base_url}/attachments/{job.result_id}/{name}.png?{query}"

    async def _download(self, request: web.Request) -> web.StreamResponse:
        result, number = request.match_info["result"], int(request.match_info["number"])
        return await self.serve(request, self._job_of(result), number)

    async def _show(self, request: web.Request) -> web.StreamResponse:
        job, name = self._job_of(request.match_info["result"]), request.match_info["name"]
        path = None if job is None or job.image_result is None else job.image_result.files.get(name)
        return await self._serve_file(request, path, "image/png")

    def _job_of(self, result: str) -> Job | None:
        return next((job for job in self._engine.jobs.values() if job.result_id == result), None)

    async def serve(self, request: web.Request, job: Job | None, number: int) -> web.StreamResponse:
        """Answer with one clip of a job, or as the next download's fault says."""
        path = None if job is None or number >= len(job.clips) else job.clips[number]
        return await self._serve_file(request, path, "video/mp4")

    async def _serve_file(self, request: web.Request, path: Path | None, kind: str) -> web.StreamResponse:
        fault = self._faults.take_download()
        if path is None:
            return _gone(404, "")
        agent = request.headers.get("User-Agent", "")
        if self._settings.cdn_agents == "browsers" and not agent.startswith("Mozilla/"):
            return _gone(403, "")
        match fault:
            case None:
                return web.FileResponse(path)
            case Status():
                return refusal(fault, _gone)
            case ResetBefore():
                return reset(request)
            case Hang():
                await self._closing.wait()
                return reset(request)
            case NotAVideo():
                return web.Response(body=b"<html>this is no video</html>", content_type=kind)
            case Empty():
                return web.Response(content_type=kind)
            case Redirect():
                return web.Response(status=fault.code, headers={"Location": fault.url})
            case Slow() | CutOff() | Endless() | Huge():
                return await self._pour(request, await asyncio.to_thread(path.read_bytes), kind, fault)

    async def _pour(
        self, request: web.Request, clip: bytes, kind: str, fault: Slow | CutOff | Endless | Huge
    ) -> web.StreamResponse:
        answer = web.StreamResponse()
        answer.content_type = kind
        if isinstance(fault, Huge):
            answer.content_length = max(fault.size, len(clip) + 8)
        elif not isinstance(fault, Endless):
            answer.content_length = len(clip)
        await answer.prepare(request)
        match fault:
            case Slow():
                size = -(-len(clip) // DRIPS)
                for start in range(0, len(clip), size):
                    await pause(fault.seconds / DRIPS, self._closing)
                    await answer.write(clip[start : start + size])
            case CutOff():
                await answer.write(clip[: len(clip) // 2])
                return reset(request)
            case Endless():
                await answer.write(clip)
                while not self._closing.is_set():
                    await answer.write(bytes(PIECE))
                return reset(request)
            case Huge():
                await answer.write(clip)
                await self._pad(answer, (answer.content_length or 0) - len(clip))
        await answer.write_eof()
        return answer

    async def _pad(self, answer: web.StreamResponse, size: int) -> None:
        left = size - 8
        await answer.write(free_header(left))
        while left and not self._closing.is_set():
            await answer.write(bytes(min(PIECE, left)))
            left -= min(PIECE, left)


def _gone(status: int, message: str) -> web.Response:
    return web.Response(status=status, text=message or "gone")
