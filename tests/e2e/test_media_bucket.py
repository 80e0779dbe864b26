"""A bot whose films are in a bucket: nothing is kept on its disk, and another process goes on with them."""

import asyncio
import re
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from sandbox.harness import Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import ended
from tests.e2e.support.guild import create_server, finished, gallery, job_id
from tests.e2e.support.images import newest
from tests.e2e.test_large_clips import without_film_extra
from tests.e2e.test_restart import hasten
from tests.support.faulty_proxy import FaultyProxy, answering
from tests.support.fork_server import start_sandbox
from tests.support.s3_server import SECRET, Bucket, s3_server

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 2**20


@pytest.fixture(scope="module")
def bucket() -> Generator[Bucket]:
    with s3_server() as server:
        yield server.bucket()


@pytest_asyncio.fixture(loop_scope="module")
async def proxy(bucket: Bucket) -> AsyncGenerator[FaultyProxy]:
    async with FaultyProxy.open(bucket.endpoint) as proxy:
        yield proxy


def in_bucket(sandbox: Sandbox, bucket: Bucket, proxy: FaultyProxy) -> None:
    """Let the bots of a sandbox keep their films in a bucket of which they reach the proxy alone."""
    hasten(sandbox)
    sandbox.settings.update(bucket.settings("films"), AWS_ENDPOINT_URL=proxy.url)


async def test_a_film_is_made_with_nothing_on_the_disk_and_shown_again_by_another_process(
    bucket: Bucket, proxy: FaultyProxy, tmp_path: Path
) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        in_bucket(sandbox, bucket, proxy)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked = await server.video()
            card = await finished(asked)
            made = newest(sandbox)
            assert [film.data for film in gallery(card)] == [made.clip_bytes(number) for number in range(4)]
            kept = await bucket.store("films").sizes()
            names = {f"{job_id(card)}/{name}" for name in ("start.png", "1.mp4", "2.mp4", "3.mp4", "4.mp4")}
            assert names <= set(kept)
            # The bucket is away when the next film is made, and the process dies: another one delivers it.
            sandbox.provider.settings.hold = True
            waiting = await server.video(clips=1)
            await waiting.until(lambda message: "%" in message.text, 20)
            await proxy.fail(answering(503, "SlowDown"))
            sandbox.provider.release()
            await asyncio.wait_for(proxy.hit.wait(), 20)
            await bot.kill()
        await proxy.fail(None)
        async with sandbox.bot() as bot:
            await finished(waiting, clips=1)
            assert sandbox.provider.submits == 2
            assert await bot.stop() == 0
        assert not (tmp_path / "media").exists()
        assert not any(words in sandbox.log.read_text() for words in ("Traceback", SECRET))
        assert sandbox.discord.violations == []


async def test_a_film_too_large_for_discord_is_passed_on_from_the_bucket(
    bucket: Bucket, proxy: FaultyProxy, tmp_path: Path
) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        in_bucket(sandbox, bucket, proxy)
        server = create_server(sandbox)
        sandbox.provider.settings.download_fault = faults.Huge(11 * MIB)
        hidden = without_film_extra(sandbox, tmp_path)
        async with sandbox.bot(called=True, PYTHONPATH=hidden) as bot, aiohttp.ClientSession() as viewer:
            card = await (await server.video(clips=1)).until(ended, 30)
            [link] = re.findall(r"\[watch it here\]\((\S+)\)", card.text)
            film = await bucket.store("films").read(f"{job_id(card)}/1.mp4")
            assert len(film) == 11 * MIB
            async with viewer.get(link) as answer:
                assert (answer.status, answer.content_type, await answer.read()) == (200, "video/mp4", film)
            async with viewer.get(link, headers={"Range": "bytes=100-199"}) as answer:
                assert (answer.status, await answer.read()) == (206, film[100:200])
            await proxy.fail(answering(403, "AccessDenied"))
            async with viewer.get(link) as answer:
                assert answer.status == 503
            await proxy.fail(None)
            log = bot.log.read_text()
        assert "Traceback" not in log
        assert link.rsplit("/", 1)[1].removesuffix(".mp4") not in log
