"""Reach the bucket that MEDIA_URL names."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from obstore.store import S3Store

from bot.config import BucketAddress
from bot.media.bucket_store import BucketStore
from bot.media.ssrf import is_public, resolve_host

if TYPE_CHECKING:  # obstore has these for type checkers alone
    from obstore.store import ClientConfig, RetryConfig, S3Config

REQUEST_TIMEOUT = timedelta(seconds=30)
"""How long one request may take, of which none carries more than a few MiB."""

CONNECT_TIMEOUT = timedelta(seconds=5)

RETRIES = 3
"""How often a request is made again that met with a broken connection or an answer of 500 and more."""

RETRY_TIME = timedelta(seconds=20)
"""How long after the first try there may be another one."""

RESOLVE_SECONDS = 5.0


async def reach_bucket(address: BucketAddress, *, most_bytes: int | None = None) -> BucketStore:
    """Make what reaches a bucket; nothing of it is tried yet."""
    return BucketStore(_s3_of(address), signs_links=await _viewers_reach(address.endpoint), most_bytes=most_bytes)


def _s3_of(address: BucketAddress) -> S3Store:
    """Set obstore up; what is not set here it looks for in the environment, and on the machine that it runs on."""
    config: S3Config = {}
    if address.key_id is not None and address.secret is not None:
        config["access_key_id"] = address.key_id.get_secret_value()
        config["secret_access_key"] = address.secret.get_secret_value()
    if address.region is not None:
        config["region"] = address.region
    if address.endpoint is not None:
        config["endpoint"] = address.endpoint
    options: ClientConfig = {
        "allow_http": (address.endpoint or "").startswith("http://"),
        "connect_timeout": CONNECT_TIMEOUT,
        "timeout": REQUEST_TIMEOUT,
    }
    retries: RetryConfig = {"max_retries": RETRIES, "retry_timeout": RETRY_TIME}
    return S3Store(
        address.bucket, prefix=address.prefix or None, config=config, client_options=options, retry_config=retries
    )


async def _viewers_reach(endpoint: str | None) -> bool:
    """Tell whether people's browsers may be sent to the bucket: over https, to public addresses.

    Without an endpoint it is Amazon's own. What only we reach is passed on by our own server.
    """
    if endpoint is None:
        return True
    parts = urlsplit(endpoint)
    if parts.scheme != "https" or parts.hostname is None:
        return False
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            addresses = await resolve_host(parts.hostname, parts.port or 443)
    except OSError:
        return False
    return bool(addresses) and all(map(is_public, addresses))
