from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from PIL import Image

from sandbox.provider import FakeProvider, Job, ProviderSettings
from sandbox.provider.rendering.sample_image import draw_sample
from tests.sandbox.provider.acedata_client import AceDataClient
from tests.sandbox.provider.client_host import KEY, Host
from tests.sandbox.provider.cometapi_client import CometClient
from tests.sandbox.provider.ttapi_client import TtapiClient
from tests.sandbox.provider.ttapi_images_client import TtapiImagesClient


@pytest.fixture(scope="session")
def image() -> bytes:
    return draw_sample()


@pytest.fixture(scope="session")
def ending() -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
async def host(image: bytes, ending: bytes) -> AsyncIterator[Host]:
    async with Host(image, ending) as host:
        yield host


@pytest.fixture
async def fake_provider() -> AsyncIterator[FakeProvider]:
    quick = ProviderSettings(queue_seconds=0.0, run_seconds=0.0, ready_made=True, callback_retry_seconds=0.01)
    async with FakeProvider(KEY, quick) as fake_provider:
        yield fake_provider


@pytest.fixture
async def client(fake_provider: FakeProvider, host: Host) -> AsyncIterator[TtapiClient]:
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(
        fake_provider.base_url, connector=connector, headers={"TT-API-KEY": KEY}
    ) as session:
        yield TtapiClient(fake_provider, host, session)


@pytest.fixture
async def images_client(fake_provider: FakeProvider, host: Host) -> AsyncIterator[TtapiImagesClient]:
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(
        fake_provider.base_url, connector=connector, headers={"TT-API-KEY": KEY}
    ) as session:
        yield TtapiImagesClient(fake_provider, host, session)


@pytest.fixture
async def comet(fake_provider: FakeProvider, host: Host, image: bytes) -> AsyncIterator[CometClient]:
    connector, headers = aiohttp.TCPConnector(force_close=True), {"Authorization": f"Bearer {KEY}"}
    async with aiohttp.ClientSession(fake_provider.base_url, connector=connector, headers=headers) as session:
        yield CometClient(fake_provider, host, session, image)


@pytest.fixture
async def ace(fake_provider: FakeProvider, host: Host) -> AsyncIterator[AceDataClient]:
    connector, headers = aiohttp.TCPConnector(force_close=True), {"Authorization": f"Bearer {KEY}"}
    async with aiohttp.ClientSession(fake_provider.base_url, connector=connector, headers=headers) as session:
        yield AceDataClient(fake_provider, host, session)


SMALL = 0.375
"""How wide most of the rendered clips are: what they show can be told at a seventh of the pixels."""


@dataclass(frozen=True)
class RenderedClips:
    """Clips that were really rendered, by what was asked for."""

    low: list[bytes]
    high: list[bytes]
    hd: list[bytes]
    to_end: list[bytes]
    extend: list[bytes]
    later: list[bytes]
    """An extend of the same clip that does not begin with its last frame."""
    whole: list[bytes]
    """An extend of the same clip that begins with it."""
    square: list[bytes]
    """The one that is as large as Midjourney's own; the others are smaller by `SMALL`."""


@pytest.fixture(scope="session")
def rendered(image: bytes, ending: bytes) -> RenderedClips:
    return asyncio.run(_shoot(image, ending))


async def _shoot(image: bytes, ending: bytes) -> RenderedClips:
    async with (
        Host(image, ending) as host,
        FakeProvider(KEY, ProviderSettings(queue_seconds=0.0, run_seconds=0.0)) as fake_provider,
        aiohttp.ClientSession(fake_provider.base_url, headers={"TT-API-KEY": KEY}) as session,
    ):
        client = TtapiClient(fake_provider, host, session)
        square = await client.finished(imageUrl=host.end, bs=1)
        fake_provider.settings.clip_scale = SMALL
        low = await client.accepted()
        high = await client.accepted(manual="high", bs=1)
        hd = await client.accepted(resolution="hd", bs=1)
        to_end = await client.accepted(endingUrl=host.end, bs=1)
        await client.over(low)
        extend = await client.extended(low, index=2, manual="high", bs=1)
        await client.over(extend)
        fake_provider.settings.extend_repeats_frame = False
        later = await client.extended(low, index=2, manual="high", bs=1)
        await client.over(later)
        fake_provider.settings.extend_repeats_frame, fake_provider.settings.extend_holds_parent = True, True
        whole = await client.extended(low, index=2, manual="high", bs=1)
        jobs = (low, high, hd, to_end, extend, later, whole, square)
        for job in jobs:
            await client.over(job)
        return RenderedClips(*(_clips(job) for job in jobs))


def _clips(job: Job) -> list[bytes]:
    assert job.clips, job.message
    return [job.clip_bytes(number) for number in range(len(job.clips))]
