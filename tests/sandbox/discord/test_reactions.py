"""Reactions: over HTTP, on the gateway, by people, and with discord.py as it is."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import discord
import pytest

from sandbox.discord import EVERYONE, Discord, Guild, Message, NotOffered, Permission, TextChannel, User
from sandbox.discord.emoji import is_emoji
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import SampleBot

STAR, BOAT = "⭐", "⛵"
REACTION_EVENTS = {"MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE"}
FACES = [chr(code) for code in range(0x1F600, 0x1F615) if is_emoji(chr(code))]


def path(message: Message, rest: str = "") -> str:
    return f"/channels/{message.channel.id}/messages/{message.id}/reactions{rest}"


def of(emoji: str, rest: str = "") -> str:
    return f"/{quote(emoji)}{rest}"


@pytest.fixture
async def told(local_discord: Discord, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any], int]]:
    """What is sent to the gateway of reactions: the event, its payload and the intent that it needs."""
    events: list[tuple[str, dict[str, Any], int]] = []

    def transmit(event: str, payload: dict[str, Any], guild: int | None, intent: int, redacted: object) -> None:
        if "REACTION" in event:
            events.append((event, payload, intent))

    monkeypatch.setattr(local_discord, "transmit", transmit)
    return events


async def test_a_reaction_is_counted_listed_and_taken_back(
    api: ApiClient, mira: User, text_channel: TextChannel, local_discord: Discord
) -> None:
    message = await mira.say(text_channel, "a paper boat")
    assert (await api("PUT", path(message, of(STAR, "/@me")))).status == 204
    assert (await api("PUT", path(message, of(STAR, "/@me")))).status == 204
    await mira.react(message, STAR)
    shown = (await api("GET", f"/channels/{text_channel.id}/messages/{message.id}")).body
    assert [(one["emoji"], one["count"], one["me"]) for one in shown["reactions"]] == [
        ({"id": None, "name": STAR}, 2, True)
    ]
    listed = (await api("GET", path(message, of(STAR)))).body
    assert [(one["username"], one.get("bot", False)) for one in listed] == [("animatic", True), ("mira", False)]
    assert (await api("DELETE", path(message, of(STAR, "/@me")))).status == 204
    shown = (await api("GET", f"/channels/{text_channel.id}/messages/{message.id}")).body
    assert [(one["count"], one["me"]) for one in shown["reactions"]] == [(1, False)]
    await mira.unreact(message, STAR)
    assert "reactions" not in (await api("GET", f"/channels/{text_channel.id}/messages/{message.id}")).body
    assert (await api("GET", path(message, of(STAR)))).body == []


async def test_reactions_of_many_are_listed_page_by_page(
    api: ApiClient, local_discord: Discord, guild: Guild, mira: User, text_channel: TextChannel
) -> None:
    message = await mira.say(text_channel, "a paper boat")
    people = [local_discord.user(f"member{number}") for number in range(30)]
    for one in reversed(people):
        guild.join(one)
        await one.react(message, STAR)
    first = (await api("GET", path(message, of(STAR)))).body
    rest = (await api("GET", path(message, of(STAR, f"?limit=100&after={first[-1]['id']}")))).body
    assert len(first) == 25
    assert [one["username"] for one in first + rest] == [one.name for one in people]
    assert (await api("GET", path(message, of(STAR, "?type=1")))).body == []


async def test_two_spellings_of_an_emoji_are_one(mira: User, text_channel: TextChannel, api: ApiClient) -> None:
    message = await mira.say(text_channel, "a paper boat")
    await mira.react(message, STAR + "\ufe0f")
    assert (await api("PUT", path(message, of(STAR, "/@me")))).status == 204
    assert [one["count"] for one in message.to_json()["reactions"]] == [2]


@pytest.mark.parametrize("wrong", ["star", "⭐⭐", "boat:123456789012345678", " "])
async def test_what_is_no_emoji_is_unknown(api: ApiClient, mira: User, text_channel: TextChannel, wrong: str) -> None:
    message = await mira.say(text_channel, "a paper boat")
    for method, rest in (("PUT", "/@me"), ("DELETE", "/@me"), ("GET", ""), ("DELETE", "")):
        answer = await api(method, path(message, of(wrong, rest)))
        assert (answer.status, answer.body["code"]) == (400, 10014), method


async def test_a_message_takes_twenty_different_emoji(api: ApiClient, mira: User, text_channel: TextChannel) -> None:
    message = await mira.say(text_channel, "a paper boat")
    answers = [await api("PUT", path(message, of(face, "/@me"))) for face in FACES[:21]]
    assert [one.status for one in answers] == [204] * 20 + [403]
    assert answers[-1].body["code"] == 30010
    assert (await api("PUT", path(message, of(FACES[0], "/@me")))).status == 204


async def test_the_first_reaction_with_an_emoji_needs_more_than_joining_in(
    api: ApiClient, guild: Guild, mira: User, text_channel: TextChannel
) -> None:
    message = await mira.say(text_channel, "a paper boat")
    await mira.react(message, BOAT)
    guild.set_bot_permissions(EVERYONE & ~Permission.ADD_REACTIONS)
    refused = await api("PUT", path(message, of(STAR, "/@me")))
    assert (refused.status, refused.body["code"]) == (403, 50013)
    assert (await api("PUT", path(message, of(BOAT, "/@me")))).status == 204
    guild.set_bot_permissions(EVERYONE & ~Permission.READ_MESSAGE_HISTORY)
    for method, rest in (("PUT", "/@me"), ("DELETE", "/@me"), ("GET", "")):
        assert (await api(method, path(message, of(BOAT, rest)))).body["code"] == 50013, method
    guild.set_bot_permissions(EVERYONE & ~Permission.VIEW_CHANNEL)
    assert (await api("PUT", path(message, of(BOAT, "/@me")))).body["code"] == 50001


async def test_reactions_of_others_are_taken_away_only_by_who_manages_messages(
    api: ApiClient, guild: Guild, mira: User, text_channel: TextChannel
) -> None:
    message = await mira.say(text_channel, "a paper boat")
    for emoji in (STAR, BOAT):
        await mira.react(message, emoji)
    forbidden = [of(STAR, f"/{mira.id}"), of(STAR), ""]
    for rest in forbidden:
        assert (await api("DELETE", path(message, rest))).body["code"] == 50013
    guild.set_bot_permissions(EVERYONE | Permission.MANAGE_MESSAGES)
    assert (await api("DELETE", path(message, of(STAR, "/1")))).body["code"] == 10013
    assert (await api("DELETE", path(message, of(STAR, f"/{mira.id}")))).status == 204
    assert message.reactions.emoji == [BOAT]
    assert (await api("DELETE", path(message, of(BOAT)))).status == 204
    assert message.reactions.emoji == []
    await mira.react(message, STAR)
    assert (await api("DELETE", path(message))).status == 204
    assert message.reactions.emoji == []


async def test_nothing_is_reacted_to_that_is_not_there_or_archived(
    api: ApiClient, mira: User, text_channel: TextChannel
) -> None:
    assert (await api("PUT", f"/channels/{text_channel.id}/messages/1/reactions{of(STAR, '/@me')}")).body["code"] == (
        10008
    )
    thread = text_channel.thread("premieres")
    message = await mira.say(thread, "a paper boat")
    thread.archive()
    refused = await api("PUT", path(message, of(STAR, "/@me")))
    assert (refused.status, refused.body["code"]) == (400, 50083)


async def test_each_change_is_told_once_with_who_where_and_what(
    told: list[tuple[str, dict[str, Any], int]], guild: Guild, mira: User, text_channel: TextChannel
) -> None:
    message = await mira.say(text_channel, "a paper boat")
    where = {"channel_id": str(text_channel.id), "message_id": str(message.id), "guild_id": str(guild.id)}
    who = {"user_id": str(mira.id), "emoji": {"id": None, "name": STAR}, "burst": False, "type": 0}
    for _ in range(2):
        await mira.react(message, STAR)
    for _ in range(2):
        await mira.unreact(message, STAR)
    [(added, add, add_intent), (removed, remove, remove_intent)] = told
    assert (added, removed) == ("MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE")
    assert add.pop("member")["user"]["username"] == "mira"
    assert add == {**where, **who, "message_author_id": str(mira.id)}
    assert remove == {**where, **who}
    assert add_intent == remove_intent == discord.Intents(guild_reactions=True).value
    told.clear()
    for emoji in (STAR, BOAT):
        await mira.react(message, emoji)
    told.clear()
    moderator = guild.owner
    assert isinstance(moderator, User)
    await moderator.clear_reactions(message, STAR)
    await moderator.clear_reactions(message)
    await moderator.clear_reactions(message)
    assert [(event, payload) for event, payload, _ in told] == [
        ("MESSAGE_REACTION_REMOVE_EMOJI", {**where, "emoji": {"id": None, "name": STAR}}),
        ("MESSAGE_REACTION_REMOVE_ALL", where),
    ]


async def test_reactions_to_direct_messages_need_an_intent_of_their_own(
    told: list[tuple[str, dict[str, Any], int]], mira: User
) -> None:
    message = await mira.say(mira.direct, "hello")
    await mira.react(message, STAR)
    [(_, payload, intent)] = told
    assert intent == discord.Intents(dm_reactions=True).value
    assert {"guild_id", "member"}.isdisjoint(payload)


async def test_people_react_only_to_what_they_see_and_where_they_may(
    local_discord: Discord, guild: Guild, mira: User, text_channel: TextChannel
) -> None:
    message = await mira.say(text_channel, "a paper boat")
    assert mira.may_react(message)
    with pytest.raises(NotOffered, match="Unknown Emoji"):
        await mira.react(message, "star")
    with pytest.raises(NotOffered, match="Missing Permissions"):
        await mira.clear_reactions(message)
    with pytest.raises(NotOffered, match="cannot react to this message"):
        await local_discord.user("stranger").react(message, STAR)
    text_channel.set_overwrite(mira, deny=Permission.ADD_REACTIONS)
    assert not mira.may_react(message)
    with pytest.raises(NotOffered):
        await mira.react(message, STAR)
    local_discord.delete(message)
    with pytest.raises(NotOffered):
        await mira.react(message, STAR)


class Listener(SampleBot):
    """Keep what is heard of reactions."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(intents=intents)
        self.heard: list[tuple[str, int, str]] = []

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        self.heard.append(("add", payload.user_id, str(payload.emoji)))

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        self.heard.append(("remove", payload.user_id, str(payload.emoji)))

    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        self.heard.append(("clear", 0, ""))


@pytest.mark.parametrize("intended", [True, False])
async def test_only_who_intends_it_hears_of_reactions(
    guild: Guild, mira: User, text_channel: TextChannel, start: StartBot, intended: bool
) -> None:
    message = await mira.say(text_channel, "a paper boat")
    bot = Listener(discord.Intents(guilds=True, guild_messages=True, guild_reactions=intended))
    async with start(bot):
        await mira.react(message, STAR)
        await mira.unreact(message, STAR)
        await mira.react(message, STAR)
        moderator = guild.owner
        assert isinstance(moderator, User)
        await moderator.clear_reactions(message)
        await mira.say(text_channel, "the end")
        async with asyncio.timeout(5):
            await bot.mail.get()
    whole = [("add", mira.id, STAR), ("remove", mira.id, STAR), ("add", mira.id, STAR), ("clear", 0, "")]
    assert bot.heard == (whole if intended else [])


async def test_discord_py_reacts_counts_and_lists_without_the_content_intent(
    guild: Guild, local_discord: Discord, mira: User, text_channel: TextChannel, start: StartBot
) -> None:
    other = local_discord.app("other bot")
    guild.join(other)
    message = await mira.say(text_channel, "a paper boat")
    await mira.react(message, STAR)
    await other.react(message, STAR)
    guild.set_bot_permissions(EVERYONE | Permission.MANAGE_MESSAGES)
    async with start(SampleBot(intents=discord.Intents(guilds=True))) as bot:
        partial = bot.get_partial_messageable(text_channel.id, guild_id=guild.id).get_partial_message(message.id)
        await partial.add_reaction(STAR)
        fetched = await partial.fetch()
        assert fetched.content == ""
        [reaction] = fetched.reactions
        assert (str(reaction.emoji), reaction.count, reaction.me) == (STAR, 3, True)
        assert {(user.id, user.bot) async for user in reaction.users()} == {
            (mira.id, False),
            (other.id, True),
            (local_discord.bot_user.id, True),
        }
        await partial.remove_reaction(STAR, discord.Object(mira.id))
        await reaction.remove(discord.Object(local_discord.bot_user.id))
        assert (await partial.fetch()).reactions[0].count == 1
        await partial.clear_reaction(STAR)
        await mira.react(message, BOAT)
        await partial.clear_reactions()
        assert (await partial.fetch()).reactions == []
