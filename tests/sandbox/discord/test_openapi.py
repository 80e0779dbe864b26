"""Discord's own description decides about requests, and about the local Discord's answers."""

from __future__ import annotations

from typing import Any

import aiohttp
import discord
import pytest

from sandbox.discord import Discord, Guild, TextChannel, User
from sandbox.discord.known_deviations import DEVIATIONS, without_known_deviations
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.response_schemas import schema_errors
from tests.sandbox.discord.sample_bot import card, clip

DISABLED_NO = {
    "type": 1,
    "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "a", "disabled": "no"}],
}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/channels/{c}/messages", {"content": 7}),
        ("POST", "/channels/{c}/messages", {"content": "x", "flags": "many"}),
        ("POST", "/channels/{c}/messages", {"content": "x", "components": [{"type": 99}]}),
        ("POST", "/channels/{c}/messages", {"content": "x", "components": [DISABLED_NO]}),
        ("POST", "/channels/{c}/messages", [1]),
        ("POST", "/channels/{c}/messages", {"content": "x", "nonce": "n" * 26}),
        ("GET", "/channels/{c}/messages?limit=500", None),
        ("GET", "/channels/{c}/messages?colour=red", None),
        ("GET", "/channels/mine", None),
        ("PUT", "/applications/{a}/commands", [{"name": "video", "type": 1, "description": "x" * 101}]),
    ],
)
async def test_a_request_that_the_description_does_not_allow_is_refused_and_noted(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel, method: str, path: str, body: Any
):
    answer = await api(method, path.format(c=text_channel.id, a=local_discord.application_id), body)
    assert (answer.status, answer.body["code"]) == (400, 50035)
    assert len(local_discord.violations) == 1
    local_discord.violations.clear()
    assert text_channel.messages == []


async def test_a_problem_deep_within_a_union_is_named_by_its_path(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
):
    button = {"type": 2, "style": 1, "label": "x", "custom_id": 7}
    body = {"flags": 1 << 15, "components": [{"type": 17, "components": [{"type": 1, "components": [button]}]}]}
    answer = await api("POST", f"/channels/{text_channel.id}/messages", body)
    assert answer.body["errors"]["components"]["0"]["components"]["0"]["components"]["0"]["custom_id"]["_errors"]
    local_discord.violations.clear()


async def test_without_checks_the_description_is_not_asked():
    async with Discord(checks=False) as local_discord, aiohttp.ClientSession() as session:
        api = ApiClient(local_discord, session)
        authorised = {"Authorization": f"Bot {local_discord.token}"}
        text_channel = local_discord.guild("Paper Boats").text_channel("films")
        assert (await api("GET", f"/channels/{text_channel.id}/messages?colour=red", headers=authorised)).status == 200


def test_each_deviation_has_its_reason_and_touches_nothing_else():
    assert all(deviation.reason for deviation in DEVIATIONS)
    body = {"attachments": [{"id": 0, "filename": "a.mp4"}], "id": 0}
    assert without_known_deviations(body) == {"attachments": [{"id": "0", "filename": "a.mp4"}], "id": 0}
    assert body["attachments"] == [{"id": 0, "filename": "a.mp4"}]


class Who(discord.ui.Modal, title="Who"):
    """A modal with a person chosen beforehand."""

    def __init__(self, chosen: User) -> None:
        super().__init__()
        select = discord.ui.UserSelect[Who](default_values=[discord.Object(chosen.id)])
        self.add_item(discord.ui.Label[Who](text="Who", component=select))


async def test_discord_py_really_deviates_in_each_listed_way(
    local_discord: Discord, guild: Guild, start: StartBot, mira: User, text_channel: TextChannel
):
    club = guild.role("Film club")
    allowed = discord.AllowedMentions(users=[discord.Object(mira.id)], roles=[discord.Object(club.id)])
    async with start() as bot:
        await bot.wait_until_ready()
        channel = bot.get_channel(text_channel.id)
        assert isinstance(channel, discord.TextChannel)
        sent = await channel.send("hello", file=clip(), allowed_mentions=allowed)
        await sent.reply("again")
        await (await bot.fetch_user(mira.id)).send("hello")
        await mira.slash(text_channel, "silent")
        interaction = await bot.deferred.get()
        await interaction.response.send_message("hello", file=clip(), allowed_mentions=allowed)
        await mira.slash(text_channel, "silent")
        await (await bot.deferred.get()).response.send_modal(Who(mira))
    bodies = [request.body for request in local_discord.requests]
    unused = {d.where for d in DEVIATIONS if all(without_known_deviations(body, (d,)) == body for body in bodies)}
    assert unused == set()


async def test_the_sandboxs_own_answers_fit_the_description(
    local_discord: Discord, api: ApiClient, start: StartBot, guild: Guild, mira: User, text_channel: TextChannel
):
    """Every test checks its answers; this one asks for what no other asks for."""
    thread = text_channel.thread("premieres")
    async with start() as bot:
        file = clip("a.png", b"x")
        sent = await bot.get_partial_messageable(text_channel.id).send(view=card("a", [file], buttons=2), files=[file])
        await sent.reply("plain", file=clip("b.mp4"), embed=discord.Embed(title="film"))
    paths = (
        "/users/@me",
        f"/users/{mira.id}",
        "/applications/@me",
        "/oauth2/applications/@me",
        "/gateway",
        "/gateway/bot",
        f"/applications/{local_discord.application_id}/commands",
        f"/channels/{text_channel.id}",
        f"/channels/{thread.id}",
        f"/channels/{mira.direct.id}",
        f"/channels/{text_channel.id}/messages",
        f"/guilds/{guild.id}",
        f"/guilds/{guild.id}?with_counts=true",
        f"/guilds/{guild.id}/channels",
        f"/guilds/{guild.id}/roles",
        f"/guilds/{guild.id}/roles/{guild.id}",
        f"/guilds/{guild.id}/members/{mira.id}",
    )
    assert [(await api("GET", path)).status for path in paths] == [200] * len(paths)
    assert [error for request in local_discord.requests for error in schema_errors(request)] == []
