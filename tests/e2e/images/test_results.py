"""What a picture job brings, in all the shapes in which TTAPI may bring it."""

import io
import re
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from sandbox.discord import Message
from sandbox.harness import Sandbox
from sandbox.provider.model import faults
from sandbox.provider.model.job import ImageResult
from tests.e2e.support.delivery import logged, overridden
from tests.e2e.support.guild import Server, finished, gallery, job_id
from tests.e2e.support.images import (
    CREDITS,
    drawn,
    image_sandbox,
    imagine,
    newest,
    offered_on,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


def drawing(sandbox: Sandbox) -> ImageResult:
    """Give what the provider drew last."""
    found = newest(sandbox).image_result
    assert found is not None
    return found


def pixels(data: bytes) -> tuple[tuple[int, int], bytes]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size, image.convert("RGB").tobytes()


async def test_the_four_pictures_are_those_that_the_studio_gives_one_by_one(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    files = drawing(sandbox).files
    assert [film.data for film in gallery(card)] == [files[str(number)].read_bytes() for number in range(4)]
    assert [film.filename for film in gallery(card)] == [f"animatic-{job_id(card)}-{n}.png" for n in (1, 2, 3, 4)]
    assert [film.description for film in gallery(card)] == [f"picture {n}" for n in (1, 2, 3, 4)]


async def test_a_grid_without_single_pictures_is_cut_into_four(server: Server, sandbox: Sandbox) -> None:
    with overridden(sandbox.provider.settings, ttapi_singles=False):
        card = await imagine(server)
    found = drawing(sandbox)
    (width, height), _ = pixels(found.files["image"].read_bytes())
    with Image.open(found.files["image"]) as grid:
        boxes = [(x, y, x + width // 2, y + height // 2) for y in (0, height // 2) for x in (0, width // 2)]
        quarters = [grid.convert("RGB").crop(box).tobytes() for box in boxes]
    assert [pixels(film.data)[1] for film in gallery(card)] == quarters
    assert {"upsample1", "variation4"} <= offered_on(card)
    asked = await server.mira.click(card, f"animate:{job_id(card)}:4:low")
    await asked.answered()
    await finished(await server.mira.submit(asked, {"films": "1-sd"}))
    await drawn(await server.mira.click(card, f"act:{job_id(card)}:upsample4"), 1)


@pytest.mark.parametrize(
    "knobs",
    [
        {"ttapi_nothing": "list"},
        {"ttapi_nothing": "null"},
        {"ttapi_nothing": "object"},
        {"ttapi_action": "action"},
        {"ttapi_action": "both", "ttapi_quota": "text"},
        {"ttapi_previews": False},
        {"id_field": "job_id"},
        {"callbacks": "twice"},
    ],
    ids=str,
)
async def test_every_shape_of_an_answer_is_read(server: Server, sandbox: Sandbox, knobs: dict[str, Any]) -> None:
    with overridden(sandbox.provider.settings, queue_seconds=0.25, run_seconds=0.25, **knobs):
        card = await imagine(server)
        upscaled = await drawn(await server.mira.click(card, f"act:{job_id(card)}:upsample2"), 1)
    assert len(gallery(upscaled)) == 1
    assert await server.credits() == CREDITS - 2


async def test_an_unfinished_picture_is_not_delivered(server: Server, sandbox: Sandbox) -> None:
    sandbox.provider.settings.hold = True
    asked = await server.mira.slash(server.channel, "imagine", prompt="a kite")
    card = await asked.until(lambda message: "%" in message.text, 20)
    assert gallery(card) == []
    sandbox.provider.release()
    await drawn(asked)


async def test_fewer_pictures_than_asked_for_are_shown_and_paid_for(server: Server, sandbox: Sandbox) -> None:
    sandbox.provider.next_submit(faults.FewerClips(3))
    card = await drawn(await server.mira.slash(server.channel, "imagine", prompt="a kite"), 3)
    assert await server.credits() == CREDITS - 1
    assert "upsample4" not in offered_on(card)
    animations = [b.custom_id for b in card.buttons if (b.custom_id or "").startswith("animate:")]
    assert len(animations) == 6


async def test_a_picture_that_is_too_large_for_discord_is_sent_smaller_and_kept_as_it_was(
    server: Server, sandbox: Sandbox
) -> None:
    card = await imagine(server)
    sandbox.provider.next_download(faults.Huge(11 * MIB))
    large = await drawn(await server.mira.click(card, f"act:{job_id(card)}:upsample1"), 1)
    [film] = gallery(large)
    assert film.filename.endswith(".jpg") or film.filename.endswith(".png")
    assert film.size < 10 * MIB
    with Image.open(io.BytesIO(film.data)) as shown:
        assert shown.size == drawing(sandbox).size
    kept = sandbox.folder / "media" / job_id(large) / "1.png"
    assert kept.stat().st_size == 11 * MIB
    asked = await server.mira.click(large, f"animate:{job_id(large)}:1:low")
    await asked.answered()
    await finished(await server.mira.submit(asked, {"films": "1-sd"}))


async def test_a_picture_that_cannot_be_fetched_is_told_and_the_others_are_shown(
    server: Server, sandbox: Sandbox
) -> None:
    sandbox.provider.next_download(faults.Endless())
    card = await drawn(await server.mira.slash(server.channel, "imagine", prompt="a kite"), 3)
    [missing] = {1, 2, 3, 4} - {int(film.description.split()[-1]) for film in gallery(card) if film.description}
    told = f"Picture {missing} was made and is paid for, but I could not fetch it from TTAPI: [its link](http"
    assert told in card.text
    assert {"upsample1", "upsample4"} <= offered_on(card)
    animations = [b.custom_id for b in card.buttons if (b.custom_id or "").startswith("animate:")]
    assert animations == [
        f"animate:{job_id(card)}:{number}:{motion}"
        for motion in ("low", "high")
        for number in (1, 2, 3, 4)
        if number != missing
    ]
    await drawn(await server.mira.click(card, f"act:{job_id(card)}:upsample2"), 1)


async def test_a_download_that_breaks_off_is_tried_again(server: Server, sandbox: Sandbox) -> None:
    again = (faults.CutOff(), faults.ResetBefore(), faults.Status(503), faults.Status(404), faults.NotAVideo())
    for fault in again:
        sandbox.provider.next_download(fault)
        assert len(gallery(await imagine(server))) == 4


async def test_picture_jobs_are_listed_and_shown_again_with_live_buttons(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server, "a red kite --ar 3:2")
    single = await drawn(await server.mira.click(card, f"act:{job_id(card)}:upsample1"), 1)
    described = await server.mira.slash(server.channel, "describe", image=server.image())
    words = await described.until(lambda message: len(message.buttons) == 4, 20)
    await logged(sandbox, f"job {job_id(words)} is delivered")
    listed = await server.private_text(await server.mira.slash(server.channel, "jobs list"))
    assert re.findall(r", job `(\w+)`$", listed, re.MULTILINE) == [job_id(words), job_id(single), job_id(card)]
    assert listed.replace("\\", "").count("a red kite --ar 3:2\n-# ") == 2
    assert listed.count("done, <t:") == 3
    submits, other = sandbox.provider.submits, server.guild.text_channel("elsewhere")
    for shown in (card, single, words):
        again = await shown_again(server, shown, other)
        assert [media.data for media in again.media] == [media.data for media in shown.media]
        assert [b.custom_id for b in again.buttons] == [b.custom_id for b in shown.buttons]
    assert sandbox.provider.submits == submits
    again = next(message for message in other.messages if job_id(message) == job_id(card))
    await drawn(await server.leo.click(again, f"act:{job_id(card)}:upsample3"), 1)


async def shown_again(server: Server, card: Message, channel: Any) -> Message:
    asked = await server.mira.slash(channel, "jobs show", id=job_id(card))
    return await asked.until(lambda message: len(message.buttons) == len(card.buttons), 20)
