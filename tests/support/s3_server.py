"""An S3 server over a real socket: moto's, in a process of its own, which ends with who started it."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import httpx
from obstore.store import S3Store
from pydantic import SecretStr

from bot.config import BucketAddress
from bot.media.bucket_store import BucketStore

NAMES_AT_ONCE = 20
"""How many names the server gives in one answer; S3 itself gives 1000."""

KEY, SECRET = "a-key-of-ours", "a-secret-of-ours"


@dataclass(frozen=True)
class Bucket:
    """Name a bucket at a server."""

    endpoint: str
    name: str

    def settings(self, prefix: str = "") -> dict[str, str]:
        """Give a bot's settings for it."""
        return {
            "MEDIA_URL": f"s3://{self.name}{prefix and f'/{prefix}'}",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }

    def address(self, prefix: str = "", endpoint: str | None = None) -> BucketAddress:
        """Give its address, or that of one like it at another endpoint."""
        keys = SecretStr(KEY), SecretStr(SECRET)
        return BucketAddress(self.name, prefix, *keys, "us-east-1", endpoint or self.endpoint)

    def store(
        self,
        prefix: str = "",
        *,
        endpoint: str | None = None,
        seconds: float = 10,
        retries: int = 1,
        signs_links: bool = False,
        most_bytes: int | None = None,
    ) -> BucketStore:
        """Give a store on it that loses patience early."""
        s3 = S3Store(
            self.name,
            prefix=prefix or None,
            config={
                "endpoint": endpoint or self.endpoint,
                "access_key_id": KEY,
                "secret_access_key": SECRET,
                "region": "us-east-1",
            },
            client_options={"allow_http": True, "timeout": timedelta(seconds=seconds)},
            retry_config={"max_retries": retries, "retry_timeout": timedelta(seconds=seconds)},
        )
        return BucketStore(s3, signs_links=signs_links, most_bytes=most_bytes)

    def put(self, name: str, data: bytes) -> None:
        """Put an object there as a stranger does."""
        httpx.put(f"{self.endpoint}/{self.name}/{name}", content=data, timeout=10).raise_for_status()

    async def unfinished_uploads(self) -> int:
        """Count the uploads that were begun and neither ended nor taken back."""
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{self.endpoint}/{self.name}?uploads")
        return answer.text.count("<Upload>")


class S3Server:
    """Make buckets."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._numbers = count()

    def bucket(self) -> Bucket:
        """Make an empty one."""
        name = f"media-{next(self._numbers)}"
        httpx.put(f"{self.endpoint}/{name}", timeout=10).raise_for_status()
        return Bucket(self.endpoint, name)


@contextmanager
def s3_server() -> Generator[S3Server]:
    """Run the server until the block ends."""
    command = (sys.executable, "-m", __name__)
    settings = {**os.environ, "MOTO_S3_DEFAULT_MAX_KEYS": str(NAMES_AT_ONCE)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=settings) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield S3Server(process.stdout.readline().strip())
        finally:
            process.stdin.close()


async def _serve() -> None:
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)  # it prints its own trouble with uploads taken back
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(f"http://{host}:{port}", flush=True)  # noqa: T201  # who started it reads this
    await asyncio.to_thread(sys.stdin.read)
    server.stop()


if __name__ == "__main__":
    asyncio.run(_serve())
