"""Going on where a provider has no extend, or none that takes words: from the clip's last frame."""

import asyncio
import io
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageStat

from sandbox.discord import Interaction, Message
from sandbox.harness import Sandbox
from sandbox.provider import Job
from sandbox.provider.model import faults
from sandbox.provider.rendering.codec import last_frame
from tests.e2e.support.delivery import overridden
from tests.e2e.support.guild import Server, button, create_server, finished, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    """Start the sandbox with a provider that has no extend, and one whose extend takes no words."""
    async with start_sandbox(tmp_path_factory.mktemp("sandbox"), providers=("apimart", "ttapi")) as sandbox:
        hasten(sandbox)
        yield sandbox
        assert sandbox.discord.violations == []


def newest(sandbox: Sandbox) -> Job:
    return list(sandbox.provider.jobs.values())[-1]


def film_of(sandbox: Sandbox, card: Message, clip: int) -> Path:
    return sandbox.folder / "media" / job_id(card) / f"{clip}.mp4"


async def starts_where_it_ends(sandbox: Sandbox, film: Path) -> bool:
    """Tell whether the newest job's image is what a film ends on."""
    meant = await asyncio.to_thread(last_frame, film)
    with Image.open(io.BytesIO(newest(sandbox).image or b"")) as sent:
        difference = ImageStat.Stat(ImageChops.difference(sent.convert("RGB"), meant)).mean
        return sent.size == meant.size and max(difference) < 5


async def opened(server: Server, card: Message) -> Interaction:
    asked = await server.mira.click(card, f"words:{job_id(card)}")
    await asked.answered()
    assert asked.modal is not None, asked.describe()
    return asked


async def test_a_provider_without_an_extend_goes_on_at_one_press(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video(provider="apimart", clips=2)
    extension = await finished(await server.mira.click(card, button(card, 2, "high")))
    assert extension.text.startswith(f"**Extension** by {server.mira.mention}, high motion, SD, 2 clips, 4 credits")
    assert f"(job {job_id(card)}), from its last frame, made by APIMart" in extension.text
    order = newest(sandbox).order
    assert (order.prompt, order.options.motion, order.options.clips) == ("a paper boat", "high", 2)
    assert await starts_where_it_ends(sandbox, film_of(sandbox, card, 2))
    assert [media.where for media in extension.media].count("thumbnail") == 1
    assert await server.credits() == 16
    # It goes on from itself, too.
    third = await finished(await server.mira.click(extension, button(extension, 1, "low")))
    assert f"(job {job_id(extension)}), from its last frame" in third.text


async def test_words_go_on_from_the_last_frame_where_the_extend_takes_none(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video(provider="ttapi", clips=1, resolution="hd")
    asked = await opened(server, card)
    extension = await finished(await server.mira.submit(asked, {"prompt": "it sinks", "motion": "high", "films": "2"}))
    assert "> it sinks" in extension.text
    assert "high motion, HD, 2 clips, 12 credits" in extension.text
    assert "from its last frame, made by TTAPI" in extension.text
    assert newest(sandbox).order.prompt == "it sinks"
    assert await starts_where_it_ends(sandbox, film_of(sandbox, card, 1))
    # The one-press rows stay the provider's own extend.
    pressed = await finished(await server.mira.click(card, button(card, 1, "low")))
    assert "from its last frame" not in pressed.text
    assert newest(sandbox).order.action == "extend"


async def test_a_clip_that_is_gone_here_is_fetched_from_its_card(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video(provider="apimart", clips=1)
    film = film_of(sandbox, card, 1)
    shown = film.read_bytes()
    film.unlink()
    fetched = len([one for one in sandbox.provider.requests if one.path.startswith("/cdn/")])
    asked: dict[str, Any] = {"job": job_id(card), "clip": 1, "prompt": "it sinks"}
    extension = await finished(await server.mira.slash(server.channel, "extend", **asked))
    assert "from its last frame" in extension.text
    assert film.read_bytes() == shown
    assert await starts_where_it_ends(sandbox, film)
    # The provider was asked for the extension's clip alone.
    assert len([one for one in sandbox.provider.requests if one.path.startswith("/cdn/")]) == fetched + 1


async def test_a_clip_that_nobody_has_any_more_costs_nothing(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video(provider="apimart", clips=1)
    asked = await opened(server, card)
    film_of(sandbox, card, 1).unlink()
    sandbox.discord.moderator_deletes(card)
    submits = sandbox.provider.submits
    with overridden(sandbox.provider.settings, download_fault=faults.Status(404)):
        told = await server.private_text(await server.mira.submit(asked, {"prompt": "it sinks"}))
    assert told.startswith(f"Clip 1 of job {job_id(card)} is gone")
    assert "Nothing was charged." in told
    assert (sandbox.provider.submits, await server.credits()) == (submits, 22)


async def test_a_form_of_before_a_kill_is_sent_after_it(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path, providers=("apimart",)) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            card = await server.finished_video(clips=1)
            asked = await opened(server, card)
            await bot.kill()
        async with sandbox.bot():
            sent = [await server.mira.submit(asked, {"prompt": "it sinks"}) for _ in range(2)]
            extension = await finished(sent[0])
            assert "from its last frame" in extension.text
            assert "it is being made" in await server.private_text(sent[1])
            assert sandbox.provider.submits == 2
            assert await server.credits() == 20
