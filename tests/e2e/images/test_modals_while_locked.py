"""A form is opened in time whatever the database does: without what it could not tell, and nothing is lost by it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.discord import Interaction
from sandbox.harness import Sandbox
from tests.e2e.images.test_menu import MENU
from tests.e2e.support.database_lock import locked, sealed
from tests.e2e.support.delivery import logged, rows
from tests.e2e.support.guild import Server, finished, job_id
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

FORGOTTEN = (
    "I do not remember which picture this was. Nothing was charged. Use *Animate this image* on its message once more."
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


def database(sandbox: Sandbox) -> Path:
    return sandbox.folder / "animatic.db"


async def opened(asked: Interaction) -> Interaction:
    """Wait for a form; Discord waits 3 s and no longer."""
    await asked.answered()
    assert asked.modal is not None, asked.describe()
    return asked


async def test_a_cards_form_opens_without_its_prompt_while_nothing_can_be_read(
    server: Server, sandbox: Sandbox
) -> None:
    card = await imagine(server)
    await logged(sandbox, f"job {job_id(card)} is delivered")
    with sealed(database(sandbox)):
        form = await opened(await server.mira.click(card, f"animate:{job_id(card)}:2:low"))
    assert form.modal is not None
    assert form.modal["prompt"].value in ("", None)
    film = await finished(await server.mira.submit(form, {"prompt": "the kite rises", "films": "1-sd"}))
    assert closest(film.media[0].data, card) == 2
    assert await server.credits() == CREDITS - 3


async def test_a_cards_form_opens_with_its_prompt_while_nothing_can_be_written(
    server: Server, sandbox: Sandbox
) -> None:
    card = await imagine(server)
    with locked(database(sandbox)):
        form = await opened(await server.mira.click(card, f"animate:{job_id(card)}:1:low"))
    assert form.modal is not None
    assert form.modal["prompt"].value == "a red kite over the sea"


async def test_a_messages_form_opens_while_nothing_can_be_written_and_its_picture_is_written_down_later(
    server: Server, sandbox: Sandbox
) -> None:
    message = await server.leo.say(server.channel, "look", attachments=[server.image()])
    with locked(database(sandbox)):
        form = await opened(await server.mira.menu(message, MENU))
        # Sent at once: what it is about is waited for.
        asked = await server.mira.submit(form, {"prompt": "it moves", "films": "1-sd"})
        await asked.answered()
    await finished(asked)
    assert newest(sandbox).image == small_photo()
    assert await server.credits() == CREDITS - 2


async def test_a_form_whose_picture_was_never_written_down_says_what_to_do(server: Server, sandbox: Sandbox) -> None:
    message = await server.leo.say(server.channel, "look", attachments=[server.image()])
    form = await opened(await server.mira.menu(message, MENU))
    rows(sandbox, "delete from message_images")
    told = await refused(server, await server.mira.submit(form, {"prompt": "it moves"}))
    assert told == FORGOTTEN


async def test_a_form_that_needs_its_film_says_in_time_that_it_cannot_be_read(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video(clips=1)
    await logged(sandbox, f"job {job_id(card)} is delivered")
    with sealed(database(sandbox)):
        asked = await server.mira.click(card, f"words:{job_id(card)}")
        await asked.answered()
        assert asked.modal is None
        assert await server.private_text(asked) == (
            "I could not look up in time what this form is about. Nothing was charged. Press the button again in a"
            " moment."
        )
    assert (await opened(await server.mira.click(card, f"words:{job_id(card)}"))).modal is not None
