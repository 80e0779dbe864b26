"""Result links that disappoint: what can be had arrives, the rest is named, and every card ends."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from sandbox.harness import BotProcess, Sandbox
from sandbox.provider import FakeProvider
from sandbox.provider.model import faults
from tests.e2e.support.delivery import ended, logged, sane_bot, turned
from tests.e2e.support.guild import Scene, films, finished, job_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncGenerator[BotProcess]:
    """Run a bot that the outside can reach."""
    async with sane_bot(sandbox, called=True) as bot:
        yield bot


@pytest.mark.parametrize(
    "fault",
    [
        faults.Status(404),
        faults.NotAVideo(),
        faults.Endless(),
        faults.Redirect("file:///etc/passwd"),
        faults.Redirect("http://user:secret@127.0.0.1/"),
    ],
    ids=["gone", "no video", "endless", "redirected to a file", "redirected with credentials"],
)
async def test_a_clip_that_cannot_be_fetched_is_named_and_the_other_arrives(
    scene: Scene, fault: faults.DownloadFault
) -> None:
    scene.sandbox.provider.next_download(fault)
    card = await finished(await scene.video(clips=2))
    [film] = films(card)
    missing = 3 - int(film.filename[-5])
    assert f"Clip {missing} was made and is paid for, but I could not fetch it from TTAPI: [its link](" in card.text
    assert len(card.buttons) == 4
    assert await scene.credits() == 20


@pytest.mark.parametrize("fault", [faults.CutOff(), faults.Slow(0.5), faults.Status(503), faults.ResetBefore()])
async def test_a_clip_that_is_late_comes_all_the_same(scene: Scene, fault: faults.DownloadFault) -> None:
    scene.sandbox.provider.next_download(fault)
    card = await finished(await scene.video(clips=2), clips=2)
    assert "could not fetch" not in card.text


async def test_a_host_that_never_recovers_is_given_up_and_the_card_ends(scene: Scene, bot: BotProcess) -> None:
    with turned(scene.sandbox.provider.settings, download_fault=faults.Status(500)):
        card = await (await scene.video(clips=2)).until(ended, 40)
    assert films(card) == []
    assert card.text.count("was made and is paid for, but I could not fetch it from TTAPI") == 2
    await logged(scene.sandbox, f"job {job_id(card)} is delivered")
    assert await scene.credits() == 20


async def test_the_clips_that_are_there_are_shown_while_another_is_tried_again(scene: Scene) -> None:
    def refused(fake_provider: FakeProvider) -> bool:
        return [request.status for request in fake_provider.requests].count(503) >= 3

    for _ in range(3):
        scene.sandbox.provider.next_download(faults.Status(503))
    asked = await scene.video(clips=4)
    part = await asked.until(lambda message: len(films(message)) == 1, 20)
    assert part.buttons == []
    assert "fetching the clips" in part.text
    await scene.sandbox.provider.until(refused)
    await finished(asked, clips=4)
