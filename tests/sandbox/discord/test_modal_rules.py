"""The modals that Discord refuses to open."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.discord import Discord, TextChannel, User
from sandbox.discord.modal_rules import check_modal
from tests.sandbox.discord.api_client import ApiClient

Part = dict[str, Any]


def _text(**rest: Any) -> Part:
    return {"type": 4, "custom_id": "text", "style": 1, **rest}


def _select(kind: int = 3, values: str = "ab", **rest: Any) -> Part:
    options = [{"label": value, "value": value} for value in values]
    return {"type": kind, "custom_id": "choice", "options": options, **rest}


def _label(component: Part, **rest: Any) -> Part:
    return {"type": 18, "label": "x", "component": component, **rest}


def _row(*components: Part) -> Part:
    return {"type": 1, "components": list(components)}


def _chosen(kind: int, **rest: Any) -> Part:
    field = _select(kind, **rest)
    return {**field, "options": [{**option, "default": True} for option in field["options"]]}


GOOD: dict[str, list[Part]] = {
    "every kind": [_label(_text(value="x")), _label(_select()), _label({"type": 19, "custom_id": "file"})],
    "the old form": [_row(_text(label="x"))],
    "a text between fields": [{"type": 10, "content": "x"}, _label(_text(style=2, value="a\nb", max_length=3))],
    "nothing need be chosen": [_label(_select(min_values=0, required=False)), _label(_text(value="", min_length=2))],
    "several chosen": [_label(_chosen(3, max_values=2)), _label({**_chosen(22), "custom_id": "other"})],
}

BAD: dict[str, list[Part]] = {
    "a field needs a label": [_text()],
    "six fields": [_label(_text(custom_id=str(n))) for n in range(6)],
    "no fields": [],
    "a label of 46 characters": [_label(_text(), label="x" * 46)],
    "a description of 101 characters": [_label(_text(), description="x" * 101)],
    "a label in the old form": [_row(_text())],
    "two texts in a row": [_row(_text(label="x"), _text(label="x", custom_id="b"))],
    "a select in a row": [_row(_select())],
    "a button": [_row({"type": 2, "style": 1, "label": "x", "custom_id": "a"})],
    "the same custom_id twice": [_label(_text()), _label(_text())],
    "a custom_id of 101 characters": [_label(_text(custom_id="x" * 101))],
    "a prefilled text that is too long": [_label(_text(value="x" * 11, max_length=10))],
    "a prefilled text that is too short": [_label(_text(value="x", min_length=2))],
    "a prefilled text of two lines in a short input": [_label(_text(value="a\nb"))],
    "a text of 4001 characters": [_label(_text(max_length=4001))],
    "a shortest text above the longest": [_label(_text(min_length=5, max_length=4))],
    "a placeholder of 101 characters": [_label(_text(placeholder="x" * 101))],
    "a disabled select": [_label(_select(disabled=True))],
    "a required select that takes nothing": [_label(_select(min_values=0))],
    "more to choose than there is": [_label(_select(min_values=3, max_values=5))],
    "a least above the most": [_label({"type": 19, "custom_id": "file", "min_values": 2})],
    "an option twice": [_label(_select(values="aa"))],
    "no options": [_label(_select(values=""))],
    "26 options": [_label(_select(values="abcdefghijklmnopqrstuvwxyz"))],
    "two chosen where one may be": [_label(_chosen(3))],
    "two chosen of a radio group": [_label(_chosen(21))],
    "a radio group of one": [_label(_select(21, values="a"))],
    "eleven files": [_label({"type": 19, "custom_id": "file", "max_values": 11})],
    "a symbol that is no emoji": [_label(_select(options=[{"label": "x", "value": "x", "emoji": {"name": "⇄"}}]))],
}


async def _answer(api: ApiClient, mira: User, text_channel: TextChannel, modal: Part) -> Any:
    interaction = await mira.slash(text_channel, "ask", force=True)
    answer = await api(
        "POST", f"/interactions/{interaction.id}/{interaction.token}/callback", {"type": 9, "data": modal}
    )
    interaction.stop_waiting()
    return answer


@pytest.mark.parametrize("components", GOOD.values(), ids=GOOD.keys())
async def test_a_modal_within_the_rules_is_opened(
    api: ApiClient, mira: User, text_channel: TextChannel, components: list[Part]
):
    answer = await _answer(api, mira, text_channel, {"title": "x", "custom_id": "m", "components": components})
    assert answer.status == 204, answer.body


@pytest.mark.parametrize("components", BAD.values(), ids=BAD.keys())
async def test_a_modal_that_breaks_a_rule_is_refused(
    local_discord: Discord, api: ApiClient, mira: User, text_channel: TextChannel, components: list[Part]
):
    answer = await _answer(api, mira, text_channel, {"title": "x", "custom_id": "m", "components": components})
    assert (answer.status, answer.body["code"]) == (400, 50035)
    assert answer.body["errors"]["data"]["components"]
    assert local_discord.violations
    local_discord.violations.clear()


async def test_a_modals_title_and_custom_id_have_limits(
    local_discord: Discord, api: ApiClient, mira: User, text_channel: TextChannel
):
    good: Part = {"title": "x" * 45, "custom_id": "m" * 100, "components": [_label(_text())]}
    assert check_modal(good) == {}
    for wrong in ({"title": ""}, {"title": "x" * 46}, {"custom_id": ""}, {"custom_id": "m" * 101}):
        assert check_modal({**good, **wrong})
        assert (await _answer(api, mira, text_channel, {**good, **wrong})).status == 400
    local_discord.violations.clear()
