"""The gateway: connecting, resuming, sharding, and who hears what."""

from __future__ import annotations

import asyncio

import discord
import pytest

from sandbox.discord import Discord, Guild, TextChannel, User
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import SampleBot


async def test_a_wrong_token_is_refused_at_login(local_discord: Discord):
    bot = discord.Client(intents=discord.Intents.none())
    with pytest.raises(discord.LoginFailure):
        await bot.start("wrong")
    await bot.close()


async def test_a_wrong_token_closes_the_gateway_with_4004(local_discord: Discord):
    async with discord.Client(intents=discord.Intents.none()) as bot:
        await bot.login(local_discord.token)
        bot.http.token = "wrong"
        with pytest.raises(discord.ConnectionClosed) as closed:
            await bot.connect()
        assert closed.value.code == 4004


async def test_privileged_intents_need_the_applications_consent(local_discord: Discord, start: StartBot):
    intents = discord.Intents.default()
    intents.message_content = True
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with start(SampleBot(intents=intents)):
            pass
    local_discord.knobs.privileged_intents = intents.value
    async with start(SampleBot(intents=intents)) as bot:
        assert bot.application_flags.gateway_message_content_limited


async def test_the_bot_knows_its_servers_channels_threads_and_itself(
    start: StartBot, guild: Guild, text_channel: TextChannel
):
    thread = text_channel.thread("premieres")
    role = guild.role("Film club")
    async with start() as bot:
        await bot.wait_until_ready()
        seen = bot.get_guild(guild.id)
        assert seen is not None
        assert seen.me.id == guild.world.bot_user.id
        assert seen.get_thread(thread.id) is not None
        assert seen.get_role(role.id) is not None
        channel = bot.get_channel(text_channel.id)
        assert isinstance(channel, discord.TextChannel)
        assert channel.permissions_for(seen.me).send_messages


async def test_a_command_sent_while_the_bot_was_cut_off_is_answered_after_the_resume(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    async with start():
        await local_discord.drop_gateway(resumable=True)
        used = await mira.slash(text_channel, "wait")
        await used.answered()
        assert local_discord.gateway.resumes == 1
        assert local_discord.gateway.identifies == 1


async def test_the_bot_resumes_when_asked_to_reconnect(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    async with start():
        await local_discord.request_reconnect()
        await local_discord.gateway.wait_for(lambda: local_discord.gateway.resumes, 10, lambda: "no resume")
        await (await mira.slash(text_channel, "wait")).answered()
        assert local_discord.gateway.identifies == 1


async def test_a_lost_session_is_made_anew(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    async with start():
        await local_discord.drop_gateway(resumable=False)
        await local_discord.gateway.wait_for(
            lambda: local_discord.gateway.identifies == 2, 10, lambda: "no second identify"
        )
        await local_discord.ready()
        used = await (await mira.slash(text_channel, "wait")).answered()
        assert used.acknowledged
        assert local_discord.gateway.identifies == 2


async def test_each_server_speaks_to_its_own_shard(local_discord: Discord, start: StartBot, mira: User):
    guilds = [local_discord.guild(f"server {n}", guild_id=(1000 + n) << 22) for n in range(4)]
    async with start(SampleBot(shard_count=2)) as bot:
        await bot.wait_until_ready()
        for guild in guilds:
            guild.join(mira)
            used = await mira.slash(guild.text_channel("films"), "wait")
            interaction = await bot.deferred.get()
            assert interaction.guild is not None
            assert interaction.guild.shard_id == (guild.id >> 22) % 2
            await used.answered()
        assert {session.shard_id for session in local_discord.gateway.sessions.values()} == {0, 1}


async def test_two_processes_share_the_shards(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    text_channel.guild.leave(mira)
    guild = local_discord.guild("odd", guild_id=1001 << 22)
    guild.join(mira)
    odd = SampleBot(shard_count=2)
    odd.shard_ids = [1]
    even = SampleBot(shard_count=2)
    even.shard_ids = [0]
    task = asyncio.create_task(even.start(local_discord.token))
    try:
        async with start(odd):
            await (await mira.slash(guild.text_channel("films"), "wait")).answered()
            assert (await odd.deferred.get()).guild_id == guild.id
            assert even.deferred.empty()
    finally:
        await even.close()
        await task


async def test_message_content_is_kept_back_unless_the_bot_is_mentioned(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    async with start() as bot:
        await mira.say(text_channel, "a secret")
        await mira.say(text_channel, "sync", mentions=[local_discord.bot_user])
        await mira.say(mira.direct, "hello")
        received = [await bot.mail.get() for _ in range(3)]
    assert [message.content for message in received] == ["", f"{local_discord.bot_user.mention} sync", "hello"]
    assert received[0].author.id == mira.id


async def test_message_events_need_their_intent(start: StartBot, mira: User, text_channel: TextChannel):
    async with start(SampleBot(intents=discord.Intents(guilds=True, dm_messages=True))) as bot:
        await mira.say(text_channel, "not heard")
        await mira.say(mira.direct, "heard")
        assert (await bot.mail.get()).content == "heard"


async def test_the_bot_is_told_when_it_joins_and_leaves_a_server(local_discord: Discord, start: StartBot, mira: User):
    guild = local_discord.guild("late", joined=False)
    async with start() as bot:
        assert bot.get_guild(guild.id) is None
        joined = asyncio.create_task(bot.wait_for("guild_join", timeout=10))
        removed = asyncio.create_task(bot.wait_for("guild_remove", timeout=10))
        await bot.wait_until_ready()
        guild.join_bot()
        assert (await joined).id == guild.id
        guild.remove_bot()
        assert (await removed).id == guild.id


async def test_members_can_be_asked_for(local_discord: Discord, start: StartBot, guild: Guild, mira: User):
    async with start() as bot:
        await bot.wait_until_ready()
        seen = bot.get_guild(guild.id)
        assert seen is not None
        assert [member.id for member in await seen.query_members("mi")] == [mira.id]
        assert [member.id for member in await seen.query_members(user_ids=[mira.id])] == [mira.id]


async def test_edits_and_deletions_are_told(local_discord: Discord, start: StartBot, text_channel: TextChannel):
    async with start() as bot:
        await bot.wait_until_ready()
        channel = bot.get_partial_messageable(text_channel.id)
        edited = asyncio.create_task(bot.wait_for("raw_message_edit", timeout=10))
        deleted = asyncio.create_task(bot.wait_for("raw_message_delete", timeout=10))
        sent = await channel.send("first")
        await sent.edit(content="second")
        assert (await edited).data["content"] == "second"
        local_discord.moderator_deletes(text_channel.messages[0])
        assert (await deleted).message_id == sent.id
