"""No download ever reaches an address that is not public, however the link is written."""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.errors import BadImage, ImageProblem, ResultError
from bot.media import Downloader
from bot.media.ssrf import ForbiddenAddressError, SocketAddress, guarded_connector, is_public
from tests.support.file_hosts import clip_into, host
from tests.support.tls_proxy import Authority

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104  # an address to refuse, not one to listen on
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::1",
    "2002:a00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "100::1",
]
PUBLIC = [
    "1.1.1.1",
    "162.159.130.233",
    "2606:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
    "2002:101:101::1",
]


class Resolver:
    """Stand in for the resolver and remember what it was asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Sockets:
    """Make sockets that go to a port of this machine, whatever address they are told; without one nothing answers."""

    def __init__(self, port: int | None = None) -> None:
        self.reached: list[str] = []
        self._port = port

    def make(self, address: SocketAddress) -> socket.socket:
        self.reached.append(str(address[4][0]))
        if self._port is None:
            raise ConnectionRefusedError
        return Redirected(address[0], self._port)


class Redirected(socket.socket):
    """Connect to a port of this machine in place of where it is told to; it calls itself one of the family told."""

    def __init__(self, told: int, port: int) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self._told = told
        self._port = port

    @property
    def family(self) -> socket.AddressFamily:
        return socket.AddressFamily(self._told)

    def connect(self, address: object, /) -> None:
        super().connect(("127.0.0.1", self._port))


@asynccontextmanager
async def https_host(authority: Authority, name: str, answer: bytes, heard: bytearray) -> AsyncGenerator[int]:
    """Answer over TLS under a name, keeping what is asked; gives the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=authority.context(name))
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_host_with_a_private_address_is_forbidden(address: str, tmp_path: Path) -> None:
    network = Resolver(["1.1.1.1", address])
    async with Downloader(allow_private=False, resolve=network.resolve) as downloader:
        with pytest.raises(BadImage) as refused:
            await downloader.image("https://pictures.example/cat.png")
        with pytest.raises(ResultError) as failed:
            await clip_into(downloader, "https://pictures.example/0.mp4", tmp_path / "0.mp4")
    assert refused.value.problem is ImageProblem.FORBIDDEN_ADDRESS
    assert (failed.value.problem, failed.value.final) == ("forbidden_address", False)
    assert network.asked == ["pictures.example"] * 2


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://localhost/",
        "https://localhost./",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::127.0.0.1]/",
        "https://１２７.０.０.１/",
    ],
)
async def test_a_disguised_loopback_address_is_never_connected_to(url: str) -> None:
    sockets = Sockets()
    async with Downloader(allow_private=False, make_socket=sockets.make) as downloader:
        with pytest.raises(BadImage):
            await downloader.image(url)
    assert sockets.reached == []


@pytest.mark.parametrize("address", PRIVATE)
async def test_no_socket_is_made_for_an_address_that_is_not_public(address: str) -> None:
    sockets = Sockets()
    host = f"[{address.partition('%')[0]}]" if ":" in address else address
    async with Downloader(allow_private=False, make_socket=sockets.make) as downloader:
        with pytest.raises(BadImage) as caught:
            await downloader.image(f"https://{host}/cat.png")
    assert caught.value.problem is ImageProblem.FORBIDDEN_ADDRESS
    assert sockets.reached == []


@pytest.mark.parametrize(
    "url",
    [
        "http://pictures.example/",
        "ftp://pictures.example/",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "https://",
        "https:///x",
        "//pictures.example/",
        "cat.png",
        "",
        "https://user@pictures.example/",
        "https://user:word@pictures.example/",
    ],
)
async def test_only_https_links_without_credentials_are_opened(url: str) -> None:
    network = Resolver(["1.1.1.1"])
    async with Downloader(allow_private=False, resolve=network.resolve) as downloader:
        with pytest.raises(BadImage) as caught:
            await downloader.image(url)
    assert caught.value.problem is ImageProblem.FORBIDDEN_ADDRESS
    assert network.asked == []


@pytest.mark.parametrize(
    "url", ["https://[::1", "https://a:99999999/", "https://\0/", "https://exa mple/", "https://" + "a" * 70_000]
)
async def test_a_malformed_link_is_refused(url: str) -> None:
    network = Resolver(["127.0.0.1"])
    async with Downloader(allow_private=False, resolve=network.resolve) as downloader:
        with pytest.raises(BadImage):
            await downloader.image(url)


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name that is public when looked at and private a moment later is looked at once only."""
    network = Resolver(["1.1.1.1"], ["127.0.0.1"])
    sockets = Sockets()
    async with Downloader(allow_private=False, resolve=network.resolve, make_socket=sockets.make) as downloader:
        with pytest.raises(BadImage) as caught:
            await downloader.image("https://pictures.example/cat.png")
    assert caught.value.problem is ImageProblem.UNREACHABLE
    assert sockets.reached == ["1.1.1.1"]
    assert network.asked == ["pictures.example"]


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    sockets, network = Sockets(), Resolver(["1.1.1.1", "1.0.0.1"])
    async with Downloader(allow_private=False, resolve=network.resolve, make_socket=sockets.make) as downloader:
        with pytest.raises(BadImage):
            await downloader.image("https://pictures.example/cat.png")
    assert sockets.reached[:2] == ["1.1.1.1", "1.0.0.1"]


async def test_a_host_without_any_address_cannot_be_reached() -> None:
    sockets = Sockets()
    async with Downloader(allow_private=False, resolve=Resolver([]).resolve, make_socket=sockets.make) as downloader:
        with pytest.raises(BadImage) as caught:
            await downloader.image("https://pictures.example/cat.png")
    assert caught.value.problem is ImageProblem.UNREACHABLE
    assert sockets.reached == []


async def test_the_guard_looks_at_every_hop(tmp_path: Path) -> None:
    """The redirect leads from a public name to a private one: the second connection is refused."""
    hops: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        hops.append(host)
        return ["1.1.1.1"] if host == "pictures.example" else ["10.0.0.7"]

    authority = Authority(tmp_path)
    redirect = b"HTTP/1.1 302 Found\r\nLocation: https://inside.example/\r\nContent-Length: 0\r\n\r\n"
    async with https_host(authority, "pictures.example", redirect, bytearray()) as port:
        sockets = Sockets(port)
        trusted = ssl.create_default_context(cafile=authority.file)
        async with Downloader(
            allow_private=False, resolve=resolve, make_socket=sockets.make, trusted=trusted
        ) as downloader:
            with pytest.raises(BadImage) as caught:
                await downloader.image("https://pictures.example/")
    assert caught.value.problem is ImageProblem.FORBIDDEN_ADDRESS
    assert hops == ["pictures.example", "inside.example"]
    assert sockets.reached == ["1.1.1.1"]


@pytest.mark.parametrize(
    ("certified", "problem"),
    [("pictures.example", ImageProblem.GONE), ("elsewhere.example", ImageProblem.UNREACHABLE)],
)
async def test_tls_still_asks_for_the_name_and_not_for_the_address(
    tmp_path: Path, certified: str, problem: ImageProblem
) -> None:
    authority, heard = Authority(tmp_path), bytearray()
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    async with https_host(authority, certified, missing, heard) as port:
        network, sockets = Resolver(["1.1.1.1"]), Sockets(port)
        trusted = ssl.create_default_context(cafile=authority.file)
        async with Downloader(
            allow_private=False, resolve=network.resolve, make_socket=sockets.make, trusted=trusted
        ) as downloader:
            with pytest.raises(BadImage) as caught:
                await downloader.image("https://pictures.example/")
    assert caught.value.problem is problem
    assert (b"\r\nHost: pictures.example\r\n" in heard) == (problem is ImageProblem.GONE)


async def test_a_host_whose_certificate_nobody_trusts_is_not_asked(tmp_path: Path) -> None:
    heard = bytearray()
    async with https_host(Authority(tmp_path), "pictures.example", b"", heard) as port:
        sockets = Sockets(port)
        async with Downloader(
            allow_private=False, resolve=Resolver(["1.1.1.1"]).resolve, make_socket=sockets.make
        ) as downloader:
            with pytest.raises(BadImage) as caught:
                await downloader.image("https://pictures.example/")
    assert caught.value.problem is ImageProblem.UNREACHABLE
    assert heard == b""


async def test_a_host_that_is_an_ipv6_address_is_named_as_http_wants_it() -> None:
    heard = bytearray()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    sockets = Sockets(server.sockets[0].getsockname()[1])
    async with server, Downloader(allow_private=True, make_socket=sockets.make) as downloader:
        with pytest.raises(BadImage):
            await downloader.image("http://[::1]:8080/cat.png")
    assert b"\r\nHost: [::1]:8080\r\n" in heard
    assert sockets.reached == ["::1"]


async def test_a_cookie_of_one_host_is_told_to_nobody() -> None:
    heard: list[str | None] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        heard.append(request.headers.get("Cookie"))
        return web.Response(status=404, headers={"Set-Cookie": "visitor=1"})

    async with Downloader(allow_private=True) as downloader, host(handler) as url:
        for _ in range(2):
            with pytest.raises(BadImage):
                await downloader.image(url)
    assert heard == [None, None]


async def test_a_forbidden_address_names_only_the_host() -> None:
    network = Resolver(["10.0.0.1"])
    connector = guarded_connector(
        allow_private=False,
        resolve=network.resolve,
        trusted=ssl.create_default_context(),
        connections=1,
        keepalive_seconds=1,
    )
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(ForbiddenAddressError, match=r"^inside\.example$"):
            await session.get("https://inside.example/secret")
