"""Serving finished clips, and every way in which a result link disappoints."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.sandbox.studio.engine import Engine
from bot.sandbox.studio.faults import (
    CutOff,
    Endless,
    Hang,
    Huge,
    NotAVideo,
    Redirect,
    ResetBefore,
    Slow,
    Status,
)
from bot.sandbox.studio.job import Job
from bot.sandbox.studio.misbehave import pause, refusal, reset
from bot.sandbox.studio.readymade import free_header
from bot.sandbox.studio.script import Script

PIECE = 64 * 1024
DRIPS = 10


class Cdn:
    """The host that results lie on: ``/cdn/{result id}/{number}.mp4``, open to everyone, with Range support."""

    def __init__(self, engine: Engine, script: Script, closing: asyncio.Event) -> None:
        self.base_url = ""
        self._engine = engine
        self._script = script
        self._closing = closing

    def routes(self) -> list[web.RouteDef]:
        return [web.get(r"/cdn/{result}/{number:\d}.mp4", self._download)]

    def links(self, job: Job) -> list[str]:
        """Return the addresses of a job's clips."""
        return [f"{self.base_url}/cdn/{job.result_id}/{number}.mp4" for number in range(len(job.clips))]

    async def _download(self, request: web.Request) -> web.StreamResponse:
        result, number = request.match_info["result"], int(request.match_info["number"])
        job = next((job for job in self._engine.jobs.values() if job.result_id == result), None)
        return await self.serve(request, job, number)

    async def serve(self, request: web.Request, job: Job | None, number: int) -> web.StreamResponse:
        """Answer with one clip of a job, or as the next download's fault says."""
        fault = self._script.take_download()
        if job is None or number >= len(job.clips):
            return _gone(404, "")
        match fault:
            case None:
                return web.FileResponse(job.clips[number])
            case Status():
                return refusal(fault, _gone)
            case ResetBefore():
                return reset(request)
            case Hang():
                await self._closing.wait()
                return reset(request)
            case NotAVideo():
                return web.Response(body=b"<html>this is no video</html>", content_type="video/mp4")
            case Redirect():
                return web.Response(status=fault.code, headers={"Location": fault.url})
            case Slow() | CutOff() | Endless() | Huge():
                return await self._pour(request, job.clip_bytes(number), fault)

    async def _pour(
        self, request: web.Request, clip: bytes, fault: Slow | CutOff | Endless | Huge
    ) -> web.StreamResponse:
        answer = web.StreamResponse()
        answer.content_type = "video/mp4"
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
