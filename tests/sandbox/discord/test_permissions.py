"""Permissions: how they add up, and what the HTTP API refuses."""

from __future__ import annotations

import discord
import pytest

from sandbox.discord import (
    EVERYONE,
    Discord,
    Guild,
    NotOffered,
    Permission,
    TextChannel,
    User,
)
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import clip

NONE = Permission(0)


async def test_overwrites_apply_everyone_then_roles_then_the_member(guild: Guild, mira: User):
    club = guild.role("Film club")
    guild.members[mira.id].give(club)
    send = Permission.SEND_MESSAGES
    channel = guild.text_channel("films", overwrites={guild.everyone: (NONE, send)})
    assert not channel.permissions_of(mira) & send
    channel.set_overwrite(club, allow=send)
    assert channel.permissions_of(mira) & send
    channel.set_overwrite(mira, deny=send)
    assert not channel.permissions_of(mira) & send
    assert channel.permissions_of(guild.owner) & send
    guild.members[mira.id].give(guild.role("Admins", Permission.ADMINISTRATOR))
    assert channel.permissions_of(mira) & send


async def test_without_view_channel_nothing_is_left(guild: Guild, mira: User):
    channel = guild.text_channel("hidden", overwrites={guild.everyone: (NONE, Permission.VIEW_CHANNEL)})
    assert channel.permissions_of(mira) == NONE
    assert channel.thread("inside").permissions_of(mira) == NONE


@pytest.mark.parametrize(("missing", "code"), [(Permission.VIEW_CHANNEL, 50001), (Permission.SEND_MESSAGES, 50013)])
async def test_a_bot_that_may_not_write_is_refused(
    guild: Guild, start: StartBot, text_channel: TextChannel, missing: Permission, code: int
):
    guild.set_bot_permissions(EVERYONE & ~missing)
    async with start() as bot:
        with pytest.raises(discord.Forbidden) as refused:
            await bot.get_partial_messageable(text_channel.id).send("hello")
        assert refused.value.code == code
    guild.set_bot_permissions(EVERYONE)
    async with start() as bot:
        await bot.get_partial_messageable(text_channel.id).send("hello")


async def test_threads_have_their_own_permission_to_write(guild: Guild, start: StartBot, text_channel: TextChannel):
    thread = text_channel.thread("premieres")
    guild.set_bot_permissions(EVERYONE & ~Permission.SEND_MESSAGES_IN_THREADS)
    async with start() as bot:
        await bot.get_partial_messageable(text_channel.id).send("hello")
        with pytest.raises(discord.Forbidden):
            await bot.get_partial_messageable(thread.id).send("hello")


async def test_without_attach_files_neither_token_uploads(
    guild: Guild, start: StartBot, mira: User, text_channel: TextChannel
):
    guild.set_bot_permissions(EVERYONE & ~Permission.ATTACH_FILES & ~Permission.SEND_MESSAGES)
    async with start() as bot:
        await mira.slash(text_channel, "wait")
        interaction = await bot.deferred.get()
        assert not interaction.app_permissions.attach_files
        assert not interaction.app_permissions.send_messages
        await interaction.edit_original_response(content="text needs no permission")
        with pytest.raises(discord.Forbidden) as refused:
            await interaction.edit_original_response(attachments=[clip()])
        assert refused.value.code == 50013


async def test_history_needs_its_permission(guild: Guild, start: StartBot, mira: User, text_channel: TextChannel):
    user_message = await mira.say(text_channel, "hello")
    guild.set_bot_permissions(EVERYONE & ~Permission.READ_MESSAGE_HISTORY)
    async with start() as bot:
        channel = bot.get_partial_messageable(text_channel.id)
        assert [message async for message in channel.history()] == []
        with pytest.raises(discord.Forbidden):
            await channel.fetch_message(user_message.id)


async def test_deleting_others_messages_needs_manage_messages(
    guild: Guild, start: StartBot, mira: User, text_channel: TextChannel
):
    user_message = await mira.say(text_channel, "hello")
    async with start() as bot:
        message = bot.get_partial_messageable(text_channel.id).get_partial_message(user_message.id)
        with pytest.raises(discord.Forbidden):
            await message.delete()
        guild.set_bot_permissions(EVERYONE | Permission.MANAGE_MESSAGES)
        await message.delete()
        assert user_message.deleted


async def test_a_server_without_the_bot_is_out_of_reach(
    local_discord: Discord, api: ApiClient, guild: Guild, text_channel: TextChannel
):
    guild.remove_bot()
    assert (await api("GET", f"/channels/{text_channel.id}")).body["code"] == 50001
    assert (await api("GET", f"/guilds/{text_channel.guild.id}")).body["code"] == 50001
    assert (await api("GET", "/guilds/1")).body["code"] == 10004


async def test_a_person_can_only_act_where_they_may(local_discord: Discord, guild: Guild, start: StartBot, mira: User):
    quiet = guild.text_channel("quiet", overwrites={guild.everyone: (NONE, Permission.SEND_MESSAGES)})
    hidden = guild.text_channel("hidden", overwrites={guild.everyone: (NONE, Permission.VIEW_CHANNEL)})
    async with start():
        for channel in (quiet, hidden):
            with pytest.raises(NotOffered):
                await mira.say(channel, "hello")
            with pytest.raises(NotOffered):
                await mira.slash(channel, "wait")
        assert mira.sees(hidden) == []
        with pytest.raises(NotOffered, match="not a member"):
            await local_discord.user("stranger").slash(quiet, "wait", force=True)
