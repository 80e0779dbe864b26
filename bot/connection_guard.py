"""Bounds for whoever connects to our own HTTP server: how many there may be, and how long they may keep us waiting."""

import asyncio
import logging
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Any, cast

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 256
"""Connections at once, each of which takes an open file."""

MOST_PER_ADDRESS = 64
"""Those of one address; a proxy in front of us is one, too."""

HEADER_SECONDS = 10.0
"""How long a connection may take until its request's header is whole, and to end once it is answered."""

ANSWER_SECONDS = 600.0
"""How long an answer may take, the film that it sends included."""


class ConnectionGuard:
    """Keep the connections of one server within bounds.

    Where there are too many, the one that has been waited for longest makes room for the newest, which may well be an
    honest one; where all are being answered, the newest is turned away.
    """

    def __init__(
        self,
        most: int = MOST_CONNECTIONS,
        most_per_address: int = MOST_PER_ADDRESS,
        header_seconds: float = HEADER_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._most = most
        self._most_per_address = most_per_address
        self.header_seconds = header_seconds
        self.answer_seconds = answer_seconds
        self._open: dict[GuardedConnection, str] = {}

    def guarded(self, make: Callable[[], asyncio.Protocol]) -> Callable[[], "GuardedConnection"]:
        """Turn what makes a protocol for each connection into what makes one within the bounds."""
        return lambda: GuardedConnection(make(), self)

    def admit(self, connection: "GuardedConnection", address: str) -> bool:
        """Count a new connection; False when it must be turned away."""
        neighbours = [other for other, its_address in self._open.items() if its_address == address]
        for others, most in ((neighbours, self._most_per_address), (list(self._open), self._most)):
            if len(others) >= most:
                log.warning("too many connections at once; those that keep us waiting longest are closed")
                longest = next((other for other in others if other.keeps_us_waiting), None)
                if longest is None:
                    return False
                longest.abort()
                break
        self._open[connection] = address
        return True

    def forget(self, connection: "GuardedConnection") -> None:
        """Count a connection no longer."""
        self._open.pop(connection, None)


class GuardedConnection(asyncio.Protocol):
    """Pass one connection on to its own protocol, and end it when it takes too long."""

    def __init__(self, inner: asyncio.Protocol, guard: ConnectionGuard) -> None:
        self._inner = inner
        self._guard = guard
        self._transport: asyncio.Transport | None = None
        self._admitted = False
        self._deadline: asyncio.TimerHandle | None = None
        self.keeps_us_waiting = True

    def answering(self) -> None:
        """Say that the request's header is whole: from now on we are at work."""
        self.keeps_us_waiting = False
        self._end_in(self._guard.answer_seconds)

    def answered(self) -> None:
        """Say that nothing is to be done any more but to send what is written and to close."""
        self.keeps_us_waiting = True
        self._end_in(self._guard.header_seconds)

    def abort(self) -> None:
        """Close the connection at once, whatever is still to be sent."""
        self._guard.forget(self)
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, if there is room."""
        self._transport = cast("asyncio.Transport", transport)
        self._admitted = self._guard.admit(self, address_of(transport.get_extra_info("peername")))
        if not self._admitted:
            self._transport.abort()
            return
        self._end_in(self._guard.header_seconds)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Pass on what came."""
        if self._admitted:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass on that nothing more will come."""
        return self._inner.eof_received() if self._admitted else None

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._guard.forget(self)
        if self._deadline is not None:
            self._deadline.cancel()
        if self._admitted:
            self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on that the other end reads too slowly."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that it reads again."""
        self._inner.resume_writing()

    def _end_in(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(seconds, self.abort)


def address_of(peer: Any) -> str:
    """Name whom a connection belongs to: an IPv4 address, or the network of 64 bits that one subscriber has in IPv6."""
    try:
        ip = ip_address(str(peer[0]).partition("%")[0])
    except (TypeError, IndexError, ValueError):
        return ""
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or IPv6Address(int(ip) >> 64 << 64)
    return str(ip)
