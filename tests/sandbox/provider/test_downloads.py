from __future__ import annotations

import aiohttp
import pytest

from sandbox.provider import FakeProvider, Job
from sandbox.provider.model.faults import (
    CutOff,
    Endless,
    Hang,
    Huge,
    NotAVideo,
    Redirect,
    ResetBefore,
    Slow,
    Status,
)
from sandbox.provider.rendering.clip_info import read_clip_info
from tests.sandbox.provider.ttapi_client import TtapiClient


@pytest.fixture
async def job(client: TtapiClient) -> Job:
    return await client.finished(bs=1)


@pytest.fixture
def link(fake_provider: FakeProvider, job: Job) -> str:
    return f"{fake_provider.base_url}/cdn/{job.result_id}/0.mp4"


async def test_a_clip_is_served_whole_without_a_key(client: TtapiClient, job: Job, link: str) -> None:
    async with client.session.get(link, headers={"TT-API-KEY": ""}) as answer:
        assert (answer.status, answer.content_type) == (200, "video/mp4")
        assert await answer.read() == job.clip_bytes(0)


async def test_a_part_of_a_clip_is_served_on_request(client: TtapiClient, job: Job, link: str) -> None:
    async with client.session.get(link, headers={"Range": "bytes=4-7"}) as answer:
        assert (answer.status, await answer.read()) == (206, b"ftyp")
        assert answer.headers["Content-Range"] == f"bytes 4-7/{len(job.clip_bytes(0))}"


async def test_other_links_lead_nowhere(client: TtapiClient, fake_provider: FakeProvider, job: Job) -> None:
    for path in (
        f"/cdn/{job.result_id}/1.mp4",
        "/cdn/nobody/0.mp4",
        f"/cdn/{job.id}/0.mp4",
        f"/cdn/{job.result_id}/x.mp4",
    ):
        async with client.session.get(path) as answer:
            assert answer.status == 404
    assert fake_provider.submits == 1


async def test_a_link_can_be_gone(client: TtapiClient, fake_provider: FakeProvider, link: str) -> None:
    fake_provider.next_download(Status(404))
    assert [(await client.session.get(link)).status for _ in range(2)] == [404, 200]


async def test_a_link_can_lead_to_something_else(client: TtapiClient, fake_provider: FakeProvider, link: str) -> None:
    fake_provider.next_download(NotAVideo())
    async with client.session.get(link) as answer:
        data = await answer.read()
    with pytest.raises(ValueError, match="not a video"):
        read_clip_info(data)


async def test_a_link_can_redirect_anywhere(client: TtapiClient, fake_provider: FakeProvider, link: str) -> None:
    fake_provider.next_download(Redirect("http://169.254.0.1/"))
    async with client.session.get(link, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "http://169.254.0.1/")


async def test_a_clip_can_be_padded_and_stays_a_video(
    client: TtapiClient, fake_provider: FakeProvider, link: str
) -> None:
    fake_provider.next_download(Huge(3_000_000))
    async with client.session.get(link) as answer:
        assert answer.content_length == 3_000_000
        data = await answer.read()
    facts = read_clip_info(data)
    assert (facts.bytes, facts.codec, facts.frames) == (3_000_000, "h264", 120)


async def test_a_clip_can_be_endless(client: TtapiClient, fake_provider: FakeProvider, job: Job, link: str) -> None:
    fake_provider.next_download(Endless())
    async with client.session.get(link) as answer:
        assert answer.content_length is None
        data = await answer.content.readexactly(2_000_000)
    assert data.startswith(job.clip_bytes(0))


async def test_a_clip_can_drip(client: TtapiClient, fake_provider: FakeProvider, job: Job, link: str) -> None:
    fake_provider.next_download(Slow(0.1))
    async with client.session.get(link) as answer:
        assert await answer.read() == job.clip_bytes(0)


async def test_a_clip_can_break_off(client: TtapiClient, fake_provider: FakeProvider, link: str) -> None:
    fake_provider.next_download(CutOff())
    with pytest.raises(aiohttp.ClientError):
        async with client.session.get(link) as answer:
            await answer.read()


async def test_a_download_can_be_reset(client: TtapiClient, fake_provider: FakeProvider, link: str) -> None:
    fake_provider.settings.download_fault = ResetBefore()
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.session.get(link)


async def test_a_download_can_hang(client: TtapiClient, fake_provider: FakeProvider, link: str) -> None:
    fake_provider.next_download(Hang())
    with pytest.raises(TimeoutError):
        await client.session.get(link, timeout=aiohttp.ClientTimeout(total=0.2))
