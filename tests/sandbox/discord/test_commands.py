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


def _video(**texts: Any) -> dict[str, Any]:
    """Describe a command with an option and a choice; texts of the option go in as they are."""
    choice = {"name": "low", "value": "low", "name_localizations": {"vi": "nhẹ"}}
    option = {"type": 3, "name": "motion", "description": "How much moves", "choices": [choice], **texts}
    return {"name": "video", "description": "Make films", "options": [option]}


async def test_texts_in_other_languages_are_kept_and_told_to_clients_but_listed_only_on_request(
    local_discord: Discord, api: ApiClient, guild: Guild, mira: User, text_channel: TextChannel
):
    path = f"/applications/{local_discord.application_id}/commands"
    told = {"vi": "Chuyển động nhiều hay ít", "zh-TW": "運動幅度"}
    answer = await api("PUT", path, [_video(description_localizations=told)])
    [offered] = mira.offered_commands(text_channel)
    for [option] in (answer.body[0]["options"], offered["options"]):
        assert option["description_localizations"] == told
        assert option["choices"][0]["name_localizations"] == {"vi": "nhẹ"}
    assert (await api("GET", f"{path}?with_localizations=true")).body == answer.body
    [listed] = (await api("GET", path)).body
    assert listed["options"] == [
        {"type": 3, "name": "motion", "description": "How much moves", "choices": [{"name": "low", "value": "low"}]}
    ]


@pytest.mark.parametrize(
    ("texts", "where"),
    [
        ({"description_localizations": {"vn": "x"}}, "description_localizations.vn"),
        ({"description_localizations": {"zh-HK": "x"}}, "description_localizations.zh-HK"),
        ({"description_localizations": {"vi": ""}}, "description_localizations.vi"),
        ({"description_localizations": {"vi": "x" * 101}}, "description_localizations.vi"),
        ({"name_localizations": {"vi": "Chuyển động"}}, "name_localizations.vi"),
        ({"name_localizations": {"vi": "x" * 33}}, "name_localizations.vi"),
        (
            {"choices": [{"name": "low", "value": "low", "name_localizations": {"xx": "x"}}]},
            "choices.0.name_localizations.xx",
        ),
        (
            {"choices": [{"name": "low", "value": "low", "name_localizations": {"vi": "x" * 101}}]},
            "choices.0.name_localizations.vi",
        ),
        ({"choices": [{"name": "low", "value": "x" * 101}]}, "choices.0.value"),
        ({"choices": [{"name": str(number), "value": str(number)} for number in range(26)]}, "choices"),
    ],
    ids=str,
)
async def test_texts_that_no_client_could_show_are_refused_by_their_path(
    local_discord: Discord, api: ApiClient, texts: dict[str, Any], where: str
):
    answer = await api("PUT", f"/applications/{local_discord.application_id}/commands", [_video(**texts)])
    assert (answer.status, answer.body["code"]) == (400, 50035)
    problem = answer.body["errors"]["0"]["options"]["0"]
    for part in where.split("."):
        problem = problem[part]
    assert problem["_errors"]
    assert local_discord.commands.listed() == []
    local_discord.violations.clear()


async def test_of_a_commands_texts_the_longest_of_each_counts_towards_its_size(local_discord: Discord, api: ApiClient):
    def large(longest: int, **languages: str) -> dict[str, Any]:
        """Describe a command that has 7952 characters without the description of its last option."""
        options: list[dict[str, Any]] = [
            {"type": 3, "name": f"o{number:06}", "description": "x" * 100} for number in range(75)
        ]
        options[-1] |= {"description": "x" * longest, "description_localizations": languages}
        parts = [
            {"type": 1, "name": f"group{part}", "description": "x", "options": options[part * 25 : part * 25 + 25]}
            for part in range(3)
        ]
        return {"name": "large", "description": "x", "options": parts}

    path = f"/applications/{local_discord.application_id}/commands"
    for fits in (large(48), large(1, vi="x" * 48, bg="x" * 48)):
        assert (await api("PUT", path, [fits])).status == 200
    for refused in (large(49), large(1, vi="x" * 49)):
        answer = await api("PUT", path, [refused])
        assert answer.body["errors"]["0"]["_errors"][0]["message"] == "Command exceeds maximum size (8000)"
    local_discord.violations.clear()
