"""The page's server: it answers its own page, on this machine, and nobody else."""

from __future__ import annotations

import asyncio
import re
import socket
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.harness import Sandbox, free_port
from sandbox.web import Page
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import GuildSetup
from sandbox.web.static_files import StaticFiles
from tests.sandbox.web.page_client import open_client

STATIC = Path(__file__).parents[3] / "sandbox" / "web" / "static"


async def get(url: str, method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
    async with aiohttp.ClientSession() as browser, browser.request(method, url, headers=headers) as answer:
        return answer.status, await answer.text(), dict(answer.headers)


async def raw(page: Page, request: str) -> str:
    """Send bytes that no client library would send."""
    with socket.socket() as line:
        line.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(line, ("127.0.0.1", page.port))
        await loop.sock_sendall(line, request.encode())
        return (await loop.sock_recv(line, 65536)).decode()


async def test_the_page_and_its_files_are_served_as_they_are_now(page: Page) -> None:
    status, text, headers = await get(page.url)
    assert status == 200
    text = re.sub('"/static/v[0-9a-f]{16}/', '"/static/', text)
    preloads = re.findall(r'<link rel="modulepreload" href="/static/([^"]+)" />\n +', text)
    assert preloads == sorted(path.relative_to(STATIC).as_posix() for path in (STATIC / "js").rglob("*.js"))
    assert re.sub(r'<link rel="modulepreload"[^>]+>\n +', "", text) == (STATIC / "index.html").read_text()
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    status, text, headers = await get(f"{page.url}static/js/core/dom.js")
    assert (status, text) == (200, (STATIC / "js" / "core" / "dom.js").read_text())
    assert "javascript" in headers["Content-Type"]
    assert headers["Cache-Control"] == "no-cache"


async def test_a_browser_keeps_what_the_page_loads_until_a_file_changes(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<script src="/static/main.js"></script>')
    script = tmp_path / "main.js"
    script.write_text("export {};")
    files = StaticFiles(tmp_path)

    async def index(request: web.Request) -> web.Response:
        return files.page("index.html", "js")

    app = web.Application()
    app.router.add_get("/", index)
    app.router.add_get("/static/{path:.+}", files.serve)
    async with TestServer(app) as server:

        async def load() -> tuple[str, str, str]:
            _, html, _ = await get(str(server.make_url("/")))
            (address,) = re.findall('src="([^"]+)"', html)
            _, text, headers = await get(str(server.make_url(address)))
            return address, text, headers.get("Cache-Control", "")

        address, text, kept = await load()
        assert (await load(), text, kept) == ((address, text, kept), "export {};", "max-age=31536000, immutable")
        script.write_text("export { changed };")
        again, text, _ = await load()
        assert again != address
        assert text == "export { changed };"
        # Who still has the page of before gets what there is, and asks for it again the next time.
        status, _, headers = await get(str(server.make_url(address)))
        assert (status, "Cache-Control" in headers) == (200, False)


async def test_the_browser_may_load_and_run_the_pages_own_things_alone(page: Page, sandbox: Sandbox) -> None:
    _, _, headers = await get(page.url)
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    own, discord, fake_provider = (
        page.url.removeprefix("http://").rstrip("/"),
        sandbox.discord.base_url,
        sandbox.provider.base_url,
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' blob: {discord} {'/'.join(fake_provider.split('/')[:3])}",
        "media-src": f"'self' blob: {discord} {'/'.join(fake_provider.split('/')[:3])}",
        "connect-src": f"'self' ws://{own}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize(
    "path",
    [
        "static/../server.py",
        "static/%2e%2e/server.py",
        "static/..%2fserver.py",
        "static//etc/passwd",
        "static/js/../../server.py",
        "static/%00",
        "static/",
        "static/js",
        "server.py",
        "socket.py",
    ],
)
async def test_nothing_but_the_static_files_is_served(page: Page, path: str) -> None:
    answer = await raw(page, f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\nConnection: close\r\n\r\n")
    assert answer.split(" ")[1] in ("403", "404")
    assert "import" not in answer


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""]
)
async def test_another_name_for_this_address_is_refused(page: Page, host: str) -> None:
    named = host.format(port=page.port)
    answer = await raw(page, f"GET / HTTP/1.1\r\nHost: {named}\r\nConnection: close\r\n\r\n")
    assert answer.split(" ")[1] in ("400", "403")
    assert "<html" not in answer


async def test_localhost_is_a_name_of_its_own(page: Page) -> None:
    status, _, headers = await get(page.url, Host=f"localhost:{page.port}")
    assert status == 200
    assert f"ws://localhost:{page.port}" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["socket", "files?name=a&user=mira&channel=1"])
@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://localhost:1", "https://127.0.0.1:{port}"]
)
async def test_other_sites_pages_can_do_nothing_here(page: Page, path: str, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin.format(port=page.port)}
    method = "POST" if path.startswith("files") else "GET"
    handshake = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    status, _, _ = await get(page.url + path, method, **headers, **(handshake if method == "GET" else {}))
    assert status == 403


async def test_another_site_cannot_even_read_the_page(page: Page) -> None:
    assert (await get(page.url, Origin="http://evil.example"))[0] == 403
    assert (await get(page.url, Origin=page.url.rstrip("/")))[0] == 200


async def test_a_socket_that_is_none_is_refused(page: Page) -> None:
    status, _, _ = await get(f"{page.url}socket", Origin=page.url.rstrip("/"))
    assert status == 400


async def test_the_next_free_port_is_taken_unless_one_is_named(sandbox: Sandbox, guild_setup: GuildSetup) -> None:
    port = free_port()
    async with BotSupervisor(sandbox) as supervisor, Page(sandbox, supervisor) as one, Page(sandbox, supervisor) as two:
        assert 8090 <= one.port < two.port
        async with Page(sandbox, supervisor, port=port) as named:
            assert named.url == f"http://127.0.0.1:{port}/"
            with pytest.raises(OSError, match="address already in use"):
                await Page(sandbox, supervisor, port=port).__aenter__()
        async with open_client(one, "mira") as client, open_client(two, "leo") as other:
            await client.does("send_message", content="hello")
            await other.until(lambda said: said["op"] == "message_shown")


async def test_open_tabs_do_not_keep_the_page_from_ending(sandbox: Sandbox, guild_setup: GuildSetup) -> None:
    async with BotSupervisor(sandbox) as supervisor:
        async with Page(sandbox, supervisor, port=0) as page, open_client(page, "mira") as client:
            await client.does("watch", drawer=True)
            await page.__aexit__(None, None, None)
            await client.reading
        assert sandbox.discord.observers == []
