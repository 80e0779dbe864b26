"""What a bucket may do that a folder does not: be slow, break off, refuse, be changed by others, serve by itself."""

import asyncio
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import MediaProblem, MediaUnavailable
from bot.media.bucket_store import WRITABLE_SECONDS, BucketStore
from bot.media.store import RemoteFile, SignedLink
from tests.support.faulty_proxy import FaultyProxy, answering, silent
from tests.support.file_hosts import everything_in
from tests.support.s3_server import KEY, SECRET, Bucket, S3Server

JOB = "01k3v9x2abcdef"
NAME = f"{JOB}/1.mp4"
FILM = bytes(range(256)) * 50_000
"""12.8 MB: three pieces."""


@pytest.fixture
async def proxy(s3: S3Server) -> AsyncGenerator[FaultyProxy]:
    async with FaultyProxy.open(s3.endpoint) as proxy:
        yield proxy


def through(proxy: FaultyProxy, bucket: Bucket, seconds: float = 5, retries: int = 1) -> BucketStore:
    return bucket.store("deep", endpoint=proxy.url, seconds=seconds, retries=retries)


async def upload(store: BucketStore, film: bytes = FILM) -> None:
    async with store.new_file(NAME) as file:
        for start in range(0, len(film), 1_000_000):
            await file.write(film[start : start + 1_000_000])


async def fetch(store: BucketStore) -> bytes:
    async with store.local(NAME) as path:
        return path.read_bytes()


async def test_what_broke_once_is_tried_again(proxy: FaultyProxy, bucket: Bucket) -> None:
    store = through(proxy, bucket, retries=3)
    for fault in (answering(500, "InternalError"), answering(503, "SlowDown")):
        await proxy.fail(fault, times=2)
        await store.keep(NAME, FILM)
        assert proxy.met == 2
        await proxy.fail(fault, times=2)
        assert await fetch(store) == FILM
        proxy.met = 0


@pytest.mark.parametrize("after", [100, 2_000_000])
async def test_a_download_that_is_cut_is_whole_in_the_end_or_told(
    proxy: FaultyProxy, bucket: Bucket, after: int
) -> None:
    store = through(proxy, bucket)
    await store.keep(NAME, FILM)
    await proxy.fail(proxy.cutting(after), times=1)
    assert await fetch(store) == FILM
    await proxy.fail(proxy.cutting(after))
    with pytest.raises(MediaUnavailable):
        await fetch(store)
    await proxy.fail(None)
    assert await fetch(store) == FILM


async def test_what_was_fetched_stays_no_longer_than_it_is_needed(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    store = bucket.store()
    await store.keep(NAME, FILM)
    async with store.local(NAME):
        assert len(everything_in(tmp_path)) == 2
    with pytest.raises(ZeroDivisionError):
        async with store.local(NAME):
            raise ZeroDivisionError
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("fault", [answering(500, "InternalError"), silent])
async def test_an_upload_that_breaks_off_is_told_and_leaves_nothing(
    proxy: FaultyProxy, bucket: Bucket, fault: object
) -> None:
    store = through(proxy, bucket, seconds=1, retries=0)

    async def break_off() -> None:
        async with store.new_file(NAME) as file:
            for number in range(20):
                if number == 8:
                    await proxy.fail(fault, times=3)  # pyright: ignore[reportArgumentType]  # pytest's parameters
                await file.write(bytes(1_000_000))

    with pytest.raises(MediaUnavailable):
        await break_off()
    await proxy.fail(None)
    assert not await store.has(NAME)


async def test_an_upload_whose_source_breaks_off_or_is_cancelled_leaves_no_parts_behind(bucket: Bucket) -> None:
    store = bucket.store()
    begun = asyncio.Event()

    async def upload_without_end() -> None:
        async with store.new_file(NAME) as file:
            for _ in range(8):
                await file.write(bytes(1_000_000))
            begun.set()
            await asyncio.Event().wait()

    uploading = asyncio.create_task(upload_without_end())
    await begun.wait()
    uploading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await uploading
    assert await bucket.unfinished_uploads() == 0
    assert not await store.has(NAME)


async def test_a_silent_bucket_is_given_up_within_seconds(proxy: FaultyProxy, bucket: Bucket) -> None:
    store = through(proxy, bucket, seconds=0.5, retries=0)
    await proxy.fail(silent)
    began = time.monotonic()
    for request in (store.keep(NAME, b"x"), store.read(NAME), store.has(NAME), store.remove(NAME), fetch(store)):
        with pytest.raises(MediaUnavailable) as caught:
            await request
        assert caught.value.problem is MediaProblem.UNREACHABLE
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "AccessDenied", "the key may not do that in the bucket (403 AccessDenied)"),
        (403, "InvalidAccessKeyId", "the bucket's server does not accept the key"),
        (401, "", "the bucket's server does not accept the key"),
        (404, "NoSuchBucket", "there is no such bucket"),
        (301, "PermanentRedirect", "the bucket is in another region"),
        (500, "InternalError", "the bucket's server answers with an error (500 InternalError)"),
        (409, "", "the bucket's server answers with an error (409)"),
    ],
)
async def test_a_refusal_is_told_in_words_without_key_or_address(
    proxy: FaultyProxy, bucket: Bucket, status: int, code: str, words: str
) -> None:
    store = through(proxy, bucket, retries=0)
    await proxy.fail(answering(status, code))
    with pytest.raises(MediaUnavailable) as caught:
        await store.keep(NAME, b"x")
    assert (str(caught.value), caught.value.strerror) == (words, words)
    assert caught.value.__cause__ is None
    with pytest.raises(MediaUnavailable):
        await store.sweep(0, known)
    with pytest.raises(MediaUnavailable):
        await upload(store)
    assert not any(secret in repr(caught.value) for secret in (KEY, SECRET, proxy.url))


async def test_a_film_that_is_replaced_while_it_is_read_is_not_mixed(bucket: Bucket) -> None:
    store = bucket.store()
    await store.keep(NAME, FILM)
    found = await store.serve(NAME)
    assert isinstance(found, RemoteFile)
    read = found.read(0, found.size)
    await anext(read)
    await store.keep(NAME, FILM[::-1])
    with pytest.raises(MediaUnavailable):
        await anext(read)


async def test_a_part_is_read_in_bounded_pieces(bucket: Bucket) -> None:
    store = bucket.store()
    await store.keep(NAME, FILM)
    found = await store.serve(NAME)
    assert isinstance(found, RemoteFile)
    assert found.size == len(FILM)
    pieces = [piece async for piece in found.read(1_000, 12_000_001)]
    assert b"".join(pieces) == FILM[1_000:12_000_001]
    assert max(map(len, pieces)) <= 5 * 2**20


async def test_a_signed_address_serves_the_film_to_whoever_has_it(bucket: Bucket) -> None:
    store = bucket.store("deep", signs_links=True)
    await upload(store)
    async with httpx.AsyncClient() as viewer:
        for method in ("GET", "HEAD"):
            link = await store.serve(NAME, method)
            assert isinstance(link, SignedLink)
            assert "X-Amz-Expires=3600" in link.address
            assert SECRET not in link.address
            answer = await viewer.request(method, link.address)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, "video/mp4")
            assert answer.headers["Content-Length"] == str(len(FILM))
            assert answer.content == (FILM if method == "GET" else b"")
    assert await store.serve(f"{JOB}/2.mp4") is None


async def known(ids: Sequence[str]) -> Sequence[str]:
    return ids


async def test_a_monitor_costs_a_write_now_and_then(proxy: FaultyProxy, bucket: Bucket) -> None:
    now = 0.0
    store = BucketStore(through(proxy, bucket, retries=0)._s3, seconds=lambda: now)  # pyright: ignore[reportPrivateUsage]  # with a clock
    await store.try_write()
    await proxy.fail(answering(403, "AccessDenied"))
    for now in (1.0, WRITABLE_SECONDS - 1):  # noqa: B007  # the store's clock reads it
        await store.try_write()
    now = WRITABLE_SECONDS
    for _ in range(2):
        with pytest.raises(MediaUnavailable):
            await store.try_write()
    await proxy.fail(None)
    await store.try_write()
    assert (store.place, await store.free_bytes()) == ("media bucket", None)


LISTING = """<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>{entries}<IsTruncated>{more}</IsTruncated>
{token}</ListBucketResult>"""
ENTRY = """<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"x"</ETag><Size>2</Size>
</Contents>"""


async def test_a_sweep_of_many_jobs_asks_for_and_deletes_a_bounded_number_at_once() -> None:
    """A server that only lists and deletes: 1,200 jobs on two pages."""
    keys = [f"{number:014}/{name}" for number in range(1200) for name in ("start.png", "1.mp4")]
    asked: list[int] = []
    deleted: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        if request.method == "POST":
            named = re.findall(r"<Key>([^<]+)</Key>", await request.text())
            deleted.extend(named)
            gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in named)
            return web.Response(text=f"<DeleteResult>{gone}</DeleteResult>")
        second = "continuation-token" in request.query
        entries = "".join(ENTRY.format(key=key) for key in (keys[1000:] if second else keys[:1000]))
        token = "" if second else "<NextContinuationToken>second</NextContinuationToken>"
        return web.Response(text=LISTING.format(entries=entries, more=str(not second).lower(), token=token))

    async def count(ids: Sequence[str]) -> list[str]:
        asked.append(len(ids))
        return [one for one in ids if int(one) % 2]

    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{name:.*}", answer)
    async with TestServer(app) as server:
        store = Bucket(str(server.make_url("")).rstrip("/"), "media").store(most_bytes=4000)
        assert await store.sweep(2_000_000_000_000, count) == 1200
        assert (sum(asked), max(asked)) == (1200, 500)
        assert sorted(deleted) == sorted(key for key in keys if int(key[:14]) % 2)
        assert await store.sizes() == dict.fromkeys(keys, 2)


STREAM = """
import asyncio, sys
from tests.support.memory import peak_mb
from tests.support.s3_server import Bucket
from bot.media.store import RemoteFile
MEGABYTE = bytes(2**20)
async def main():
    store = Bucket(sys.argv[1], sys.argv[2]).store()
    await store.keep("job/0.mp4", MEGABYTE)
    async with store.local("job/0.mp4"):
        before = peak_mb()
    async with store.new_file("job/1.mp4") as file:
        for _ in range(96):
            await file.write(MEGABYTE)
    async with store.local("job/1.mp4") as path:
        await store.keep_file("job/2.mp4", path)
    found = await store.serve("job/2.mp4")
    assert isinstance(found, RemoteFile)
    read = sum([len(piece) async for piece in found.read(0, found.size)])
    print(read // 2**20, peak_mb() - before)
asyncio.run(main())
"""


@pytest.mark.slow  # 400 MiB over the wire
async def test_a_large_film_goes_in_and_out_within_little_memory(bucket: Bucket) -> None:
    command = [sys.executable, "-c", STREAM, bucket.endpoint, bucket.name]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=120, check=True)
    passed, more = map(int, done.stdout.split())
    assert passed == 96
    assert more < 60
