"""The adapters and the local provider, when that one speaks as vendors were seen to and their pages do not say."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import pytest

from bot.domain.params import Motion, Resolution
from bot.errors import ErrorKind, ProviderError
from bot.media import Downloader
from bot.providers.acedata import AceData
from bot.providers.apimart.videos import ApiMart
from bot.providers.base import Provider
from bot.providers.cometapi import CometApi
from bot.providers.types import RemoteState, Snapshot, VideoRequest
from sandbox.provider import FakeProvider
from sandbox.provider.model.faults import FailLater, Status
from sandbox.provider.model.settings import ProviderSettings
from tests.support.file_hosts import answering, clip_into, host, png

KEY = "fake-key-0123456789"
HOOK = "https://films.example/hooks/v1/1/0123456789abcdef"


@pytest.fixture
async def vendor() -> AsyncGenerator[FakeProvider]:
    quick = ProviderSettings(queue_seconds=0.0, run_seconds=0.0, ready_made=True, callbacks="never")
    async with FakeProvider(KEY, quick) as vendor:
        yield vendor


async def asked(
    vendor: FakeProvider,
    make: Callable[..., Provider],
    use: Callable[[Provider, VideoRequest], Awaitable[Any]],
    motion: Motion | None,
) -> Any:
    provider = make(KEY, vendor.base_url)
    try:
        async with host(answering(png())) as image:
            request = VideoRequest("t", "a boat", image, None, False, motion, Resolution.SD, 4, None, HOOK)
            return await use(provider, request)
    finally:
        await provider.aclose()


async def made(vendor: FakeProvider, make: Callable[..., Provider], motion: Motion | None = Motion.LOW) -> Snapshot:
    """Order a film, let it be made, and ask how it is doing."""

    async def use(provider: Provider, request: VideoRequest) -> Snapshot:
        accepted = await provider.submit(request)
        (job,) = vendor.jobs.values()
        await vendor.until(lambda _: job.state.over)
        return await provider.poll(accepted.remote_id)

    return await asked(vendor, make, use, motion)


def knobs(vendor: FakeProvider, **settings: Any) -> None:
    for name, value in settings.items():
        setattr(vendor.settings, name, value)


@pytest.mark.parametrize("names", ["camel", "snake", "text"])
@pytest.mark.parametrize("ids", ["text", "number"])
async def test_cometapis_clips_are_read_under_either_name_and_id(vendor: FakeProvider, names: str, ids: str) -> None:
    knobs(vendor, comet_names=names, comet_ids=ids)
    snapshot = await made(vendor, CometApi)
    assert (snapshot.state, len(snapshot.clips), snapshot.error) == (RemoteState.SUCCEEDED, 4, None)


async def test_cometapis_reason_is_read_under_its_other_name(vendor: FakeProvider) -> None:
    knobs(vendor, comet_names="snake", submit_fault=FailLater("[Image denied] the filter"))
    snapshot = await made(vendor, CometApi)
    assert snapshot.error is not None
    assert (snapshot.state, snapshot.error.kind) == (RemoteState.FAILED, ErrorKind.MODERATED_IMAGE)


async def test_acedatas_no_without_a_reason_is_no_end(vendor: FakeProvider) -> None:
    knobs(vendor, acedata_running="no", hold=True)

    async def use(provider: Provider, request: VideoRequest) -> RemoteState:
        accepted = await provider.submit(request)
        (job,) = vendor.jobs.values()
        await vendor.until(lambda _: job.progress == 99)
        return (await provider.poll(accepted.remote_id)).state

    assert await asked(vendor, AceData, use, None) is RemoteState.RUNNING


@pytest.mark.parametrize("words", ["tools", "others"])
@pytest.mark.parametrize("success", [True, False])
async def test_acedatas_end_is_told_in_all_its_ways(vendor: FakeProvider, words: str, success: bool) -> None:
    knobs(vendor, acedata_words=words, acedata_success=success, acedata_state=words == "others")
    snapshot = await made(vendor, AceData, None)
    assert (snapshot.state, len(snapshot.clips)) == (RemoteState.SUCCEEDED, 4)


async def test_acedatas_unknown_refusal_speaks_of_the_prompt_while_the_key_opens_the_list(vendor: FakeProvider) -> None:
    knobs(vendor, submit_fault=Status(403, "Access denied"))

    async def use(provider: Provider, request: VideoRequest) -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await provider.submit(request)
        return caught.value

    error = await asked(vendor, AceData, use, None)
    assert (error.kind, error.accepted, error.presumed) == (ErrorKind.MODERATED_PROMPT, "no", True)


async def test_what_apimart_charged_is_kept(vendor: FakeProvider) -> None:
    knobs(vendor, apimart_cost=True)
    assert (await made(vendor, ApiMart)).cost == "0.8"


@pytest.mark.parametrize("links", ["plain", "spaces", "unicode"])
@pytest.mark.parametrize("make", [CometApi, AceData, ApiMart])
async def test_links_lead_to_the_clips_however_they_are_written(
    vendor: FakeProvider, make: Callable[..., Provider], links: str, tmp_path: Any
) -> None:
    knobs(vendor, links=links)
    snapshot = await made(vendor, make, None if make is AceData else Motion.LOW)
    assert len(snapshot.clips) == 4
    async with Downloader(allow_private=True) as downloader:
        assert await clip_into(downloader, snapshot.clips[3], tmp_path / "4.mp4") > 0
