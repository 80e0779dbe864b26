"""Keep downloads away from addresses that are not on the public internet."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Turn a host and a port into the addresses that it has now; raises OSError."""

SocketAddress = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]
"""An address as `socket.getaddrinfo` gives it."""

MakeSocket = Callable[[SocketAddress], socket.socket]
"""Make the socket that is then connected to an address; raises OSError."""

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


def plain_socket(address: SocketAddress) -> socket.socket:
    """Make a socket for an address."""
    family, kind, protocol, *_ = address
    return socket.socket(family, kind, protocol)


def guarded_connector(
    *,
    allow_private: bool,
    resolve: Resolve = resolve_host,
    make_socket: MakeSocket = plain_socket,
    trusted: ssl.SSLContext,
    connections: int,
    keepalive_seconds: float,
) -> TCPConnector:
    """Open connections only to addresses that were checked; any other raises `ForbiddenAddressError`.

    A name is resolved here, once a connection, and the connection goes to the very address that was looked at: a host
    that answers differently the second time gains nothing. TLS still verifies the name.
    """

    def checked_socket(address: SocketAddress) -> socket.socket:
        # A host that is written as an address is not resolved, and comes here as it was written.
        host = str(address[4][0])
        if not allow_private and not is_public(host):
            raise ForbiddenAddressError(host)
        return make_socket(address)

    return TCPConnector(
        resolver=_GuardedResolver(allow_private=allow_private, resolve=resolve),
        socket_factory=checked_socket,
        ssl=trusted,
        use_dns_cache=False,
        limit=connections,
        keepalive_timeout=keepalive_seconds,
    )


class _GuardedResolver(AbstractResolver):
    """Resolve names for aiohttp, and refuse one of which any address is not public."""

    def __init__(self, *, allow_private: bool, resolve: Resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        try:
            addresses = await self._resolve(host, port)
        except UnicodeError as error:
            raise OSError(str(error)) from error
        if not self._allow_private and not all(map(is_public, addresses)):
            raise ForbiddenAddressError(host)
        if not addresses:
            raise OSError("the host has no address")
        return [_result(host, port, address) for address in addresses]

    async def close(self) -> None:
        """Hold nothing that is to be closed."""


def _result(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
    return {
        "hostname": host,
        "host": address,
        "port": port,
        "family": family,
        "proto": socket.IPPROTO_TCP,
        "flags": socket.AI_NUMERICHOST,
    }
