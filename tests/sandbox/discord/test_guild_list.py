"""The list of the bot's own servers, page by page, with what its roles allow there."""

from __future__ import annotations

import discord

from sandbox.discord import EVERYONE, Discord, Guild, Permission
from tests.sandbox.discord.conftest import StartBot


async def test_servers_are_listed_with_what_the_bots_roles_allow(
    local_discord: Discord, guild: Guild, start: StartBot
) -> None:
    local_discord.guild("Elsewhere", joined=False)
    guild.everyone.set_permissions(Permission.VIEW_CHANNEL)
    guild.set_bot_permissions(EVERYONE & ~Permission.ATTACH_FILES)
    async with start() as bot:
        (listed,) = await bot.http.get_guilds(200, with_counts=False)
    assert (listed["id"], listed["name"]) == (str(guild.id), "Paper Boats")
    assert int(str(dict(listed)["permissions"])) == EVERYONE & ~Permission.ATTACH_FILES


async def test_an_administrator_is_listed_with_every_permission(guild: Guild, start: StartBot) -> None:
    guild.everyone.set_permissions(Permission.VIEW_CHANNEL)
    guild.set_bot_permissions(Permission.ADMINISTRATOR)
    async with start() as bot:
        (listed,) = await bot.http.get_guilds(200, with_counts=False)
    assert discord.Permissions(int(str(dict(listed)["permissions"]))).attach_files


async def test_many_servers_come_page_by_page_in_both_directions(local_discord: Discord, start: StartBot) -> None:
    ids = [local_discord.guild(f"Server {number}").id for number in range(7)]
    async with start() as bot:
        up = [guild.id async for guild in bot.fetch_guilds(limit=None)]
        down = [guild.id async for guild in bot.fetch_guilds(limit=3, before=discord.Object(ids[5]))]
        after = [guild.id async for guild in bot.fetch_guilds(limit=2, after=discord.Object(ids[2]))]
    assert up == ids
    assert sorted(down) == ids[2:5]
    assert after == ids[3:5]
