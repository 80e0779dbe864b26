"""The page's own files, read anew when they changed: a page of a hundred small modules waits for each of them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
"""What there is; not `mimetypes`, which reads the machine's own tables."""

KEPT = "max-age=31536000, immutable"
"""What is said to browsers of a file whose address changes with it: they need not ask for it again."""

_VERSION = re.compile("(v[0-9a-f]{16})/")


@dataclass(frozen=True)
class _CachedFile:
    """A file as it was when it had this time and size."""

    stamp: tuple[int, int]
    data: bytes


class StaticFiles:
    """Serve the files of one folder, from memory while they stay as they are.

    aiohttp's own static files take some thread hops each, which is most of the time that a first load takes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._cache: dict[Path, _CachedFile] = {}
        self._version = ""

    async def serve(self, request: web.Request) -> web.Response:
        """Answer with the file that the path names, 404 where there is none."""
        path = request.match_info["path"]
        version = _VERSION.match(path)
        answer = self.answer(path[version.end() :] if version else path)
        if version and version[1] == self._version:
            answer.headers["Cache-Control"] = KEPT
        return answer

    def answer(self, name: str) -> web.Response:
        """Answer with a file by its name within the folder. Raises HTTPNotFound."""
        try:
            path = (self._folder / name).resolve()
            kind = TYPES[path.suffix]
            path.relative_to(self._folder)
            return web.Response(body=self._bytes(path), content_type=kind, charset="utf-8")
        except (OSError, ValueError, KeyError):
            raise web.HTTPNotFound from None

    def page(self, name: str, modules: str) -> web.Response:
        """Answer with an HTML page that has all scripts in the folder `modules` fetched at once.

        A browser learns what a module imports only when it has it: file by file they would come in a long chain. What
        the page loads stands below an address that changes with any of the files, so that it is loaded once.
        """
        answer = self.answer(name)
        html = answer.body if isinstance(answer.body, bytes) else b""
        paths = sorted(path.relative_to(self._folder).as_posix() for path in (self._folder / modules).rglob("*.js"))
        links = "".join(f'<link rel="modulepreload" href="/static/{path}" />\n    ' for path in paths)
        html = html.replace(b"<script ", links.encode() + b"<script ", 1)
        self._version = self._version_now()
        answer.body = html.replace(b'"/static/', f'"/static/{self._version}/'.encode())
        return answer

    def _version_now(self) -> str:
        stamps = sorted((path.as_posix(), _stamp(path)) for path in self._folder.rglob("*") if path.is_file())
        return "v" + hashlib.sha256(repr(stamps).encode()).hexdigest()[:16]

    def _bytes(self, path: Path) -> bytes:
        stamp = _stamp(path)
        known = self._cache.get(path)
        if known is None or known.stamp != stamp:
            known = self._cache[path] = _CachedFile(stamp, path.read_bytes())
        return known.data


def _stamp(path: Path) -> tuple[int, int]:
    now = path.stat()
    return now.st_mtime_ns, now.st_size
