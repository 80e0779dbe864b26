"""A bucket that is of no use ends the start with a sentence that names the setting, within seconds."""

import sys
import time
from collections.abc import AsyncGenerator

import pytest

from bot.errors import BucketRefused
from bot.media import bucket_client, bucket_store
from bot.media.bucket import open_bucket
from bot.media.store import RemoteFile, SignedLink
from tests.support.faulty_proxy import FaultyProxy, answering, silent
from tests.support.s3_server import KEY, SECRET, Bucket, S3Server


@pytest.fixture
async def proxy(s3: S3Server) -> AsyncGenerator[FaultyProxy]:
    async with FaultyProxy.open(s3.endpoint) as proxy:
        yield proxy


async def refusal(bucket: Bucket, endpoint: str | None = None) -> BucketRefused:
    with pytest.raises(BucketRefused) as caught:
        await open_bucket(bucket.address("deep", endpoint))
    told = f"{caught.value} {caught.value.cure}"
    assert not any(secret in told for secret in (KEY, SECRET))
    assert str(caught.value).count(".") == 1
    return caught.value


async def test_a_bucket_that_is_of_use_is_left_as_it_was(bucket: Bucket) -> None:
    store = await open_bucket(bucket.address("deep"), most_bytes=100)
    assert await store.sizes() == {}


async def test_a_bucket_that_is_not_there_is_named(s3: S3Server) -> None:
    assert str(await refusal(Bucket(s3.endpoint, "nowhere"))) == "MEDIA_URL names a bucket that does not exist."


async def test_a_server_that_is_not_there_is_named(bucket: Bucket) -> None:
    assert str(await refusal(bucket, "http://127.0.0.1:1")) == (
        "AWS_ENDPOINT_URL leads to no server that answers, and the bucket that MEDIA_URL names should be there."
    )


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (
            403,
            "AccessDenied",
            "MEDIA_URL names a bucket that cannot be written: the key may not do that in the bucket "
            "(403 AccessDenied).",
        ),
        (
            403,
            "SignatureDoesNotMatch",
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not accepted by the server of the bucket that MEDIA_URL "
            "names.",
        ),
        (301, "PermanentRedirect", "AWS_REGION is not the region of the bucket that MEDIA_URL names."),
        (
            501,
            "NotImplemented",
            "MEDIA_URL names a bucket that cannot be written: the bucket's server answers with an error "
            "(501 NotImplemented).",
        ),
    ],
)
async def test_what_stands_in_the_way_is_told(
    proxy: FaultyProxy, bucket: Bucket, status: int, code: str, sentence: str
) -> None:
    await proxy.fail(answering(status, code))
    assert str(await refusal(bucket, proxy.url)) == sentence


@pytest.mark.parametrize("passed", [1, 2, 3])
async def test_a_key_that_may_write_and_not_list_read_or_delete_is_refused(
    proxy: FaultyProxy, bucket: Bucket, passed: int
) -> None:
    """Each of the four is tried; the server's answer to the first ones is its own."""
    await proxy.fail_after(passed, answering(403, "AccessDenied"))
    assert "cannot be written" in str(await refusal(bucket, proxy.url))


async def test_the_check_gives_up_within_seconds(
    proxy: FaultyProxy, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_store, "CHECK_SECONDS", 0.5)
    await proxy.fail(silent)
    began = time.monotonic()
    assert (await refusal(bucket, proxy.url)).name == "AWS_ENDPOINT_URL"
    assert time.monotonic() - began < 5


async def test_without_the_extra_the_start_says_which_one_is_missing(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "bot.media.bucket_client")
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    assert str(await refusal(bucket)) == "MEDIA_URL needs the extra `s3`: pip install 'animatic[s3]'."


@pytest.mark.parametrize(
    ("endpoint", "addresses", "reached"),
    [
        (None, [], True),
        ("https://s3.example.com", ["93.184.216.34"], True),
        ("https://s3.example.com", ["93.184.216.34", "10.0.0.7"], False),
        ("https://s3.example.com", [], False),
        ("http://s3.example.com", ["93.184.216.34"], False),
        ("https://rustfs:9000", ["172.18.0.4"], False),
    ],
)
async def test_viewers_are_sent_to_the_bucket_only_where_they_reach_it(
    bucket: Bucket, endpoint: str | None, addresses: list[str], reached: bool
) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        if not addresses:
            raise OSError
        return addresses

    address = bucket.address()._replace(endpoint=endpoint)
    store = await bucket_client.reach_bucket(address, resolve=resolve)
    served = await bucket.store(signs_links=store.signs_links).keep("a/1.mp4", b"film")
    found = await bucket.store(signs_links=store.signs_links).serve(served)
    assert isinstance(found, SignedLink if reached else RemoteFile)
