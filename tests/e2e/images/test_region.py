"""/region: the mask is shown over the picture for free, and what was shown is redrawn once it is confirmed."""

import asyncio
import base64
import io
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image, ImageChops

from sandbox.discord import Interaction
from sandbox.harness import Sandbox
from sandbox.provider import Job
from sandbox.provider.rendering.resize import shrink
from tests.e2e.support.delivery import bot_without_errors, rows
from tests.e2e.support.guild import Server, create_server, gallery, job_id
from tests.e2e.support.images import (
    click_forged,
    drawn,
    image_sandbox,
    newest,
    ordered,
    refused,
)
from tests.e2e.support.masks import (
    LEFT,
    body_sent,
    checks,
    draft_of,
    half,
    mask_file,
    means,
    opened,
    previewed,
    region,
    single,
    size_of,
    told_beside,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY_MS = 24 * 3_600_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


def changed(before: Image.Image, after: Image.Image) -> tuple[int, int, int, int] | None:
    """Find the box outside of which no pixel changed."""
    return ImageChops.difference(before, after).getbbox()


def inside(box: tuple[int, int, int, int] | None, wider: tuple[int, int, int, int]) -> bool:
    return box is not None and box[0] >= wider[0] and box[1] >= wider[1] and box[2] <= wider[2] and box[3] <= wider[3]


def tiles(job: Job | None) -> list[Image.Image]:
    assert job is not None
    assert job.image_result is not None
    return [opened(path) for path in job.image_result.tiles]


async def test_the_mask_is_shown_over_the_picture_before_anything_is_spent(server: Server, sandbox: Sandbox) -> None:
    card = await single(server)
    submits = sandbox.provider.submits
    preview = await previewed(server, card, prompt="a *lighthouse* --fast")
    assert preview.ephemeral
    assert f"(job {job_id(card)})" in preview.text
    assert "> a \\*lighthouse\\*" in preview.text
    assert "Taken out of the prompt: `--fast`." in preview.text
    assert "that takes 1 credit, and you have 498 left." in preview.text
    assert [button.label for button in preview.buttons] == ["Redraw, 1 credit", "Discard"]
    before, shown = opened(gallery(card)[0].data), opened(gallery(preview)[0].data)
    assert shown.size == before.size
    right = half(before.size)
    left = (0, 0, right[0], before.height)
    assert means(shown.crop(left)) == pytest.approx(means(before.crop(left)), abs=4)
    red = Image.new("RGB", before.size, "red")
    assert means(shown.crop(right)) == pytest.approx(means(Image.blend(before, red, 0.5).crop(right)), abs=4)
    assert sandbox.provider.submits == submits
    assert await server.credits() == LEFT


async def test_a_picture_with_a_hole_is_a_mask_and_the_preview_says_so(server: Server) -> None:
    card = await single(server)
    erased = opened(gallery(card)[0].data).convert("RGBA")
    erased.paste((0, 0, 0, 0), half(erased.size))
    data = io.BytesIO()
    erased.save(data, "PNG")
    asked = await region(server, job_id(card), data.getvalue())
    preview = await asked.until(lambda message: message.buttons, 20)
    assert "The mask is the picture with a hole: what was erased is redrawn." in preview.text


async def test_only_the_white_part_is_redrawn(server: Server, sandbox: Sandbox) -> None:
    card = await single(server)
    preview = await previewed(server, card, prompt="a lighthouse")
    result = await drawn(await server.mira.click(preview, preview.buttons[0]))
    assert job_id(result) == draft_of(preview)
    assert "**New region** by" in result.text
    assert "> a lighthouse" in result.text
    assert f"(job {job_id(card)}), made by TTAPI" in result.text
    assert await server.credits() == LEFT - 1
    order, size = ordered(sandbox), size_of(card)
    assert (order.action, order.prompt) == ("inpaint", "a lighthouse")
    sent = Image.open(io.BytesIO(base64.b64decode(body_sent(sandbox)["mask"])))
    assert (sent.mode, sent.size, sent.getbbox()) == ("L", size, half(size))
    [before] = tiles(order.parent)
    redrawn = tiles(newest(sandbox))
    assert len(redrawn) == 4
    assert all(inside(changed(before, after), half(size)) for after in redrawn)
    smaller = shrink(before, (before.width // 2, before.height // 2))
    right_half = (half(size)[0] // 2, 0, *smaller.size)
    assert all(inside(changed(smaller, opened(film.data)), right_half) for film in gallery(result))


async def test_without_a_prompt_the_picture_s_own_stands_and_is_neither_sent_nor_checked(
    server: Server, sandbox: Sandbox
) -> None:
    card = await single(server)
    preview = await previewed(server, card)
    assert "with the picture's own prompt" in preview.text
    before = checks(sandbox)
    result = await drawn(await server.mira.click(preview, preview.buttons[0]))
    assert "prompt" not in body_sent(sandbox)
    assert checks(sandbox) == before
    assert "> a red kite over the sea --ar 16:9" in result.text
    assert ordered(sandbox).prompt == "a red kite over the sea --ar 16:9"


async def test_a_mask_is_laid_over_the_largest_picture_that_is_made(server: Server, sandbox: Sandbox) -> None:
    card = await single(server)
    size = (8_192, 8_192)  # what upscale4 makes of 2048 x 2048 pixels
    Image.new("L", size, 99).save(sandbox.folder / "media" / job_id(card) / "1.png", "PNG")
    mask = io.BytesIO()
    Image.new("1", size, 1).save(mask, "PNG")
    asked = await region(server, job_id(card), mask.getvalue())
    preview = await asked.until(lambda message: message.buttons, 30)
    assert opened(gallery(preview)[0].data).size == (1_024, 1_024)
    pressed = await server.mira.click(preview, preview.buttons[0])
    # The provider's own picture is as small as ever, and there the mask is of another size.
    await pressed.until(lambda message: "did not accept the request" in message.text, 20)
    sent = Image.open(io.BytesIO(base64.b64decode(body_sent(sandbox)["mask"])))
    assert (sent.mode, sent.size) == ("L", size)
    assert await server.credits() == LEFT


async def test_a_double_click_makes_one_job_and_a_later_one_none(server: Server, sandbox: Sandbox) -> None:
    card = await single(server)
    preview = await previewed(server, card)
    submits = sandbox.provider.submits
    first, second = await asyncio.gather(*(server.mira.click(preview, preview.buttons[0]) for _ in range(2)))

    def winner() -> Interaction | None:
        return next((one for one in (first, second) if one.message and len(gallery(one.message)) == 4), None)

    made = await sandbox.discord.wait_for(winner, 30, lambda: "no click was taken up")
    loser = second if made is first else first
    told = await server.private_text(loser)
    assert "You have" in told
    assert made.message is not None
    assert str(made.message.id) in told
    third = await server.mira.click(preview, preview.buttons[0])
    assert (await server.private_text(third)).startswith(
        "You have [redrawn this already](https://discord.com/channels/"
    )
    discarded = await server.mira.click(preview, preview.buttons[1])
    assert (await told_beside(discarded)).startswith("You have [redrawn this already](")
    assert sandbox.provider.submits == submits + 1
    assert await server.credits() == LEFT - 1


async def test_a_preview_outlives_a_kill(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path) as sandbox:
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            card = await single(server)
            preview = await previewed(server, card, prompt="a lighthouse")
            await bot.kill()
        async with bot_without_errors(sandbox):
            result = await drawn(await server.mira.click(preview, preview.buttons[0]))
            assert "> a lighthouse" in result.text
            assert await server.credits() == LEFT - 1


async def test_a_discarded_preview_leaves_nothing(server: Server, sandbox: Sandbox) -> None:
    card = await single(server)
    preview = await previewed(server, card)
    draft = draft_of(preview)
    assert mask_file(sandbox, draft).is_file()
    await server.mira.click(preview, preview.buttons[1])
    await sandbox.discord.wait_for(lambda: preview.text.startswith("Discarded."), 10, preview.describe)
    assert preview.text == "Discarded. Nothing was charged."
    assert preview.buttons == []
    assert gallery(preview) == []
    assert not mask_file(sandbox, draft).parent.exists()
    assert rows(sandbox, "select * from region_preview where id = ?", draft) == []
    pressed = await click_forged(server.mira, card, f"region:{draft}")
    told = await refused(server, pressed, LEFT)
    assert told.startswith("This preview has ended: I keep a mask for a day, or until it is discarded.")


async def test_a_day_later_a_preview_has_ended_and_an_hour_after_that_it_is_swept(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path) as sandbox:
        server = create_server(sandbox)
        async with bot_without_errors(sandbox):
            card = await single(server)
            old, used = await previewed(server, card), await previewed(server, card)
            await drawn(await server.mira.click(used, used.buttons[0]))
            rows(sandbox, "update region_preview set created_ms = created_ms - ?", DAY_MS)
            told = await refused(server, await server.mira.click(old, old.buttons[0]), LEFT - 1)
            assert told.startswith("This preview has ended:")
        async with bot_without_errors(sandbox) as bot:
            await bot.healthy()
            assert mask_file(sandbox, draft_of(old)).is_file()
            rows(sandbox, "update region_preview set created_ms = created_ms - 3600000")
        async with bot_without_errors(sandbox) as bot:
            await bot.healthy()
            gone = mask_file(sandbox, draft_of(old)).parent
            await sandbox.discord.wait_for(lambda: not gone.exists(), 10, lambda: "the mask is kept")
            told = await refused(server, await server.mira.click(old, old.buttons[0]), LEFT - 1)
            assert told.startswith("This preview has ended:")
            told = await refused(server, await server.mira.click(used, used.buttons[0]), LEFT - 1)
            assert told.startswith("You have [redrawn this already](")
        assert rows(sandbox, "select * from region_preview") == []
        assert mask_file(sandbox, draft_of(used)).is_file()
