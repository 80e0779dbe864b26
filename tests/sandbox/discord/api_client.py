"""A bare HTTP client for Discord's API, which sends what no library would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.discord import Discord


@dataclass
class ApiResponse:
    """A plain HTTP answer."""

    status: int
    body: Any
    headers: Any


@dataclass
class ApiClient:
    """Sends what no library would let one send."""

    local_discord: Discord
    session: aiohttp.ClientSession

    async def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> ApiResponse:
        async with self.session.request(method, self.local_discord.api_url + path, json=body, **options) as response:
            text = await response.text()
            return ApiResponse(response.status, json.loads(text) if text else None, response.headers)

    async def upload(self, method: str, path: str, body: Any, files: dict[str, tuple[str, bytes]]) -> ApiResponse:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", json.dumps(body), content_type="application/json")
        for field, (name, data) in files.items():
            form.add_field(field, data, filename=name, content_type="application/octet-stream")
        async with self.session.request(method, self.local_discord.api_url + path, data=form) as response:
            text = await response.text()
            return ApiResponse(response.status, json.loads(text) if text else None, response.headers)
