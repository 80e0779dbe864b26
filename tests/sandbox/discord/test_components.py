"""The limits of components, and the ids that Discord gives them."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from sandbox.discord import Discord, NotOffered, TextChannel
from sandbox.discord.components import check_message
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.conftest import StartBot

Part = dict[str, Any]
_Button = discord.ui.Button[discord.ui.LayoutView]


def _text(content: str = "x") -> Part:
    return {"type": 10, "content": content}


def _button(custom_id: str = "a", **rest: Any) -> Part:
    return {"type": 2, "style": 1, "label": "x", "custom_id": custom_id, **rest}


def _menu(*options: Part) -> Part:
    return {"type": 3, "custom_id": "menu", "options": [{"label": "x", **option} for option in options]}


def _row(*parts: Part) -> Part:
    return {"type": 1, "components": list(parts)}


def _container(*parts: Part) -> Part:
    return {"type": 17, "components": list(parts)}


def _section(*parts: Part, accessory: Part) -> Part:
    return {"type": 9, "components": list(parts), "accessory": accessory}


def _gallery(count: int) -> Part:
    return {"type": 12, "items": [{"media": {"url": f"https://example.invalid/{n}.png"}} for n in range(count)]}


GOOD = [
    [_text("x" * 4000)],
    [_text() for _ in range(40)],
    [_container(_text(), _row(*[_button(str(n)) for n in range(5)]), _gallery(10), {"type": 14})],
    [_section(_text(), _text(), _text(), accessory=_button("a" * 100))],
    [_row({"type": 3, "custom_id": "menu", "options": [{"label": "a", "value": "a"}]})],
    [_row({"type": 2, "style": 5, "label": "x", "url": "https://example.invalid"})],
    [_row(_button(disabled=True, emoji={"name": "⏩", "id": None, "animated": False}))],
    [_row(*[_button(f"{row}:{n}") for n in range(5)]) for row in range(6)],
]

BAD = {
    "nested components count too": [_container(*[_text() for _ in range(40)])],
    "the text of all displays is added up": [_text("x" * 2000), _container(_text("x" * 2001))],
    "a row holds five buttons": [_row(*[_button(str(n)) for n in range(6)])],
    "a row holds no mixture": [_row(_button(), {"type": 3, "custom_id": "menu", "options": []})],
    "a gallery holds ten items": [_gallery(11)],
    "a message shows 64 media": [_gallery(10) for _ in range(7)],
    "a gallery is not empty": [_gallery(0)],
    "a custom_id has at most 100 characters": [_row(_button("a" * 101))],
    "a custom_id occurs once": [_row(_button("a")), _container(_row(_button("a")))],
    "an id occurs once": [{**_text(), "id": 7}, {**_text(), "id": 7}],
    "a button needs a label or an emoji": [_row({"type": 2, "style": 1, "custom_id": "a"})],
    "a link has no custom_id": [_row(_button(style=5, url="https://example.invalid"))],
    "a link leads to the web": [_row({"type": 2, "style": 5, "label": "x", "url": "ftp://example.invalid"})],
    "a link has at most 512 characters": [
        _row({"type": 2, "style": 5, "label": "x", "url": "https://example.invalid/" + "x" * 500})
    ],
    "a link is not a url of another button": [_row(_button(url="https://example.invalid"))],
    "a premium button has nothing else": [_row({"type": 2, "style": 6, "sku_id": "7", "label": "x"})],
    "a sku_id makes a premium button": [_row(_button(sku_id="7"))],
    "an emoji is a real one": [_row(_button(emoji={"name": "⇄"}))],
    "a custom emoji is known": [_row(_button(emoji={"name": "⏩", "id": "7"}))],
    "a row is not empty": [_row()],
    "rows and their buttons count": [_row(*[_button(f"{row}:{n}") for n in range(5)]) for row in range(7)],
    "options are told apart": [_row(_menu({"value": "a"}, {"value": "a"}))],
    "an options emoji is a real one": [_row(_menu({"value": "a", "emoji": {"name": "⇄"}}))],
    "a menu asks for no more than it takes": [_row({**_menu({"value": "a"}, {"value": "b"}), "min_values": 2})],
    "one option is chosen": [_row(_menu({"value": "a", "default": True}, {"value": "b", "default": True}))],
    "a label has at most 80 characters": [_row(_button(label="x" * 81))],
    "a container is not nested": [_container(_container(_text()))],
    "a container is not empty": [_container()],
    "a button needs a row": [_button()],
    "a section holds three texts": [_section(*[_text()] * 4, accessory=_button())],
    "a section needs an accessory": [{"type": 9, "components": [_text()]}],
    "a text is not empty": [_text("")],
}


@pytest.mark.parametrize("components", GOOD)
async def test_what_fits_is_shown(api: ApiClient, text_channel: TextChannel, components: list[Part]):
    assert check_message(components, v2=True) == {}
    answer = await api("POST", f"/channels/{text_channel.id}/messages", {"flags": 1 << 15, "components": components})
    assert answer.status == 200, answer.body


@pytest.mark.parametrize("components", BAD.values(), ids=BAD.keys())
async def test_what_breaks_a_limit_is_refused(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel, components: list[Part]
):
    assert check_message(components, v2=True)
    answer = await api("POST", f"/channels/{text_channel.id}/messages", {"flags": 1 << 15, "components": components})
    assert (answer.status, answer.body["code"]) == (400, 50035)
    assert answer.body["errors"]
    assert local_discord.violations
    local_discord.violations.clear()


async def test_new_components_need_their_flag_and_exclude_content(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
):
    path = f"/channels/{text_channel.id}/messages"
    assert (await api("POST", path, {"components": [_text()]})).status == 400
    assert (await api("POST", path, {"flags": 1 << 15, "content": "x", "components": [_text()]})).status == 400
    assert (await api("POST", path, {"flags": 1 << 15, "embeds": [{}], "components": [_text()]})).status == 400
    local_discord.violations.clear()


async def test_every_component_gets_an_id_that_is_free(api: ApiClient, text_channel: TextChannel):
    components = [_container(_text(), _row(_button("a"), {**_button("b"), "id": 2})), _text()]
    answer = await api("POST", f"/channels/{text_channel.id}/messages", {"flags": 1 << 15, "components": components})
    container, text = answer.body["components"]
    inner, row = container["components"]
    assert [container["id"], inner["id"], row["id"], row["components"][0]["id"], text["id"]] == [1, 3, 4, 5, 6]
    assert row["components"][1]["id"] == 2


async def test_a_card_of_several_rows_tells_its_buttons_apart(
    local_discord: Discord, start: StartBot, text_channel: TextChannel
):
    view = discord.ui.LayoutView(timeout=None)
    for row in range(5):
        buttons = [_Button(label=str(n), custom_id=f"{row}:{n}", disabled=n == 4) for n in range(5)]
        view.add_item(discord.ui.ActionRow(*buttons))
    view.add_item(discord.ui.ActionRow(_Button(label="open", url="https://example.invalid", emoji="🔗")))
    async with start() as bot:
        sent = await bot.get_partial_messageable(text_channel.id).send(view=view)
        message, person = text_channel.history[sent.id], local_discord.owner
        assert [button.row for button in message.buttons] == [row for row in range(5) for _ in range(5)] + [5]
        assert [button.custom_id for button in message.buttons if button.disabled] == [f"{row}:4" for row in range(5)]
        with pytest.raises(NotOffered, match="disabled"):
            await person.click(message, message.buttons[4])
        with pytest.raises(NotOffered, match="sends nothing"):
            await person.click(message, message.buttons[-1])
        clicked = await person.click(message, message.buttons[23])
        assert (clicked.data["custom_id"], clicked.data["id"]) == ("4:3", message.components[4]["components"][3]["id"])
        clicked.stop_waiting()


@pytest.mark.parametrize("emoji", ["⏩", "↔️", "⬅", "🔍", "❤️", "👍🏽", "👩‍🎨", "🇫🇷", "🇫", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🔁"])
def test_a_button_shows_an_emoji(emoji: str):
    assert check_message([_row({"type": 2, "style": 2, "custom_id": "a", "emoji": {"name": emoji}})], v2=True) == {}


@pytest.mark.parametrize("emoji", ["", "⇄", "a", "1", "🔍🔍", "🔍 ", ":mag:", "⤢", "◧", "\ufe0f"])
def test_a_button_shows_no_other_symbol(emoji: str):
    problems = check_message([_row({"type": 2, "style": 2, "custom_id": "a", "emoji": {"name": emoji}})], v2=True)
    assert problems == {"components.0.components.0.emoji.name": "Invalid emoji"}
