"""Messages with the bot token: sending, history, nonces, mentions, replies, threads."""

from __future__ import annotations

from typing import Any

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
from tests.sandbox.discord.sample_bot import card


async def test_a_message_sent_twice_with_one_nonce_exists_once(
    local_discord: Discord, start: StartBot, text_channel: TextChannel
):
    async with start() as bot:
        channel = bot.get_partial_messageable(text_channel.id)
        first = await channel.send("card", nonce="job-1")
        again = await channel.send("card", nonce="job-1")
        other = await channel.send("card", nonce="job-2")
        assert first.id == again.id != other.id
        local_discord.advance(301)
        later = await channel.send("card", nonce="job-1")
        assert later.id != first.id
        assert len(text_channel.messages) == 3


async def test_a_nonce_counts_within_its_channel(guild: Guild, start: StartBot, text_channel: TextChannel):
    async with start() as bot:
        for channel in (text_channel, guild.text_channel("trailers")):
            await bot.get_partial_messageable(channel.id).send("card", nonce="job-1")
            assert len(channel.messages) == 1


async def test_history_is_listed_before_after_and_around(start: StartBot, mira: User, text_channel: TextChannel):
    user_message = [await mira.say(text_channel, f"line {n}") for n in range(5)]
    async with start() as bot:
        channel = bot.get_partial_messageable(text_channel.id)

        async def ids(**options: Any) -> list[int]:
            return [message.id async for message in channel.history(**options)]

        middle = discord.Object(user_message[2].id)
        newest_first = [message.id for message in reversed(user_message)]
        assert await ids() == newest_first
        assert await ids(limit=2) == newest_first[:2]
        assert await ids(before=middle) == newest_first[3:]
        assert await ids(after=middle) == [user_message[3].id, user_message[4].id]
        assert await ids(around=middle, limit=3) == newest_first[1:4]
        assert (await channel.fetch_message(user_message[0].id)).author.id == mira.id


async def test_each_message_knows_whom_it_pings(
    local_discord: Discord, guild: Guild, start: StartBot, text_channel: TextChannel
):
    mira, noor = local_discord.user("mira"), local_discord.user("noor")
    club = guild.role("Film club", mentionable=True)
    staff = guild.role("Staff")
    text = f"{mira.mention} {noor.mention} {club.mention} {staff.mention} @everyone"
    async with start() as bot:
        channel = bot.get_partial_messageable(text_channel.id)
        await channel.send(text)
        assert not text_channel.messages[-1].pinged
        await channel.send(text, allowed_mentions=discord.AllowedMentions.all())
        pinged = text_channel.messages[-1].pinged
        assert (pinged.users, pinged.roles, pinged.everyone) == ([mira, noor], [club], False)
        await channel.send(view=card(text), allowed_mentions=discord.AllowedMentions(users=[discord.Object(noor.id)]))
        pinged = text_channel.messages[-1].pinged
        assert (pinged.users, pinged.roles) == ([noor], [])
        guild.set_bot_permissions(EVERYONE | Permission.MENTION_EVERYONE)
        await channel.send(text, allowed_mentions=discord.AllowedMentions(everyone=True, users=False, roles=True))
        pinged = text_channel.messages[-1].pinged
        assert (pinged.users, pinged.roles, pinged.everyone) == ([], [club, staff], True)


async def test_a_reply_points_to_its_message_and_pings_only_when_asked(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    question = await mira.say(text_channel, "where is my film?")
    async with start() as bot:
        message = await bot.get_partial_messageable(text_channel.id).fetch_message(question.id)
        await message.reply("here", mention_author=True)
        await message.reply("and here", mention_author=False)
        assert [m.reference for m in text_channel.messages[1:]] == [question, question]
        assert [m.pinged.users for m in text_channel.messages[1:]] == [[mira], []]
        local_discord.moderator_deletes(question)
        with pytest.raises(discord.HTTPException, match="Unknown message"):
            await message.reply("gone")


async def test_a_bot_cannot_edit_what_others_wrote(start: StartBot, mira: User, text_channel: TextChannel):
    user_message = await mira.say(text_channel, "mine")
    async with start() as bot:
        with pytest.raises(discord.Forbidden) as refused:
            await (
                bot.get_partial_messageable(text_channel.id).get_partial_message(user_message.id).edit(content="yours")
            )
        assert refused.value.code == 50005


async def test_an_empty_message_is_refused(api: ApiClient, text_channel: TextChannel):
    answer = await api("POST", f"/channels/{text_channel.id}/messages", {"content": ""})
    assert (answer.status, answer.body["code"]) == (400, 50006)


async def test_the_bot_can_write_to_a_person_directly(start: StartBot, mira: User):
    async with start() as bot:
        user = await bot.fetch_user(mira.id)
        await user.send("your film is ready")
        assert [m.text for m in mira.sees(mira.direct)] == ["your film is ready"]


async def test_typing_fetching_and_members_work(start: StartBot, guild: Guild, mira: User, text_channel: TextChannel):
    async with start() as bot:
        channel = await bot.fetch_channel(text_channel.id)
        assert isinstance(channel, discord.TextChannel)
        async with channel.typing():
            pass
        fetched = await bot.fetch_guild(guild.id)
        assert fetched.filesize_limit == guild.upload_limit
        assert (await fetched.fetch_member(mira.id)).name == "mira"
        assert [role.name for role in await fetched.fetch_roles()] == ["@everyone", "animatic"]
        assert (await bot.application_info()).owner.name == "owner"
        with pytest.raises(discord.NotFound):
            await fetched.fetch_member(1)


async def test_an_archived_thread_wakes_up_for_a_message_and_a_locked_one_does_not(
    start: StartBot, text_channel: TextChannel
):
    thread = text_channel.thread("premieres")
    async with start() as bot:
        channel = bot.get_partial_messageable(thread.id)
        sent = await channel.send("hello")
        thread.archive()
        with pytest.raises(discord.HTTPException) as refused:
            await sent.edit(content="changed")
        assert refused.value.code == 50083
        await channel.send("awake")
        assert not thread.archived
        thread.archive(locked=True)
        with pytest.raises(discord.Forbidden) as refused:
            await channel.send("locked")
        assert refused.value.code == 50083


async def test_an_archived_thread_can_be_brought_back_and_a_locked_one_cannot(
    start: StartBot, text_channel: TextChannel
):
    thread = text_channel.thread("premieres")
    async with start() as bot:
        for locked in (False, True):
            thread.archive(locked=locked)
            found = await bot.fetch_channel(thread.id)
            assert isinstance(found, discord.Thread)
            assert (found.archived, found.locked) == (True, locked)
            if locked:
                with pytest.raises(discord.Forbidden):
                    await found.edit(archived=False)
            else:
                await found.edit(archived=False)
            assert thread.archived is locked


async def test_a_deleted_channel_is_unknown(start: StartBot, mira: User, text_channel: TextChannel):
    async with start() as bot:
        used = await mira.slash(text_channel, "wait")
        interaction = await bot.deferred.get()
        text_channel.delete()
        with pytest.raises(discord.NotFound) as refused:
            await bot.get_partial_messageable(text_channel.id).send("hello")
        assert refused.value.code == 10003
        with pytest.raises(discord.NotFound):
            await interaction.edit_original_response(content="hello")
        with pytest.raises(NotOffered):
            await mira.slash(text_channel, "wait")
        assert used.acknowledged


async def test_a_classic_message_becomes_one_of_components_and_never_back(
    local_discord: Discord, start: StartBot, api: ApiClient, text_channel: TextChannel
):
    async with start() as bot:
        sent = await bot.get_partial_messageable(text_channel.id).send("text", embed=discord.Embed(title="film"))
        with pytest.raises(discord.HTTPException):
            await sent.edit(view=card("card"))
        assert len(local_discord.violations) == 2
        await sent.edit(content=None, embeds=[], view=card("card"))
        message = text_channel.messages[0]
        assert (message.content, message.embeds, message.text) == ("", [], "card")
        assert message.uses_components_v2
        answer = await api("PATCH", f"/channels/{text_channel.id}/messages/{sent.id}", {"content": "back", "flags": 0})
        assert answer.status == 400
        assert message.uses_components_v2
        local_discord.violations.clear()


async def test_waiting_in_vain_shows_what_the_message_says(start: StartBot, text_channel: TextChannel):
    async with start() as bot:
        await bot.get_partial_messageable(text_channel.id).send("not what was hoped for")
        with pytest.raises(TimeoutError, match="not what was hoped for"):
            await text_channel.messages[0].until(lambda message: message.deleted, timeout=0.01)


async def test_content_and_embeds_have_their_limits(local_discord: Discord, api: ApiClient, text_channel: TextChannel):
    path = f"/channels/{text_channel.id}/messages"
    assert (await api("POST", path, {"content": "x" * 2000})).status == 200
    assert (await api("POST", path, {"content": "x" * 2001})).status == 400
    embed = {"title": "x" * 256, "description": "x" * 3000, "footer": {"text": "x"}, "author": {"name": "x"}}
    assert (await api("POST", path, {"embeds": [embed]})).status == 200
    assert (await api("POST", path, {"embeds": [embed, embed]})).status == 400
    local_discord.violations.clear()
