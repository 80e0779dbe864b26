"""What /region refuses: one sentence to its member alone, nothing reserved, no call to the provider."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sandbox.discord import Permission
from sandbox.harness import Sandbox
from tests.e2e.support.delivery import bot_without_errors, overridden, rows
from tests.e2e.support.guild import Server, create_server, job_id
from tests.e2e.support.images import (
    CREDITS,
    drawn,
    image_sandbox,
    imagine,
    refused,
)
from tests.e2e.support.masks import (
    LEFT,
    checks,
    draft_of,
    mask_file,
    mask_of,
    previewed,
    region,
    single,
    size_of,
    told_beside,
)

GREY = "The mask has greys or colours, and only what is nearly black or nearly white is clear."

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


async def test_only_who_asked_may_confirm_or_discard(server: Server, sandbox: Sandbox) -> None:
    preview = await previewed(server, await single(server))
    sentence = "Only the member who asked for this preview may use it. Nothing was charged. Run /region yourself."
    redraw, discard = preview.buttons
    assert await refused(server, await server.leo.click(preview, redraw, force=True)) == sentence
    assert await told_beside(await server.leo.click(preview, discard, force=True)) == sentence
    await drawn(await server.mira.click(preview, preview.buttons[0]))


async def test_a_mask_of_another_size(server: Server) -> None:
    card = await single(server)
    wide, high = size_of(card)
    told = await refused(server, await region(server, job_id(card), mask_of((wide // 2, high))), LEFT)
    assert told == (
        f"The mask has {wide // 2} × {high} pixels, and the picture {wide} × {high}. Nothing was charged. "
        "Paint the mask over the saved picture, and keep its size."
    )


async def test_a_mask_with_grey_or_without_white_or_that_is_no_image(server: Server, sandbox: Sandbox) -> None:
    card = await single(server)
    job, size = job_id(card), size_of(card)
    wrong: list[tuple[bytes, dict[str, Any], str]] = [
        (mask_of(size, colour=128), {}, GREY),
        (mask_of(size, colour=0), {}, "The mask has no white, so nothing would be redrawn."),
        (b"GIF? no.", {}, "The mask is not a picture that I can read."),
        (b"{}", {"content_type": "application/json"}, "The mask is not a picture that I can read."),
        (mask_of(size), {"size": 12 * 2**20 + 1}, "The mask is larger than 12 MiB."),
        (mask_of(size), {"prompt": "--fast"}, "The prompt is empty."),
    ]
    kept = list((sandbox.folder / "media").iterdir())
    for mask, options, sentence in wrong:
        told = await refused(server, await region(server, job, mask, **options), LEFT)
        assert told.startswith(f"{sentence} Nothing was charged.")
    assert list((sandbox.folder / "media").iterdir()) == kept
    assert rows(sandbox, "select * from region_preview where parent_job_id = ?", job) == []


async def test_four_pictures_are_to_be_told_apart_first(server: Server) -> None:
    card = await imagine(server)
    told = await refused(server, await region(server, job_id(card), mask_of(size_of(card))), CREDITS - 1)
    assert told == (
        f"Job {job_id(card)} made four pictures, and a mask belongs to one. Nothing was charged. "
        "Press U1, U2, U3 or U4 below them first, and name the job that comes of it."
    )


async def test_what_is_no_picture_or_not_to_be_seen_is_not_offered(server: Server) -> None:
    film = await server.finished_video(clips=1)
    told = await refused(server, await region(server, job_id(film), mask_of((8, 8))), CREDITS - 2)
    assert told.startswith(f"Job {job_id(film)} has no pictures to go on from. Nothing was charged.")
    card = await single(server, server.leo)
    asked = await server.leo.slash(server.channel, "seed", job=job_id(card))
    seed = await asked.until(lambda message: "The seed is" in message.text, 20)
    told = await server.private_text(await region(server, job_id(seed), mask_of((8, 8)), server.leo))
    assert told.startswith(f"Job {job_id(seed)} has no pictures to go on from. Nothing was charged.")
    server.channel.set_overwrite(server.mira, deny=Permission.READ_MESSAGE_HISTORY)
    asked = await region(server, job_id(card), mask_of(size_of(card)))
    told = await server.private_text(asked)
    assert told.startswith(f"There is no job {job_id(card)} here that you may see.")


async def test_a_picture_that_is_not_kept_any_more(server: Server, sandbox: Sandbox) -> None:
    card = await single(server)
    (sandbox.folder / "media" / job_id(card) / "1.png").unlink()
    told = await refused(server, await region(server, job_id(card), mask_of(size_of(card))), LEFT)
    assert told.startswith(f"The picture of job {job_id(card)} is no longer kept here, so I cannot lay a mask over it.")


async def test_forbidden_words_are_refused_once_they_would_be_paid_for(server: Server, sandbox: Sandbox) -> None:
    card = await single(server)
    before = checks(sandbox)
    with overridden(sandbox.provider.settings, banned_words=frozenset({"sexy"})):
        preview = await previewed(server, card, prompt="a sexy lighthouse")
        assert checks(sandbox) == before
        told = await refused(server, await server.mira.click(preview, preview.buttons[0]), LEFT)
    assert told.startswith("TTAPI forbids words of the prompt: “sexy”. Nothing was charged.")
    assert checks(sandbox) == before + 1
    assert rows(sandbox, "select job_id from strike where user_id = ?", server.mira.id) == [(draft_of(preview),)]


async def test_too_few_credits_are_told_in_the_preview_and_refused_after_it(server: Server) -> None:
    card = await single(server)
    await server.quota("set", target=server.mira, credits=2)
    preview = await previewed(server, card)
    assert "that takes 1 credit, and you have 0 left." in preview.text
    told = await refused(server, await server.mira.click(preview, preview.buttons[0]), 0)
    assert told.startswith("This takes 1 credit, and you have 0 left.")


async def test_a_mask_that_vanished_is_missed_before_anything_is_reserved(server: Server, sandbox: Sandbox) -> None:
    preview = await previewed(server, await single(server))
    mask_file(sandbox, draft_of(preview)).unlink()
    told = await refused(server, await server.mira.click(preview, preview.buttons[0]), LEFT)
    assert told.startswith("This preview has ended:")


async def test_a_mask_that_vanishes_while_its_job_waits_ends_it_at_once_and_gives_the_credit_back(
    tmp_path: Path,
) -> None:
    async with image_sandbox(tmp_path) as sandbox:
        server = create_server(sandbox)
        async with bot_without_errors(sandbox, MAX_RUNNING="1"):
            preview = await previewed(server, await single(server))
            sandbox.provider.settings.hold = True
            running = await server.leo.slash(server.channel, "imagine", prompt="a boat")
            await running.until(lambda message: "%" in message.text, 20)
            pressed = await server.mira.click(preview, preview.buttons[0])
            await pressed.until(lambda message: "Waiting, place 1" in message.text, 20)
            mask_file(sandbox, draft_of(preview)).unlink()
            sandbox.provider.release()
            card = await pressed.until(lambda message: "came back" in message.text, 20)
            assert "This preview has ended: I keep a mask for a day, or until it is discarded." in card.text
            assert "1 credit came back. Run /region with it once more." in card.text
            assert await server.credits() == LEFT
            assert [r for r in sandbox.provider.requests if r.path.endswith("/inpaint")] == []
