"""Fetching the images that clients point at, as a vendor does from its own network."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re

import aiohttp
from yarl import URL

from sandbox.provider.rendering.video import NotAnImageError, open_image

DATA_LINK = re.compile(r"data:image/[\w.+-]+;base64,", re.ASCII)
TIMEOUT = aiohttp.ClientTimeout(total=15)


class BadLinkError(Exception):
    """The link leads to no image that can be used; the message says why."""


def is_web_link(link: str) -> bool:
    """Say whether a link is http or https with a host."""
    scheme, _, rest = link.partition("://")
    return scheme in ("http", "https") and bool(rest.partition("/")[0]) and not any(sign.isspace() for sign in link)


def is_data_link(link: str) -> bool:
    """Say whether a link holds an image itself, in base64 (RFC 2397)."""
    return DATA_LINK.match(link) is not None


async def fetch_image(session: aiohttp.ClientSession, link: str, max_bytes: int) -> bytes:
    """Return the bytes of an image, from the web or from the link itself.

    Raises:
        BadLinkError: when the link does not lead to a readable image of at most ``max_bytes``.
    """
    image = _unpack(link) if is_data_link(link) else await _download(session, link, max_bytes)
    if len(image) > max_bytes:
        raise BadLinkError(f"the picture is larger than {max_bytes} bytes")
    try:
        await asyncio.to_thread(open_image, image)
    except NotAnImageError as error:
        raise BadLinkError("the link leads to no picture") from error
    return image


def _unpack(link: str) -> bytes:
    try:
        return base64.b64decode(link.partition(",")[2], validate=True)
    except binascii.Error as error:
        raise BadLinkError("the link holds no base64") from error


async def _download(session: aiohttp.ClientSession, link: str, max_bytes: int) -> bytes:
    """Return what a link answers with, cut off soon after ``max_bytes``."""
    try:
        async with session.get(URL(link, encoded=True), timeout=TIMEOUT, max_redirects=5) as answer:
            if answer.status != 200:
                raise BadLinkError(f"the link answered {answer.status}")
            data = bytearray()
            async for piece in answer.content.iter_chunked(64 * 1024):
                data += piece
                if len(data) > max_bytes:
                    break
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise BadLinkError(f"the link does not answer: {type(error).__name__}") from error
    return bytes(data)
