"""/help: three tabs of what can be done and what it costs, commands to click, and the first picture."""

import re

import pytest

from bot.domain.job import Kind
from bot.domain.periods import Period
from bot.ui.command_mentions import CommandMentions
from bot.ui.help_buttons import FirstPictureButton, HelpTab, HelpTabButton
from bot.ui.help_card import HelpFacts, draw_help
from bot.ui.text.help import welcome
from sandbox.discord import Message
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def helped(server: Server) -> Message:
    return await (await server.mira.slash(server.channel, "help")).private_reply()


async def turned(server: Server, card: Message, tab: HelpTab) -> str:
    edits = card.edits
    await server.mira.click(card, f"help:{tab}")
    await card.until(lambda message: message.edits > edits, 10)
    return card.text


async def test_each_tab_is_shown_in_place_to_the_requester_alone(server: Server) -> None:
    card = await helped(server)
    assert card.ephemeral
    assert "**U1** to **U4**" in card.text
    assert "**V1** to **V4**" in card.text
    assert "TTAPI: Pictures: 1 credit for four" in card.text
    films = await turned(server, card, HelpTab.FILMS)
    assert "TTAPI: 2 credits a clip in SD, 6 credits a clip in HD" in films
    told = await turned(server, card, HelpTab.CREDITS)
    for line in ("**Sent to TTAPI**", "**Kept here**", "They renew each day", "1 credit for four", "a clip in SD"):
        assert line in told
    assert "shows and erases what is kept of you" in told
    assert "**U1**" in await turned(server, card, HelpTab.PICTURES)


async def test_commands_can_be_clicked(server: Server) -> None:
    card = await helped(server)
    ids = {command["name"]: command["id"] for command in server.mira.offered_commands(server.channel)}
    for tab in (HelpTab.FILMS, HelpTab.CREDITS, HelpTab.PICTURES):
        text = await turned(server, card, tab)
        named = re.findall(r"</([a-z ]+):(\d+)>", text)
        assert named
        assert all(ids[name.partition(" ")[0]] == number for name, number in named)
        assert "**/" not in text


async def test_the_button_draws_the_first_picture_in_the_channel_once_at_a_time(server: Server) -> None:
    server.mira.locale = "de"
    card = await helped(server)
    [button] = [one for one in card.buttons if one.custom_id == "first-picture"]
    assert button.label == "Draw “a paper boat”, 1 credit"
    clicked = await server.mira.click(card, button)
    job = await server.asked(clicked)
    assert (job.kind, job.params.prompt, job.user_id) == (Kind.IMAGINE, "a paper boat", server.mira.id)
    assert not job.params.translate  # it is English
    assert clicked.message is not None
    assert not clicked.message.ephemeral
    told = await server.refused(await server.mira.click(card, button))
    assert told.startswith("You have asked for this already, and it is being made.")


async def test_the_blocked_may_read_and_not_draw(server: Server) -> None:
    await server.told(await server.ada.slash(server.channel, "quota set", target=server.mira, credits=0))
    card = await helped(server)
    assert "Prices here" in await turned(server, card, HelpTab.FILMS)
    await turned(server, card, HelpTab.PICTURES)
    assert "blocked" in await server.refused(await server.mira.click(card, "first-picture"))


async def test_buttons_that_somebody_forges_tell_no_more_than_the_command(server: Server) -> None:
    forged = await server.card(row_of(HelpTabButton(HelpTab.FILMS), FirstPictureButton(0)))
    job = await server.asked(await server.leo.click(forged, "first-picture"))
    assert job.user_id == server.leo.id


@pytest.mark.parametrize("tab", HelpTab)
async def test_a_server_without_pictures_or_registered_commands_is_told_in_plain_words(tab: HelpTab) -> None:
    facts = HelpFacts((), Period.NEVER, CommandMentions())
    view = draw_help(tab, facts)
    assert view.content_length() < 4000
    assert "first-picture" not in str(view.to_components())


async def test_the_greeting_names_both_commands_and_what_admins_set_first() -> None:
    mentions = CommandMentions()
    mentions.learn({"imagine": 1, "video": 2, "help": 3, "setup": 4})
    told = welcome("Animatic", mentions.mention)
    assert "</imagine:1>" in told
    assert "</video:2>" in told
    assert "Admins: begin with </setup:4>. Set how many credits every member gets" in told
    assert "**/credits** shows what is left" in told
