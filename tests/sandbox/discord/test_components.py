"""The limits of components, and the ids that Discord gives them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.discord import Discord, TextChannel
from bot.sandbox.discord.components import check_message, check_modal

from .crew import Api

Part = dict[str, Any]


def _text(content: str = "x") -> Part:
    return {"type": 10, "content": content}


def _button(custom_id: str = "a", **rest: Any) -> Part:
    return {"type": 2, "style": 1, "label": "x", "custom_id": custom_id, **rest}


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
    "a label has at most 80 characters": [_row(_button(label="x" * 81))],
    "a container is not nested": [_container(_container(_text()))],
    "a container is not empty": [_container()],
    "a button needs a row": [_button()],
    "a section holds three texts": [_section(*[_text()] * 4, accessory=_button())],
    "a section needs an accessory": [{"type": 9, "components": [_text()]}],
    "a text is not empty": [_text("")],
}


@pytest.mark.parametrize("components", GOOD)
async def test_what_fits_is_shown(api: Api, films: TextChannel, components: list[Part]):
    assert check_message(components, v2=True) == {}
    answer = await api("POST", f"/channels/{films.id}/messages", {"flags": 1 << 15, "components": components})
    assert answer.status == 200, answer.body


@pytest.mark.parametrize("components", BAD.values(), ids=BAD.keys())
async def test_what_breaks_a_limit_is_refused(sandbox: Discord, api: Api, films: TextChannel, components: list[Part]):
    assert check_message(components, v2=True)
    answer = await api("POST", f"/channels/{films.id}/messages", {"flags": 1 << 15, "components": components})
    assert (answer.status, answer.body["code"]) == (400, 50035)
    assert answer.body["errors"]
    assert sandbox.violations
    sandbox.violations.clear()


async def test_new_components_need_their_flag_and_exclude_content(sandbox: Discord, api: Api, films: TextChannel):
    path = f"/channels/{films.id}/messages"
    assert (await api("POST", path, {"components": [_text()]})).status == 400
    assert (await api("POST", path, {"flags": 1 << 15, "content": "x", "components": [_text()]})).status == 400
    assert (await api("POST", path, {"flags": 1 << 15, "embeds": [{}], "components": [_text()]})).status == 400
    sandbox.violations.clear()


async def test_every_component_gets_an_id_that_is_free(api: Api, films: TextChannel):
    components = [_container(_text(), _row(_button("a"), {**_button("b"), "id": 2})), _text()]
    answer = await api("POST", f"/channels/{films.id}/messages", {"flags": 1 << 15, "components": components})
    container, text = answer.body["components"]
    inner, row = container["components"]
    assert [container["id"], inner["id"], row["id"], row["components"][0]["id"], text["id"]] == [1, 3, 4, 5, 6]
    assert row["components"][1]["id"] == 2


def test_a_modal_has_a_title_and_up_to_five_labels():
    field = {"type": 4, "custom_id": "a", "style": 1}
    modal: Part = {"title": "x", "custom_id": "m", "components": [{"type": 18, "label": "x", "component": field}]}
    assert check_modal(modal) == {}
    assert check_modal({**modal, "title": "x" * 46})
    assert check_modal({**modal, "components": []})
    assert check_modal({**modal, "components": [field]})
    assert check_modal({**modal, "components": [{"type": 18, "label": "x" * 46, "component": field}]})
