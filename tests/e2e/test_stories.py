"""The same story at each of the four providers, each with what it has; and what becomes of an answer that is lost."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from discord.utils import escape_markdown

from sandbox.discord import Message
from sandbox.harness import Sandbox
from sandbox.provider import Job
from sandbox.provider.model import faults
from tests.e2e.support.guild import (
    Server,
    button,
    create_server,
    extends,
    finished,
    gallery,
    job_id,
    made,
)
from tests.e2e.test_rescue import refund, say
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox
from tests.support.sample_images import small_photo

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Told:
    """Hold how the story differs at a provider: its rows of buttons, what its cards say of motion, how it extends."""

    name: str
    title: str
    rows: tuple[str, ...]
    motion: str = "low motion, "
    from_last_frame: bool = False

    def __str__(self) -> str:
        return self.name


TTAPI = Told("ttapi", "TTAPI", ("low", "high"))
ACEDATA = Told("acedata", "AceData", ("none",), motion="")
APIMART = Told("apimart", "APIMart", ("low", "high"), from_last_frame=True)
COMETAPI = Told("cometapi", "CometAPI", ("low", "high"))
ALL = (TTAPI, ACEDATA, APIMART, COMETAPI)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    """Start the sandbox with all four providers."""
    async with start_sandbox(tmp_path_factory.mktemp("sandbox"), providers=tuple(map(str, ALL))) as sandbox:
        hasten(sandbox)
        yield sandbox
        assert sandbox.discord.violations == []


def newest(sandbox: Sandbox) -> Job:
    return list(sandbox.provider.jobs.values())[-1]


def rows(message: Message) -> list[str]:
    """Give the extend buttons, row by row: the clips that each is for and its motion."""
    found: dict[str, str] = {}
    for one in extends(message):
        _, _, clip, motion = (one.custom_id or "").split(":")
        found[motion] = found.get(motion, "") + clip
    return [f"{clips} {motion}" for motion, clips in found.items()]


@pytest.mark.parametrize("told", ALL, ids=str)
async def test_a_picture_becomes_films_although_the_bot_is_killed_meanwhile(tmp_path: Path, told: Told) -> None:
    async with start_sandbox(tmp_path, providers=(told.name,)) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.hold = True
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked = await server.video(prompt="a paper boat, drifting")
            await asked.until(lambda message: "%" in message.text or "being made" in message.text, 20)
            await bot.kill()
        async with sandbox.bot() as bot:
            sandbox.provider.release()
            card = await made(asked)
            video = newest(sandbox)
            assert [media.data for media in gallery(card)] == [video.clip_bytes(n) for n in range(4)]
            assert f"by {server.mira.mention}, {told.motion}SD, 4 clips, 8 credits" in card.text
            assert f"made by {told.title}, job {job_id(card)}" in card.text
            assert rows(card) == [f"1234 {motion}" for motion in told.rows]
            assert (video.prompt, video.action) == ("a paper boat, drifting", "generate")
            assert (video.options.motion, video.options.resolution, video.options.clips) == ("low", "sd", 4)
            assert video.image_sha256 == hashlib.sha256(small_photo()).hexdigest()
            await extend(server, card, told)
            log = bot.log.read_text()
        assert sandbox.provider.submits == 2
        assert sandbox.discord.violations == []
        assert "Traceback" not in log
        assert sandbox.provider.key not in log


async def extend(server: Server, card: Message, told: Told) -> None:
    """Extend the second clip by the last row's button."""
    motion = told.rows[-1]
    video = newest(server.sandbox)
    extension = await made(await server.mira.click(card, button(card, 2, motion)))
    order = newest(server.sandbox).order
    asked = (None, None, "generate") if told.from_last_frame else (video, 1, "extend")
    assert (order.parent, order.index, order.action) == asked
    assert (order.prompt, order.options.resolution, order.options.clips) == ("a paper boat, drifting", "sd", 4)
    assert order.options.motion == ("low" if motion == "none" else motion)
    assert [media.data for media in gallery(extension)] == [newest(server.sandbox).clip_bytes(n) for n in range(4)]
    where = "from its last frame, " if told.from_last_frame else ""
    assert f"from clip 2 of {card.link} (job {job_id(card)}), {where}made by {told.title}" in extension.text
    assert rows(extension) == rows(card)
    assert await server.credits() == 8


@pytest.mark.parametrize("told", [TTAPI, ACEDATA], ids=str)
async def test_a_job_whose_answer_was_lost_is_found_in_the_providers_list(
    server: Server, sandbox: Sandbox, told: Told
) -> None:
    submits = sandbox.provider.submits
    sandbox.provider.next_submit(faults.ResetAfter())
    card = await finished(await server.video(provider=told.name), clips=4)
    assert [media.data for media in gallery(card)] == [newest(sandbox).clip_bytes(n) for n in range(4)]
    assert sandbox.provider.submits == submits + 1
    assert await server.credits() == 16


@pytest.mark.parametrize("told", [APIMART, COMETAPI], ids=str)
async def test_where_nobody_can_be_asked_a_lost_job_is_refunded_and_an_admin_adopts_it(
    server: Server, sandbox: Sandbox, told: Told
) -> None:
    await made(await server.video(server.leo, provider=told.name))
    theirs = newest(sandbox).id
    submits = sandbox.provider.submits
    sandbox.provider.next_submit(faults.ResetAfter())
    asked = await server.video(provider=told.name)
    await asked.until(lambda message: f"{told.title} has not answered" in message.text, 20)
    await refund(sandbox, asked)
    assert asked.message is not None
    name = job_id(asked.message)
    assert f"{told.title} never answered" in asked.message.text
    assert await server.credits() == 24
    assert f"`{name}` by {server.mira.mention}" in await say(server, "unknown")
    for wrong in (theirs, theirs[:-1] + ("0" if theirs[-1] != "0" else "1")):
        assert await say(server, "adopt", job=name, remote_id=wrong) == (
            f"{told.title} does not know {escape_markdown(wrong)} as this job. "
            "Compare the id with the provider's own list of jobs."
        )
    # It was asked for long ago, so that it is polled seldom.
    async with asyncio.timeout(20):
        while not newest(sandbox).state.over:  # noqa: ASYNC110  # the provider tells nobody
            await asyncio.sleep(0.05)
    remote = newest(sandbox).id
    assert await say(server, "adopt", job=name, remote_id=remote) == (
        f"Job {name} is {escape_markdown(remote)} at {told.name} now; its card goes on."
    )
    card = await made(asked)
    assert [media.data for media in gallery(card)] == [newest(sandbox).clip_bytes(n) for n in range(4)]
    assert sandbox.provider.submits == submits + 1
    assert await server.credits() == 24
