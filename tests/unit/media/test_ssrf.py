"""No download ever reaches an address that is not public, however the link is written."""

import ssl
from pathlib import Path

import httpcore
import pytest

from bot.errors import BadImage, ImageProblem, ResultError
from bot.media import Downloader
from bot.media.ssrf import ForbiddenAddressError, GuardedNetwork, is_public
from tests.support.file_hosts import clip_into

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


class RecordedNetwork(httpcore.AsyncMockBackend):
    """Remember which addresses were connected to; none of `silent` answers."""

    def __init__(self, silent: tuple[str, ...] = ()) -> None:
        super().__init__([])
        self.reached: list[str] = []
        self._silent = silent

    async def connect_tcp(self, host: str, *args: object, **options: object) -> httpcore.AsyncNetworkStream:
        self.reached.append(host)
        if host in self._silent:
            raise httpcore.ConnectTimeout
        return httpcore.AsyncMockStream([])


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
    network = RecordedNetwork()
    async with Downloader(allow_private=False, network=network) as downloader:
        with pytest.raises(BadImage):
            await downloader.image(url)
    assert network.reached == []


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
    network = Resolver(["192.0.2.55"], ["127.0.0.1"])
    recorded = RecordedNetwork()
    guard = GuardedNetwork(allow_private=True, resolve=network.resolve, network=recorded)
    await guard.connect_tcp("pictures.example", 443)
    assert recorded.reached == ["192.0.2.55"]
    assert network.asked == ["pictures.example"]


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    recorded = RecordedNetwork(silent=("1.1.1.1",))
    guard = GuardedNetwork(allow_private=False, resolve=Resolver(["1.1.1.1", "1.0.0.1"]).resolve, network=recorded)
    await guard.connect_tcp("pictures.example", 443)
    assert recorded.reached == ["1.1.1.1", "1.0.0.1"]


async def test_a_host_without_any_address_cannot_be_reached() -> None:
    guard = GuardedNetwork(allow_private=False, resolve=Resolver([]).resolve)
    with pytest.raises(httpcore.ConnectError):
        await guard.connect_tcp("pictures.example", 443)


async def test_the_guard_looks_at_every_hop() -> None:
    """The redirect leads from a public name to a private one: the second connection is refused."""
    hops: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        hops.append(host)
        return ["1.1.1.1"] if host == "pictures.example" else ["10.0.0.7"]

    redirect = b"HTTP/1.1 302 Found\r\nLocation: https://inside.example/\r\nContent-Length: 0\r\n\r\n"
    network = httpcore.AsyncMockBackend([redirect])
    async with Downloader(allow_private=False, resolve=resolve, network=network) as downloader:
        with pytest.raises(BadImage) as caught:
            await downloader.image("https://pictures.example/")
    assert caught.value.problem is ImageProblem.FORBIDDEN_ADDRESS
    assert hops == ["pictures.example", "inside.example"]


async def test_tls_still_asks_for_the_name_and_not_for_the_address() -> None:
    asked: list[str | None] = []

    class Stream(httpcore.AsyncMockStream):
        async def start_tls(
            self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
        ) -> httpcore.AsyncNetworkStream:
            asked.append(server_hostname)
            assert ssl_context.check_hostname
            assert ssl_context.verify_mode is ssl.CERT_REQUIRED
            return self

    class Backend(httpcore.AsyncMockBackend):
        async def connect_tcp(self, *args: object, **options: object) -> httpcore.AsyncNetworkStream:
            return Stream([b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"])

    network = Resolver(["1.1.1.1"])
    async with Downloader(allow_private=False, resolve=network.resolve, network=Backend([])) as downloader:
        with pytest.raises(BadImage):
            await downloader.image("https://pictures.example/")
    assert asked == ["pictures.example"]


async def test_a_host_that_is_an_ipv6_address_is_named_as_http_wants_it() -> None:
    sent = bytearray()

    class Stream(httpcore.AsyncMockStream):
        async def write(self, buffer: bytes, timeout: float | None = None) -> None:
            sent.extend(buffer)

    class Backend(httpcore.AsyncMockBackend):
        async def connect_tcp(self, *args: object, **options: object) -> httpcore.AsyncNetworkStream:
            return Stream([b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"])

    async with Downloader(allow_private=True, network=Backend([])) as downloader:
        with pytest.raises(BadImage):
            await downloader.image("http://[::1]:8080/cat.png")
    assert b"\r\nHost: [::1]:8080\r\n" in sent


async def test_a_forbidden_address_names_only_the_host() -> None:
    guard = GuardedNetwork(allow_private=False, resolve=Resolver(["10.0.0.1"]).resolve)
    with pytest.raises(ForbiddenAddressError, match=r"^inside\.example$"):
        await guard.connect_tcp("inside.example", 443)
