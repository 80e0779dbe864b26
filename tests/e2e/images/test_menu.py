"""Animate this image: a film of any picture in any message, from its context menu."""

import asyncio
import io
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageStat

from sandbox.discord import Interaction, Message
from sandbox.discord.modals import Modal
from sandbox.harness import Sandbox
from sandbox.provider.model.image_jobs import is_image_job
from sandbox.provider.rendering.codec import last_frame
from tests.e2e.support.guild import Server, create_server, finished, gallery, job_id
from tests.e2e.support.images import (
    CREDITS,
    closest,
    image_sandbox,
    imagine,
    newest,
    refused,
)
from tests.support.sample_images import small_photo

pytestmark = pytest.mark.asyncio(loop_scope="module")

MENU = "Animate this image"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


async def opened(server: Server, message: Message) -> tuple[Interaction, Modal]:
    asked = await server.mira.menu(message, MENU)
    await asked.answered()
    assert asked.modal is not None, asked.describe()
    return asked, asked.modal


async def animated(server: Server, message: Message, **values: Any) -> Message:
    asked, _ = await opened(server, message)
    return await finished(await server.mira.submit(asked, {"prompt": "it moves", "films": "1-sd", **values}))


def unfurled(url: str) -> dict[str, Any]:
    """Write what Discord makes of a link to a picture."""
    return {"type": "image", "url": url, "thumbnail": {"url": url, "proxy_url": url, "width": 1, "height": 1}}


async def test_the_picture_that_somebody_attached(server: Server, sandbox: Sandbox) -> None:
    message = await server.leo.say(server.channel, "look", attachments=[server.image()])
    asked, form = await opened(server, message)
    assert [field.label for field in form.fields] == ["Prompt", "Motion", "Films"]
    assert form["prompt"].value in ("", None)
    assert form["motion"].value == ["low"]
    film = await finished(
        await server.mira.submit(asked, {"prompt": "the boat turns", "motion": "high", "films": "2-sd"})
    )
    assert film.text.startswith(f"**Video** by {server.mira.mention}, high motion, SD, 2 clips, 4 credits")
    assert newest(sandbox).prompt == "the boat turns"
    assert newest(sandbox).image == small_photo()
    assert film.media[0].where == "thumbnail"
    assert await server.credits() == CREDITS - 4


async def test_the_gallery_of_a_card(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    _, form = await opened(server, card)
    assert [choice.label for choice in form["picture"].choices] == [
        f"Picture {number} by {card.author.name}" for number, _ in enumerate(gallery(card), 1)
    ]
    await animated(server, card, picture="3")
    assert closest(newest(sandbox).image or b"", card) == 3


async def test_a_film_goes_on_from_its_last_frame(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video(clips=2)
    _, form = await opened(server, card)
    named = ["Last frame of clip 1", "Last frame of clip 2", "The picture to start with"]
    assert [choice.label for choice in form["picture"].choices] == named
    film = sandbox.folder / "media" / job_id(card) / "2.mp4"
    meant = await asyncio.to_thread(last_frame, film)
    await animated(server, card, picture="2")
    with Image.open(io.BytesIO(newest(sandbox).image or b"")) as sent:
        assert sent.size == meant.size
        difference = ImageStat.Stat(ImageChops.difference(sent.convert("RGB"), meant)).mean
    assert max(difference) < 5
    assert (film.parent / "2.last.jpg").exists()


async def test_the_start_of_a_film(server: Server, sandbox: Sandbox) -> None:
    film = await server.finished_video(clips=1)
    start = newest(sandbox).image
    await animated(server, film, picture="2")
    assert start is not None
    assert len(newest(sandbox).image or b"") > 0
    assert newest(sandbox).image != start


async def test_a_film_whose_file_is_gone_is_not_gone_on_from(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video(clips=1)
    asked, _ = await opened(server, card)
    (sandbox.folder / "media" / job_id(card) / "1.mp4").unlink()
    told = await refused(server, await server.mira.submit(asked, {"prompt": "it moves"}), CREDITS - 2)
    assert told.startswith(f"Job {job_id(card)} has no picture here that you may use.")


async def test_the_picture_behind_a_link(server: Server, sandbox: Sandbox) -> None:
    await imagine(server)
    drawing = next(job for job in sandbox.provider.jobs.values() if is_image_job(job) and job.image_result is not None)
    link = f"{sandbox.provider.base_url}/pics/{drawing.result_id}/2.png"
    message = await server.leo.say(server.channel, f"look {link}", embeds=[unfurled(link)])
    await animated(server, message)
    assert newest(sandbox).order.image_url == link


async def test_a_message_that_is_deleted_while_the_form_is_open(server: Server, sandbox: Sandbox) -> None:
    message = await server.leo.say(server.channel, "look", attachments=[server.image()])
    asked, _ = await opened(server, message)
    sandbox.discord.moderator_deletes(message)
    told = await refused(server, await server.mira.submit(asked, {"prompt": "it moves"}))
    assert told.startswith("Discord no longer has the image.")


async def test_a_broken_picture_is_refused(server: Server) -> None:
    message = await server.leo.say(server.channel, "look", attachments=[server.image(data=small_photo()[:5000])])
    asked, _ = await opened(server, message)
    told = await refused(server, await server.mira.submit(asked, {"prompt": "it moves"}))
    assert told.startswith("The image is broken or incomplete.")


async def test_a_form_of_before_a_kill_works(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path) as sandbox:
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            message = await server.leo.say(server.channel, "look", attachments=[server.image()])
            asked, _ = await opened(server, message)
            await bot.kill()
        async with sandbox.bot():
            await finished(await server.mira.submit(asked, {"prompt": "it moves", "films": "1-sd"}))
            assert newest(sandbox).image == small_photo()


@pytest.mark.parametrize(
    ("providers", "fields", "moves"),
    [
        (("acedata",), ["prompt", "motion", "films"], ["any", "loop"]),
        (("ttapi", "acedata"), ["prompt", "motion", "films"], ["low", "high", "loop"]),
        (("cometapi",), ["prompt", "motion", "films"], ["low", "high"]),
    ],
    ids=str,
)
async def test_the_form_offers_what_some_provider_has(
    tmp_path: Path, providers: tuple[str, ...], fields: list[str], moves: list[str]
) -> None:
    async with image_sandbox(tmp_path, providers=providers) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        message = await server.leo.say(server.channel, "look", attachments=[server.image()])
        asked, form = await opened(server, message)
        assert [field.custom_id for field in form.fields] == fields
        assert [choice.value for choice in form["motion"].choices] == moves
        film = await finished(await server.mira.submit(asked, {"prompt": "it moves", "motion": moves[-1]}))
        assert newest(sandbox).options.loop is ("loop" in moves)
        assert "made by" in film.text


async def test_a_picture_at_a_private_address_is_not_fetched(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path, {"ALLOW_PRIVATE_URLS": "false"}) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        link = f"{sandbox.provider.base_url}/pics/secret/0.png"
        message = await server.leo.say(server.channel, f"look {link}", embeds=[unfurled(link)])
        asked, _ = await opened(server, message)
        told = await refused(server, await server.mira.submit(asked, {"prompt": "it moves"}))
        assert told == ("The image lies at an address that I do not open. Nothing was charged. Attach it as a file.")
        assert [request.path for request in sandbox.provider.requests if "/pics/" in request.path] == []
