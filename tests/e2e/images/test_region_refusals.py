"""What /region refuses: one sentence to its member alone, nothing reserved, no call to the provider."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.harness import Sandbox
from tests.e2e.support.delivery import bot_without_errors, overridden, rows
from tests.e2e.support.guild import Server, create_server, job_id
from tests.e2e.support.images import (
    drawn,
    image_sandbox,
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
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


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


async def test_too_few_credits_are_told_instead_of_a_preview_and_refused_after_one_until_some_are_granted(
    server: Server,
) -> None:
    card = await single(server)
    await server.quota("set", target=server.mira, credits=2)
    told = await refused(server, await region(server, job_id(card), mask_of(size_of(card))), 0)
    assert told.startswith("This takes 1 credit, and you have 0 left.")

    await server.quota("grant", member=server.mira, credits=1)
    preview = await previewed(server, card)
    assert "that takes 1 credit, and you have 1 left." in preview.text
    # What was left goes elsewhere while the preview is looked at.
    await drawn(await server.mira.click(card, f"act:{job_id(card)}:low_variation"))
    told = await refused(server, await server.mira.click(preview, preview.buttons[0]), 0)
    assert told.startswith("This takes 1 credit, and you have 0 left.")

    await server.quota("grant", member=server.mira, credits=1)
    preview = await previewed(server, card)
    await drawn(await server.mira.click(preview, preview.buttons[0]))
    assert await server.credits() == 0


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
