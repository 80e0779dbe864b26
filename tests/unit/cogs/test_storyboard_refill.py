"""A storyboard's form whose lines were refused is opened once more by a button, with them in it."""

import pytest

from bot.ui.storyboard_buttons import RefillButton
from sandbox.discord import Interaction, Message, User
from tests.support.in_process_bot import Server, row_of
from tests.unit.cogs.test_storyboard import NOT_YOURS, THREE, Studio

pytestmark = pytest.mark.asyncio(loop_scope="module")

FLAGS = "a boat drifts\n--v 7"


@pytest.fixture
def studio(server: Server) -> Studio:
    return Studio(server)


async def refused(studio: Studio, form: Interaction, lines: str) -> Message:
    """Send lines that are refused, and give what its member alone sees."""
    sent = await studio.server.mira.submit(form, {"shots": lines})
    return await sent.private_reply(10)


async def press(studio: Studio, message: Message, who: User | None = None) -> Interaction:
    pressed = await (who or studio.server.mira).click(message, message.buttons[0])
    await pressed.answered()
    return pressed


async def test_the_lines_stand_in_it_again_and_better_ones_are_shown(studio: Studio) -> None:
    told = await refused(studio, await studio.form(), FLAGS)
    assert [button.label for button in told.buttons] == ["Change the lines"]
    opened = await press(studio, told)
    assert opened.modal is not None
    assert opened.modal["shots"].value == FLAGS
    worse = await refused(studio, opened, "a boat drifts")
    opened = await press(studio, worse)
    assert opened.modal is not None
    assert opened.modal["shots"].value == "a boat drifts"
    sent = await studio.server.mira.submit(opened, {"shots": THREE})
    preview = await sent.until(lambda message: message.buttons, 10)
    assert "**1** a paper boat drifts\n" in preview.text
    assert await studio.server.jobs() == []


async def test_who_has_too_few_credits_can_take_lines_out(studio: Studio) -> None:
    server = studio.server
    await server.db.store.accounts.set_allowance(server.guild.id, "member", server.mira.id, 5, server.db.now)
    told = await refused(studio, await studio.form(), THREE)
    opened = await press(studio, told)
    assert opened.modal is not None
    assert opened.modal["shots"].value == THREE


async def test_nobody_else_may_open_it(studio: Studio) -> None:
    form = await studio.form()
    told = await refused(studio, form, FLAGS)
    storyboard_id = str(told.buttons[0].custom_id).partition(":")[2]
    card = await studio.server.card(row_of(RefillButton(storyboard_id)))
    assert await studio.server.refused(await press(studio, card, studio.server.leo)) == NOT_YOURS
