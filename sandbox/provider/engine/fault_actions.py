"""Acting out the faults that need no wire format: resets, silence, delay, web pages and broken JSON."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.provider.model.faults import (
    Hang,
    Html,
    Malformed,
    Redirect,
    ResetAfter,
    ResetBefore,
    Slow,
    Status,
)

PAGE = "<!DOCTYPE html><html><head><title>{code}</title></head><body><h1>{code}</h1><hr>gateway</body></html>"

Answer = Callable[[], Awaitable[web.Response]]
Refuse = Callable[[int, str], web.Response]


async def answer_with(
    fault: object, request: web.Request, handle: Answer, refuse: Refuse, closing: asyncio.Event
) -> web.StreamResponse:
    """Answer as the fault says; ``honest`` does what was asked, ``refuse`` words a refusal as the vendor does."""
    match fault:
        case Status():
            if fault.accepted:
                await handle()
            return refusal(fault, refuse)
        case ResetBefore():
            return reset(request)
        case ResetAfter():
            await handle()
            return reset(request)
        case Hang():
            await handle()
            await closing.wait()
            return reset(request)
        case Slow():
            answer = await handle()
            await pause(fault.seconds, closing)
            return answer
        case Html():
            if fault.accepted:
                await handle()
            return web.Response(status=fault.code, text=PAGE.format(code=fault.code), content_type="text/html")
        case Redirect():
            return web.Response(status=fault.code, headers={"Location": fault.url})
        case Malformed():
            body = (await handle()).text or ""
            return web.Response(text=body[: len(body) // 2], content_type="application/json")
        case _:
            return await handle()


def refusal(fault: Status, refuse: Refuse) -> web.Response:
    """Return the vendor's refusal with the fault's status and Retry-After."""
    answer = refuse(fault.code, fault.message)
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = f"{fault.retry_after:g}"
    return answer


def reset(request: web.Request) -> web.StreamResponse:
    """Reset the connection at once, dropping what was not sent; the answer returned goes nowhere."""
    transport = request.transport
    if transport is not None:
        peer = transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


async def pause(seconds: float, closing: asyncio.Event) -> None:
    """Wait, but not beyond the provider's end."""
    try:
        await asyncio.wait_for(closing.wait(), seconds)
    except TimeoutError:
        return
