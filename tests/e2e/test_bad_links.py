"""Result links that disappoint: what can be had arrives, the rest is named, and every card ends."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from sandbox.harness import BotProcess, Sandbox
from sandbox.provider import FakeProvider
from sandbox.provider.model import faults
from tests.e2e.support.delivery import bot_without_errors, ended, logged, overridden
from tests.e2e.support.guild import Server, extends, finished, gallery, job_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncGenerator[BotProcess]:
    """Run a bot that the outside can reach, and that waits three seconds for links."""
    async with bot_without_errors(sandbox, called=True, RESULT_GRACE_MINUTES="0.05") as bot:
        yield bot


async def test_a_clip_that_cannot_be_fetched_is_named_and_the_other_arrives(server: Server) -> None:
    server.sandbox.provider.next_download(faults.Endless())
    card = await finished(await server.video(clips=2))
    [film] = gallery(card)
    missing = 3 - int(film.filename[-5])
    assert f"Clip {missing} was made and is paid for, but I could not fetch it from TTAPI: [its link](" in card.text
    assert f"may still work for you, and `/jobs show id:{job_id(card)}` tries again." in card.text
    assert len(extends(card)) == 4
    assert await server.credits() == 20


@pytest.mark.parametrize(
    "fault",
    [
        faults.CutOff(),
        faults.Slow(0.5),
        faults.Status(503),
        faults.ResetBefore(),
        faults.Status(404),
        faults.Status(403),
        faults.Empty(),
        faults.NotAVideo(),
        faults.Redirect("file:///etc/passwd"),
        faults.Redirect("http://user:secret@127.0.0.1/"),
    ],
    ids=str,
)
async def test_a_clip_that_is_late_comes_all_the_same(server: Server, fault: faults.DownloadFault) -> None:
    server.sandbox.provider.next_download(fault)
    card = await finished(await server.video(clips=2), clips=2)
    assert "could not fetch" not in card.text


async def test_a_host_that_never_recovers_is_given_up_and_the_card_ends(server: Server, bot: BotProcess) -> None:
    with overridden(server.sandbox.provider.settings, download_fault=faults.Status(500)):
        card = await (await server.video(clips=2)).until(ended, 40)
    assert gallery(card) == []
    assert card.text.count("was made and is paid for, but I could not fetch it from TTAPI") == 2
    await logged(server.sandbox, f"job {job_id(card)} is delivered")
    assert await server.credits() == 20


async def test_a_host_that_serves_browsers_alone_serves_us(server: Server) -> None:
    with overridden(server.sandbox.provider.settings, cdn_agents="browsers"):
        card = await finished(await server.video(clips=2), clips=2)
    assert len(gallery(card)) == 2


async def test_the_clips_that_are_there_are_shown_while_another_is_tried_again(server: Server) -> None:
    def refused(fake_provider: FakeProvider) -> bool:
        return [request.status for request in fake_provider.requests].count(503) >= 3

    for _ in range(3):
        server.sandbox.provider.next_download(faults.Status(503))
    asked = await server.video(clips=4)
    part = await asked.until(lambda message: len(gallery(message)) == 1, 20)
    assert part.buttons == []
    assert "cannot be fetched from TTAPI yet, and I keep trying until" in part.text
    await server.sandbox.provider.until(refused)
    await finished(asked, clips=4)
