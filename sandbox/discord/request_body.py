"""Reading a request's body within Discord's limits."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from sandbox.discord.attachments import Upload
from sandbox.discord.errors import ApiError, FormError, entity_too_large

DRAIN_LIMIT = 256 * 1024 * 1024
"""Bytes of an oversized request that are still read, so that the client sees the answer and not a broken pipe."""


async def read_body(request: web.Request, size_limit: int) -> tuple[Any, list[Upload]]:
    """Return the JSON body and the files; `size_limit` is for the whole request, in bytes.

    Raises ApiError 413 for more, and 400 for what is neither JSON nor multipart.
    """
    if not request.body_exists:
        return None, []
    if (request.content_length or 0) > size_limit:
        await _drain(request)
        raise entity_too_large()
    if request.content_type.startswith("multipart/"):
        try:
            return await _read_multipart(request, size_limit)
        except ValueError:
            raise FormError({"_misc": "The multipart body cannot be read."}) from None
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > size_limit:
            await _drain(request)
            raise entity_too_large()
    if not raw:
        return None, []
    if request.content_type != "application/json":
        raise FormError({"_misc": f"Expected Content-Type application/json, got {request.content_type}."})
    return _parse(bytes(raw)), []


async def _read_multipart(request: web.Request, size_limit: int) -> tuple[Any, list[Upload]]:
    payload: Any = None
    uploads: list[Upload] = []
    total = 0
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if isinstance(part, MultipartReader):
            raise FormError({"_misc": "Nested multipart bodies are not read."})
        data = await _read_part(part, size_limit - total, request)
        total += len(data)
        if part.name == "payload_json":
            payload = _parse(data)
        elif part.filename is not None:
            uploads.append(Upload(part.name or "", part.filename, data))
        else:
            raise FormError({part.name or "_misc": "Only payload_json and files are read."})
    return payload, uploads


async def _read_part(part: BodyPartReader, room: int, request: web.Request) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(256 * 1024):
        data += chunk
        if len(data) > room:
            await _drain(request)
            raise entity_too_large()
    return bytes(data)


async def _drain(request: web.Request) -> None:
    seen = 0
    async for chunk in request.content.iter_any():
        seen += len(chunk)
        if seen > DRAIN_LIMIT:
            return


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from None
