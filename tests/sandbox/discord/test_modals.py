"""Modals as a person fills them in and a discord.py bot reads them."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import discord
import pytest

from sandbox.discord import (
    Choice,
    Discord,
    Guild,
    Interaction,
    NotOffered,
    TextChannel,
    User,
)
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import SampleBot


async def test_a_modal_is_opened_filled_in_and_answered(start: StartBot, mira: User, text_channel: TextChannel):
    async with start():
        opener = await (await mira.slash(text_channel, "ask")).answered()
        assert opener.modal is not None
        assert opener.modal.title == "Name the film"
        with pytest.raises(NotOffered):
            await mira.submit(opener, {"film": "x" * 21})
        with pytest.raises(NotOffered, match="1 to 20 characters, not 0"):
            await mira.submit(opener, {})
        with pytest.raises(NotOffered):
            await mira.submit(opener, {"film": "x", "other": "x"})
        sent = await mira.submit(opener, {"film": "Boats"})
        assert (await sent.private_reply()).text == "named Boats"


class Animate(discord.ui.Modal, title="Animate"):
    """One of each field that may be prefilled, and the old form."""

    note = discord.ui.TextDisplay[Any]("8 credits a film")
    prompt = discord.ui.Label["Animate"](
        text="Prompt",
        description="What happens",
        component=discord.ui.TextInput(
            custom_id="prompt",
            style=discord.TextStyle.paragraph,
            default="a boat\nat sea",
            placeholder="a boat",
            min_length=3,
            max_length=20,
        ),
    )
    resolution = discord.ui.Label["Animate"](
        text="Resolution",
        component=discord.ui.Select(
            custom_id="resolution",
            required=True,
            options=[
                discord.SelectOption(label="SD", value="sd", description="small", default=True),
                discord.SelectOption(label="HD", value="hd", emoji="🎬"),
            ],
        ),
    )
    frames = discord.ui.Label["Animate"](
        text="Frames", component=discord.ui.FileUpload(custom_id="frames", required=False)
    )
    seed = discord.ui.TextInput["Animate"](label="Seed", custom_id="seed", required=False, min_length=2)

    def __init__(self, custom_id: str = "animate:7:2:low") -> None:
        super().__init__(custom_id=custom_id)


class Listening(SampleBot):
    """A bot that answers modals by what the interaction says alone, as one must after a restart."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: asyncio.Queue[Any] = asyncio.Queue()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            self.heard.put_nowait(cast("Any", interaction.data))
            await interaction.response.send_message(f"heard {interaction.custom_id}", ephemeral=True)


async def _open(bot: SampleBot, mira: User, text_channel: TextChannel, modal: discord.ui.Modal) -> Interaction:
    opener = await mira.slash(text_channel, "silent")
    await (await bot.deferred.get()).response.send_modal(modal)
    return await opener.answered()


async def test_an_opened_modal_shows_its_fields_as_a_person_sees_them(
    start: StartBot, mira: User, text_channel: TextChannel
):
    async with start() as bot:
        modal = (await _open(bot, mira, text_channel, Animate())).modal
    assert modal is not None
    assert (modal.title, modal.custom_id, modal.texts) == ("Animate", "animate:7:2:low", ("8 credits a film",))
    assert [(f.custom_id, f.kind, f.label, f.required, f.low, f.high) for f in modal.fields] == [
        ("prompt", "paragraph", "Prompt", True, 3, 20),
        ("resolution", "select", "Resolution", True, 1, 1),
        ("frames", "files", "Frames", False, 1, 1),
        ("seed", "text", "Seed", False, 2, 4000),
    ]
    assert [field.value for field in modal.fields] == ["a boat\nat sea", ["sd"], [], ""]
    assert (modal["prompt"].description, modal["prompt"].placeholder) == ("What happens", "a boat")
    assert modal["resolution"].choices == (Choice("SD", "sd", "small", True), Choice("HD", "hd", "", False))
    with pytest.raises(KeyError, match="prompt"):
        modal["clips"]


async def test_a_submitted_modal_has_the_documented_tree(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    frame = local_discord.attachment("a.png", b"frame")
    async with start(bot := Listening()):
        opened = await _open(bot, mira, text_channel, Animate())
        sent = await mira.submit(opened, {"frames": frame, "resolution": "hd", "seed": "42"})
        data = await bot.heard.get()
        assert (await sent.private_reply()).text == "heard animate:7:2:low"
    assert data["custom_id"] == "animate:7:2:low"
    assert data["components"] == [
        {"type": 10, "id": 1},
        {"type": 18, "id": 2, "component": {"type": 4, "id": 3, "custom_id": "prompt", "value": "a boat\nat sea"}},
        {"type": 18, "id": 4, "component": {"type": 3, "id": 5, "custom_id": "resolution", "values": ["hd"]}},
        {"type": 18, "id": 6, "component": {"type": 19, "id": 7, "custom_id": "frames", "values": [str(frame.id)]}},
        {"type": 1, "id": 8, "components": [{"type": 4, "id": 9, "custom_id": "seed", "value": "42"}]},
    ]
    resolved = data["resolved"]["attachments"][str(frame.id)]
    assert (resolved["filename"], resolved["size"], resolved["ephemeral"]) == ("a.png", 5, True)


async def test_what_nobody_touches_keeps_its_prefilled_value_and_none_empties_it(
    start: StartBot, mira: User, text_channel: TextChannel
):
    class Optional(discord.ui.Modal, title="Optional"):
        word = discord.ui.Label["Optional"](
            text="Word", component=discord.ui.TextInput(custom_id="word", default="boat", required=False, min_length=2)
        )
        size = discord.ui.Label["Optional"](
            text="Size",
            component=discord.ui.Select(
                custom_id="size", required=False, options=[discord.SelectOption(label="SD", default=True)]
            ),
        )

    async with start(bot := Listening()):
        opened = await _open(bot, mira, text_channel, Optional())
        answers: list[Any] = []
        given: list[dict[str, Any]] = [{}, {"word": None, "size": None}, {"word": "", "size": []}]
        for values in given:
            await (await mira.submit(opened, values)).answered()
            answers.append([top["component"] for top in (await bot.heard.get())["components"]])
    assert [(word["value"], size["values"]) for word, size in answers] == [("boat", ["SD"]), ("", []), ("", [])]


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"prompt": None}, "3 to 20 characters, not 0"),
        ({"prompt": "ab"}, "3 to 20 characters, not 2"),
        ({"prompt": "x" * 21}, "3 to 20 characters, not 21"),
        ({"prompt": 7}, "takes a text"),
        ({"seed": "1"}, "2 to 4000 characters"),
        ({"seed": "12\n34"}, "one line"),
        ({"resolution": []}, "1 value, not 0"),
        ({"resolution": ["sd", "hd"]}, "1 value, not 2"),
        ({"resolution": "4k"}, "does not offer 4k"),
        ({"resolution": True}, "does not offer True"),
        ({"frames": "a.png"}, "does not offer a.png"),
        ({"clips": "4"}, "no field clips"),
    ],
)
async def test_a_modal_takes_only_what_its_fields_allow_unless_forced(
    start: StartBot, mira: User, text_channel: TextChannel, values: dict[str, Any], complaint: str
):
    async with start(bot := Listening()):
        opened = await _open(bot, mira, text_channel, Animate())
        with pytest.raises(NotOffered, match=complaint):
            await mira.submit(opened, values)
        forced = await mira.submit(opened, values, force=True)
        assert (await forced.private_reply()).text == "heard animate:7:2:low"


async def test_a_modal_is_submitted_twice_and_after_the_bot_has_started_again(
    start: StartBot, mira: User, text_channel: TextChannel
):
    async with start(bot := Listening()):
        opened = await _open(bot, mira, text_channel, Animate())
        for _ in range(2):
            assert (await (await mira.submit(opened, {"seed": "42"})).private_reply()).text == "heard animate:7:2:low"
    async with start(bot := Listening()):
        sent = await mira.submit(opened, {"seed": "42"})
        assert (await sent.private_reply()).text == "heard animate:7:2:low"
        assert (await bot.heard.get())["custom_id"] == "animate:7:2:low"


async def test_a_modal_opened_by_a_button_is_submitted_with_the_buttons_message(
    guild: Guild, local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    class Low(discord.ui.View):
        @discord.ui.button(label="low", custom_id="low")
        async def low(self, interaction: discord.Interaction, button: discord.ui.Button[Low]) -> None:
            await interaction.response.send_modal(Sent())

    class Sent(Animate):
        async def on_submit(self, interaction: discord.Interaction, /) -> None:
            assert interaction.message is not None
            await interaction.response.defer(thinking=True)
            await interaction.edit_original_response(content=f"from {interaction.message.id}")

    noor = local_discord.user("noor")
    guild.join(noor)
    async with start() as bot:
        message = text_channel.history[
            (await bot.get_partial_messageable(text_channel.id).send("x", view=Low(timeout=None))).id
        ]
        clicked = await (await mira.click(message, "low")).answered()
        with pytest.raises(NotOffered, match="Mira alone"):
            await noor.submit(clicked, {})
        sent = await mira.submit(clicked, {})
        answer = await sent.until(lambda answer: answer.text == f"from {message.id}")
        assert (sent.opener, sent.source) == (clicked, message)
        triggering = answer.to_json()["interaction_metadata"]["triggering_interaction_metadata"]
        assert (triggering["id"], triggering["type"]) == (str(clicked.id), 3)
        assert triggering["interacted_message_id"] == str(message.id)
        guild.leave(mira)
        with pytest.raises(NotOffered, match="not a member"):
            await mira.submit(clicked, {})
