"""Registering commands, and what a person's client offers of them."""

from __future__ import annotations

from typing import Any, cast

import discord
import pytest
from discord import app_commands

from sandbox.discord import (
    Discord,
    Guild,
    NotOffered,
    Permission,
    TextChannel,
    User,
)
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import SampleBot


async def test_commands_are_remembered_and_their_writing_is_counted(local_discord: Discord, start: StartBot):
    async with start() as bot:
        first = {command["name"]: command["id"] for command in local_discord.commands.listed()}
        assert {"video", "quota"} <= set(first)
        await bot.tree.sync()
        assert local_discord.commands.writes == 2
        assert {command["name"]: command["id"] for command in local_discord.commands.listed()} == first
        fetched = await bot.tree.fetch_commands()
        assert {command.name: str(command.id) for command in fetched} == first


async def test_a_servers_own_commands_are_offered_there_only(
    local_discord: Discord, start: StartBot, guild: Guild, mira: User, text_channel: TextChannel
):
    async with start() as bot:
        bot.tree.command(name="local", description="Here only", guild=guild)(_hello)
        await bot.tree.sync(guild=guild)
        assert (await (await mira.slash(text_channel, "local")).private_reply()).text == "hello"
        elsewhere = local_discord.guild("elsewhere")
        elsewhere.join(mira)
        with pytest.raises(NotOffered, match="no command /local"):
            await mira.slash(elsewhere.text_channel("films"), "local")


async def _hello(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("hello", ephemeral=True)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"prompt": "a boat"}, "needs the option image"),
        ({"prompt": "", "image": 1}, "takes a file"),
        ({"prompt": "x" * 51}, "1 to 50 characters"),
        ({"prompt": "x", "clips": 3}, "offers"),
        ({"prompt": "x", "clips": "4"}, "takes a whole number"),
        ({"prompt": "x", "clips": True}, "takes a whole number"),
        ({"prompt": "x", "loop": 1}, "takes true or false"),
        ({"prompt": "x", "speed": "fast"}, "no option speed; it has "),
    ],
)
async def test_the_client_does_not_send_what_does_not_fit_the_options(
    local_discord: Discord,
    start: StartBot,
    mira: User,
    text_channel: TextChannel,
    options: dict[str, Any],
    complaint: str,
):
    async with start():
        image = local_discord.attachment("a.png", b"")
        complete: dict[str, Any] = options if "needs" in complaint else {"image": image, **options}
        with pytest.raises(NotOffered, match=complaint):
            await mira.slash(text_channel, "video", **complete)


async def test_optional_attachments_are_left_out_and_each_is_resolved(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    @app_commands.command(description="Blend images")
    async def blend(
        interaction: discord.Interaction,
        image1: discord.Attachment,
        image2: discord.Attachment,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        image5: discord.Attachment | None = None,
    ) -> None:
        images = [image for image in (image1, image2, image3, image4, image5) if image]
        named = [f"{image.filename}:{(await image.read()).decode()}" for image in images]
        await interaction.response.send_message(" ".join(named), ephemeral=True)

    bot = SampleBot()
    bot.tree.add_command(cast("Any", blend))
    a, b, c = (local_discord.attachment(f"{name}.png", name.encode()) for name in "abc")
    async with start(bot):
        with pytest.raises(NotOffered, match="needs the option image2"):
            await mira.slash(text_channel, "blend", image1=a)
        with pytest.raises(NotOffered, match="no option image6"):
            await mira.slash(text_channel, "blend", image1=a, image2=b, image6=c)
        with pytest.raises(NotOffered, match="takes a file"):
            await mira.slash(text_channel, "blend", image1=a, image2=b, image3="https://example.invalid/c.png")
        two = await mira.slash(text_channel, "blend", image1=a, image2=b, image3=None)
        assert [option["name"] for option in two.data["options"]] == ["image1", "image2"]
        assert (await two.private_reply()).text == "a.png:a b.png:b"
        gap = await mira.slash(text_channel, "blend", image1=a, image2=b, image5=c)
        assert gap.data["resolved"]["attachments"].keys() == {str(file.id) for file in (a, b, c)}
        assert (await gap.private_reply()).text == "a.png:a b.png:b c.png:c"


async def test_subcommands_are_written_with_spaces(
    local_discord: Discord, start: StartBot, text_channel: TextChannel, mira: User
):
    async with start():
        used = await local_discord.owner.slash(text_channel, "quota set", target=mira, credits=5)
        assert (await used.private_reply()).text == f"{mira.id} 5 True"
        for wrong in ("quota", "quota unset", "video set"):
            with pytest.raises(NotOffered):
                await local_discord.owner.slash(text_channel, wrong)


async def test_a_command_for_admins_is_hidden_from_members_but_can_be_forced(
    start: StartBot, guild: Guild, mira: User, text_channel: TextChannel
):
    async with start():
        with pytest.raises(NotOffered, match="hidden"):
            await mira.slash(text_channel, "quota set", target=mira, credits=5)
        forced = await mira.slash(text_channel, "quota set", target=mira, credits=5, force=True)
        assert (await forced.private_reply()).text == f"{mira.id} 5 False"
        guild.members[mira.id].give(guild.role("Admins", Permission.MANAGE_GUILD))
        offered = await mira.slash(text_channel, "quota set", target=guild.everyone, credits=5)
        assert (await offered.private_reply()).text == f"{guild.id} 5 True"


async def test_what_an_attachment_claims_may_differ_from_its_bytes(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    async with start() as bot:
        lie = local_discord.attachment("boat.png", b"MZ", content_type="image/jpeg", size=9)
        heard = bot.wait_for("interaction", timeout=10)
        used = await mira.slash(text_channel, "video", prompt="x", image=lie)
        interaction = await heard
        attachment = interaction.namespace.image
        assert (attachment.content_type, attachment.size, attachment.ephemeral) == ("image/jpeg", 9, True)
        assert await attachment.read() == b"MZ"
        await used.until(lambda message: message.media)


async def test_an_interactions_payload_has_what_a_bot_decides_by(
    local_discord: Discord, start: StartBot, guild: Guild, text_channel: TextChannel
):
    noor = local_discord.user("noor", locale="de")
    guild.join(noor, roles=[guild.role("Film club")])
    local_discord.knobs.attachment_size_limit = 50 * 1024 * 1024
    async with start() as bot:
        await noor.slash(text_channel, "wait")
        interaction = await bot.deferred.get()
        assert interaction.locale is discord.Locale.german
        assert interaction.guild_locale is discord.Locale.american_english
        assert interaction.filesize_limit == 50 * 1024 * 1024
        assert interaction.app_permissions.attach_files
        assert interaction.context.guild
        assert interaction.is_guild_integration()
        assert isinstance(interaction.user, discord.Member)
        assert [role.name for role in interaction.user.roles] == ["@everyone", "Film club"]
        assert not interaction.permissions.manage_guild
        assert abs((interaction.created_at - discord.utils.utcnow()).total_seconds()) < 60
        assert interaction.entitlements == []


async def test_bad_command_definitions_are_refused(local_discord: Discord, api: ApiClient):
    path = f"/applications/{local_discord.application_id}/commands"
    for bad in (
        [{"name": "Video", "description": "x"}, {"name": "Video", "description": "x"}],
        [{"name": "video"}],
        [{"name": "x" * 33, "description": "x"}],
        [
            {
                "name": "video",
                "description": "x",
                "options": [
                    {"type": 3, "name": "a", "description": "a"},
                    {"type": 3, "name": "b", "description": "b", "required": True},
                ],
            }
        ],
    ):
        answer = await api("PUT", path, bad)
        assert (answer.status, answer.body["code"]) == (400, 50035)
        assert local_discord.violations
        local_discord.violations.clear()
    assert local_discord.commands.listed() == []
