"""The page's own files and a clip, under a name that only a browser of the tests knows."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from sandbox.web.static_files import KEPT, StaticFiles

PROJECT = Path(__file__).parents[2]
STATIC = PROJECT / "sandbox" / "web" / "static"
CLIP = PROJECT / "bot" / "doctor" / "clip.mp4"

HOST = "page.test"
HOME = f"http://{HOST}"


@asynccontextmanager
async def served_files() -> AsyncGenerator[str]:
    """Serve them until the block ends; gives what a browser is told, so that it finds them."""
    files = StaticFiles(STATIC)

    async def serve(request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if path.endswith(".mp4"):
            return web.FileResponse(CLIP)
        if not path:
            return files.answer("index.html")
        return files.answer(path.removeprefix("static/"))

    async def let_keep(request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Cache-Control"] = KEPT

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    app.on_response_prepare.append(let_keep)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
