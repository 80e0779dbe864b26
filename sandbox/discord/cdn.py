"""The CDN: files under signed links, whole or in parts, and never as a page of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.discord.files import FileStore, StoredFile

SHOWN = ("image/", "video/", "audio/", "text/plain")
"""What browsers show in place; all else is saved, as are SVG images, which can hold scripts."""

HEADERS = {
    "Accept-Ranges": "bytes",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


FOLDERS = "/{folder:attachments|ephemeral-attachments}/{path:.*}"


def make_handler(files: FileStore) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler that answers requests for these files."""

    async def handle(request: web.Request) -> web.Response:
        return _serve(files, request)

    return handle


def _serve(files: FileStore, request: web.Request) -> web.Response:
    file = files.open(request.path, request.query_string)
    if file is None:
        return web.Response(status=404, text="This content is no longer available.")
    headers = {**HEADERS, "Content-Type": file.content_type or "application/octet-stream"}
    if not _is_shown(file):
        headers["Content-Disposition"] = f'attachment; filename="{file.filename}"'
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _part(request, file.data, headers)


def _is_shown(file: StoredFile) -> bool:
    kind = (file.content_type or "").lower()
    return kind.startswith(SHOWN) and "svg" not in kind


def _part(request: web.Request, data: bytes, headers: dict[str, str]) -> web.Response:
    """Answer with the range that was asked for (RFC 9110, 14), or with everything where none was or several."""
    asked = request.headers.get("Range", "")
    if not asked.startswith("bytes=") or "," in asked:
        return web.Response(body=data, headers=headers)
    try:
        wanted = request.http_range
    except ValueError:
        return web.Response(body=data, headers=headers)  # one that cannot be read is ignored
    start, stop, _ = wanted.indices(len(data))
    if start >= stop:
        return web.Response(status=416, headers={**headers, "Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return web.Response(status=206, body=data[start:stop], headers=headers)
