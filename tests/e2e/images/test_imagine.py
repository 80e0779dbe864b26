"""Pictures: imagined, acted upon, and turned into films, all through the same engine."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio

from sandbox.discord import Interaction, Message
from sandbox.harness import Sandbox
from tests.e2e.support.guild import Server, finished, gallery, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    """Start the sandbox with enough credits for a long afternoon."""
    folder = tmp_path_factory.mktemp("sandbox")
    async with start_sandbox(folder) as sandbox:
        hasten(sandbox)
        sandbox.settings.update(DEFAULT_CREDITS="200")
        yield sandbox
        assert sandbox.discord.violations == []


async def drawn(asked: Interaction, pictures: int = 4) -> Message:
    """Wait for a card with its pictures and what may be done with them."""
    return await asked.until(lambda message: len(gallery(message)) == pictures and message.buttons, 30)


async def imagine(server: Server, prompt: str = "a red kite over the sea --ar 16:9", **options: Any) -> Message:
    return await drawn(await server.mira.slash(server.channel, "imagine", prompt=prompt, **options))


def labels(card: Message) -> list[str]:
    return [button.label or "" for button in card.buttons]


async def test_four_pictures_with_the_buttons_that_the_result_names(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server, "a red kite --ar 16:9 --fast --bs 4")
    assert "**Pictures** by" in card.text
    assert "fast speed, 1 credit" in card.text
    assert "> a red kite --ar 16:9" in card.text
    assert "Taken out of the prompt: `--fast`, `--bs 4`." in card.text
    assert labels(card)[:9] == ["U1", "U2", "U3", "U4", "🔄", "V1", "V2", "V3", "V4"]
    assert [button.custom_id for button in card.buttons][9:] == [
        f"animate:{job_id(card)}:{number}:{motion}" for motion in ("low", "high") for number in (1, 2, 3, 4)
    ]
    assert len({media.filename for media in gallery(card)}) == 4


async def test_a_picture_becomes_a_film_and_the_film_goes_on(server: Server, sandbox: Sandbox) -> None:
    grid = await imagine(server)
    upscaled = await drawn(await server.mira.click(grid, f"act:{job_id(grid)}:upsample2"), 1)
    assert "**U2** by" in upscaled.text
    assert f"(job {job_id(grid)}), made by TTAPI" in upscaled.text
    assert "Zoom out 2x" in labels(upscaled)
    opened = await server.mira.click(upscaled, f"animate:{job_id(upscaled)}:1:high")
    await opened.answered()
    assert opened.modal is not None
    assert opened.modal["prompt"].value == "a red kite over the sea"
    asked = await server.mira.submit(opened, {"prompt": "the kite rises", "films": "1-hd"})
    film = await finished(asked)
    assert "**Video** by" in film.text
    assert "high motion, HD, 1 clip, 6 credits" in film.text
    assert f"from a picture of job {job_id(upscaled)}" in film.text
    order = list(sandbox.provider.jobs.values())[-1].order
    assert (order.prompt, order.options.motion, order.options.resolution) == ("the kite rises", "high", "hd")
    extension = await finished(await server.mira.click(film, f"extend:{job_id(film)}:1:high"))
    assert "**Extension** by" in extension.text


async def test_a_prompt_in_another_language_is_translated_and_its_card_says_how_to_go_without(
    server: Server, sandbox: Sandbox
) -> None:
    server.leo.locale = "vi"
    card = await drawn(await server.leo.slash(server.channel, "imagine", prompt="con thuyền giấy"))
    assert "fast speed, translated, 1 credit" in card.text
    assert "> con thuyền giấy" in card.text
    assert "`translate:False` leaves it as it is" in card.text
    assert list(sandbox.provider.jobs.values())[-1].order.prompt == "(in English) con thuyền giấy"
