"""Answer with a clip: from our disk, by a redirect to the bucket, or passed on from there (RFC 9110, section 14)."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from aiohttp import web

from bot.media.store import RemoteFile, ServedFile, SignedLink

log = logging.getLogger(__name__)

CLIP_HEADERS = {
    "Content-Type": "video/mp4",
    "Cache-Control": "private, max-age=3600",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

_REDIRECT_HEADERS = {
    "Cache-Control": "no-store",  # the address works for an hour only
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


async def clip_response(request: web.Request, found: ServedFile) -> web.StreamResponse:
    """Answer with a clip, or the part of it that was asked for; what is passed on is sent when this returns."""
    if isinstance(found, Path):
        return web.FileResponse(found, headers=CLIP_HEADERS)
    if isinstance(found, SignedLink):
        return web.Response(status=302, headers={"Location": found.address, **_REDIRECT_HEADERS})
    return await _passed_on(request, found)


async def _passed_on(request: web.Request, file: RemoteFile) -> web.StreamResponse:
    headers = {**CLIP_HEADERS, "Accept-Ranges": "bytes", "ETag": file.version}
    if file.version and file.version in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    asked = _asked(request, file)
    part = range(file.size)[asked or slice(None)]
    if asked is not None and not part:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    response = web.StreamResponse(status=206 if asked else 200, headers=headers)
    if asked is not None:
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
    response.content_length = len(part)
    if request.method != "HEAD":
        await _send(request, response, file.read(part.start, part.stop))
    return response


async def _send(request: web.Request, response: web.StreamResponse, reading: AsyncGenerator[bytes]) -> None:
    """Send a body; trouble with the bucket is raised only where nothing of the answer is sent yet."""
    async with aclosing(reading) as pieces:
        piece = await anext(pieces, b"")
        await response.prepare(request)
        while piece:
            await response.write(piece)
            try:
                piece = await anext(pieces, b"")
            except OSError as error:
                log.warning("a film could not be passed on to its end: %s", error)
                if request.transport is not None:
                    request.transport.abort()  # whoever watches is to see that it is not whole
                return
        await response.write_eof()


def _asked(request: web.Request, file: RemoteFile) -> slice | None:
    """Tell which bytes are asked for; None for all, and where the part cannot be read or is of another version."""
    try:
        asked = request.http_range
    except ValueError:
        return None
    another = request.headers.get("If-Range", file.version) != file.version
    return None if asked.start is None or another else asked
