"""Each kind of field of a modal, as discord.py sends it and reads its answer."""

from __future__ import annotations

from typing import Any, cast

import discord
import pytest

from sandbox.discord import (
    Discord,
    Guild,
    Interaction,
    NotOffered,
    TextChannel,
    User,
)
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import SampleBot


async def _open(bot: SampleBot, mira: User, text_channel: TextChannel, modal: discord.ui.Modal) -> Interaction:
    opener = await mira.slash(text_channel, "silent")
    await (await bot.deferred.get()).response.send_modal(modal)
    return await opener.answered()


async def test_a_modal_may_ask_for_files_and_choices(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    class Ask(discord.ui.Modal, title="Frames"):
        frames = discord.ui.Label["Ask"](
            text="Pictures", component=discord.ui.FileUpload(custom_id="frames", min_values=1, max_values=2)
        )
        speed = discord.ui.Label["Ask"](
            text="Speed",
            component=discord.ui.Select(
                custom_id="speed", options=[discord.SelectOption(label=word, value=word) for word in ("slow", "fast")]
            ),
        )

        async def on_submit(self, interaction: discord.Interaction, /) -> None:
            frames, speed = self.frames.component, self.speed.component
            assert isinstance(frames, discord.ui.FileUpload)
            assert isinstance(speed, discord.ui.Select)
            data = [await file.read() for file in frames.values]
            await interaction.response.send_message(f"{speed.values} {data}", ephemeral=True)

    images = [local_discord.attachment(f"{n}.png", bytes([65 + n])) for n in range(3)]
    async with start() as bot:
        opener = await mira.slash(text_channel, "silent")
        await (await bot.deferred.get()).response.send_modal(Ask())
        await opener.answered()
        for wrong in ({"speed": "fast"}, {"frames": images, "speed": "fast"}, {"frames": images[0], "speed": "no"}):
            with pytest.raises(NotOffered):
                await mira.submit(opener, wrong)
        sent = await mira.submit(opener, {"frames": images[:2], "speed": "fast"})
        assert (await sent.private_reply()).text == "['fast'] [b'A', b'B']"


async def test_radio_groups_and_checkboxes_are_read_by_discord_py(
    start: StartBot, mira: User, text_channel: TextChannel
):
    class Ticks(discord.ui.Modal, title="Ticks"):
        speed = discord.ui.Label["Ticks"](
            text="Speed",
            component=discord.ui.RadioGroup(
                custom_id="speed",
                options=[
                    discord.RadioGroupOption(label="Slow", value="slow"),
                    discord.RadioGroupOption(label="Fast", value="fast", default=True),
                ],
            ),
        )
        extras = discord.ui.Label["Ticks"](
            text="Extras",
            component=discord.ui.CheckboxGroup(
                custom_id="extras", options=[discord.CheckboxGroupOption(label=word, value=word) for word in "abc"]
            ),
        )
        loop = discord.ui.Label["Ticks"](text="Loop", component=discord.ui.Checkbox(custom_id="loop", default=True))

        async def on_submit(self, interaction: discord.Interaction, /) -> None:
            speed, extras, loop = (cast("Any", label.component) for label in (self.speed, self.extras, self.loop))
            await interaction.response.send_message(f"{speed.value} {extras.values} {loop.value}", ephemeral=True)

    async with start() as bot:
        opened = await _open(bot, mira, text_channel, Ticks())
        assert opened.modal is not None
        assert [(f.kind, f.value, f.low, f.high) for f in opened.modal.fields] == [
            ("radio", "fast", 1, 1),
            ("checkboxes", [], 1, 3),
            ("checkbox", True, 0, 1),
        ]
        for wrong in ({}, {"extras": ["a", "a"]}, {"extras": "a", "speed": None}, {"extras": "a", "loop": "yes"}):
            with pytest.raises(NotOffered):
                await mira.submit(opened, wrong)
        sent = await mira.submit(opened, {"extras": ["a", "c"], "loop": False})
        assert (await sent.private_reply()).text == "fast ['a', 'c'] False"


async def test_people_and_channels_chosen_in_a_modal_are_resolved(
    guild: Guild, start: StartBot, mira: User, text_channel: TextChannel
):
    class Who(discord.ui.Modal, title="Who"):
        who = discord.ui.Label["Who"](
            text="Who", component=discord.ui.UserSelect(custom_id="who", default_values=[discord.Object(mira.id)])
        )
        where = discord.ui.Label["Who"](text="Where", component=discord.ui.ChannelSelect(custom_id="where"))

        async def on_submit(self, interaction: discord.Interaction, /) -> None:
            chosen = [cast("Any", label.component).values for label in (self.who, self.where)]
            await interaction.response.send_message(" ".join(item.name for part in chosen for item in part))

    async with start() as bot:
        opened = await _open(bot, mira, text_channel, Who())
        with pytest.raises(NotOffered):
            await mira.submit(opened, {"where": mira})
        sent = await mira.submit(opened, {"where": text_channel})
        assert (await sent.until(lambda answer: answer.text)).text == "mira films"
        sent = await mira.submit(opened, {"who": guild.owner, "where": None}, force=True)
        assert sent.data["resolved"]["members"].keys() == {str(guild.owner.id)}
