"""Keep downloads away from addresses that are not on the public internet."""

import asyncio
import select
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, cast

import httpcore

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Turn a host and a port into the addresses that it has now; raises OSError."""

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")


class ForbiddenAddressError(Exception):
    """A host has an address that is not public."""


def is_public(address: str) -> bool:
    """Tell whether an address is on the public internet, looking through the ways to hide an IPv4 address in IPv6.

    Mapped (RFC 4291), 6to4 (RFC 3056) and NAT64 (RFC 6052) addresses are judged by what they carry.
    """
    ip = _unwrapped(ip_address(address))
    if isinstance(ip, IPv6Address) and ip not in _GLOBAL_UNICAST:
        return False
    return ip.is_global and not ip.is_multicast


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


async def resolve_host(host: str, port: int) -> list[str]:
    """Ask the system for a host's addresses, in its order of preference."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Stream(httpcore.AsyncNetworkStream):
    """Pass everything on, and know the socket: at each request each connection that is kept is asked whether it ended.

    anyio looks up all that it knows of a connection for that.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._socket: Any = stream.get_extra_info("socket")
        self.read, self.write, self.aclose = stream.read, stream.write, stream.aclose  # one call less for each block

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and self._socket is not None:
            return _is_readable(self._socket.fileno())
        return self._stream.get_extra_info(info)


def _is_readable(handle: int) -> bool:
    """Tell whether there is something to read, the end included, without waiting; of what is closed there is."""
    if handle < 0:
        return True
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(0))


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Open connections only to addresses that were checked.

    The name is resolved here, once, and the connection goes to the very address that was looked at: a host that
    answers differently the second time gains nothing. TLS still verifies the name.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        resolve: Resolve = resolve_host,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._network = network or cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers; raises `ForbiddenAddressError` if any of them is not public."""
        failure: Exception = httpcore.ConnectError("the host has no address")
        for address in await self._checked_addresses(host, port, timeout):
            try:
                return _Stream(await self._network.connect_tcp(address, port, timeout, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait, for httpcore's own retries."""
        await self._network.sleep(seconds)

    async def _checked_addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        if not self._allow_private and not all(map(is_public, addresses)):
            raise ForbiddenAddressError(host)
        return addresses
