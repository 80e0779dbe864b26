"""Each member is answered in the language of their Discord, whatever they do, and beside others of another one."""

import asyncio

import pytest

from bot.domain.server_settings import Area
from bot.errors import NotAllowed, StartImageNeeded
from bot.ui.help_buttons import HelpTab, tab_label
from bot.ui.setup_buttons import SetupButton
from bot.ui.text import setup
from bot.ui.text.errors import describe_error
from bot.ui.text.permissions import permission_name
from bot.ui.text.translate import speaking
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHINESE, VIETNAMESE = "zh-CN", "vi"


def refusal(locale: str) -> str:
    with speaking(locale):
        return describe_error(StartImageNeeded(both=False))


async def test_two_who_ask_at_once_are_each_answered_in_their_own_language(server: Server) -> None:
    server.mira.locale, server.leo.locale = VIETNAMESE, "zh-TW"
    people = (server.mira, server.leo, server.ada)
    asked = [await one.slash(server.channel, "video", prompt="a boat") for one in people]
    told = await asyncio.gather(*(server.told(one) for one in asked))
    assert told == [refusal(locale) for locale in (VIETNAMESE, CHINESE, "en-US")]
    assert len(set(told)) == 3


async def test_a_click_a_form_and_what_is_said_of_it_are_in_the_members_language(server: Server) -> None:
    server.ada.locale = VIETNAMESE
    card = await (await server.ada.slash(server.channel, "setup")).private_reply()
    clicked = await server.ada.click(card, f"setup:{Area.LOOK}")
    await clicked.answered()
    assert clicked.modal is not None
    with speaking(VIETNAMESE):
        assert clicked.modal.title == setup.area_title(Area.LOOK)
    server.mira.locale = CHINESE
    shown = await server.card(row_of(SetupButton(Area.LOOK)))
    with speaking(CHINESE):
        needed = describe_error(NotAllowed(permission_name("manage_guild")))
    assert await server.told(await server.mira.click(shown, f"setup:{Area.LOOK}")) == needed


async def test_a_change_of_the_members_language_is_heard_with_the_next_answer(server: Server) -> None:
    server.mira.locale = VIETNAMESE
    card = await (await server.mira.slash(server.channel, "help")).private_reply()
    server.mira.locale = CHINESE
    edits = card.edits
    await server.mira.click(card, f"help:{HelpTab.FILMS}")
    await card.until(lambda message: message.edits > edits, 10)
    with speaking(CHINESE):
        assert tab_label(HelpTab.FILMS) in [button.label for button in card.buttons]


async def test_the_language_that_a_server_prefers_is_kept_whenever_discord_tells_it(server: Server) -> None:
    async def known(locale: str) -> None:
        async with asyncio.timeout(10):
            while await server.db.store.locales.get_server(server.guild.id) != locale:  # noqa: ASYNC110  # the bot writes through another connection
                await asyncio.sleep(0.02)

    await known("en-US")
    server.guild.set_locale("vi")
    await known("vi")
