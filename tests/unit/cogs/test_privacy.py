"""/privacy: what is kept is told, given and forgotten, after a second press, and to whoever presses alone."""

import json
from typing import Any, cast

import pytest

from sandbox.discord import Message, User
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def card(server: Server, who: User) -> Message:
    asked = await who.slash(server.channel, "privacy")
    return await asked.private_reply(10)


async def forgetting(server: Server) -> list[int]:
    rows = await server.db.database.fetch("select user_id from forgetting where guild_id = $1", server.guild.id)
    return [row["user_id"] for row in rows]


async def test_a_member_reads_what_is_kept_for_how_long_and_where_it_went(server: Server) -> None:
    told = (await card(server, server.mira)).text
    for part in ("Your prompts and options", "for 30 days", "until you are forgotten", "TTAPI", "on Discord"):
        assert part in told


async def test_a_member_gets_all_of_it_as_a_private_file(server: Server) -> None:
    job = await server.done(server.mira)
    theirs = await server.done(server.leo)
    asked = await server.mira.click(await card(server, server.mira), "privacy:show")
    reply = await asked.private_reply(10)
    await reply.until(lambda message: bool(message.attachments), 10)
    [file] = reply.attachments
    assert file.filename == "animatic.json"
    found = json.loads(file.data)
    assert [one["id"] for one in found["jobs"]] == [job.id]
    assert theirs.id not in json.dumps(found)


async def test_who_asks_for_it_twice_is_given_it_once_at_a_time(server: Server) -> None:
    shown = await card(server, server.mira)
    privacy = cast("Any", server.client).get_cog("PrivacyCog")._privacy
    async with privacy.export(server.guild.id, server.mira.id, 10_000):
        told = await server.told(await server.mira.click(shown, "privacy:show"))
        assert told.startswith("Your file is being written")
        asked = await server.leo.click(await card(server, server.leo), "privacy:show")
        reply = await asked.private_reply(10)
        await reply.until(lambda message: bool(message.attachments), 10)
    asked = await server.mira.click(shown, "privacy:show")
    reply = await asked.private_reply(10)
    await reply.until(lambda message: bool(message.attachments), 10)


async def test_a_member_is_forgotten_only_after_a_second_press(server: Server) -> None:
    shown = await card(server, server.mira)
    await server.mira.click(shown, "privacy:ask")
    await shown.until(lambda message: "for good?" in message.text, 10)
    assert await forgetting(server) == []
    await server.mira.click(shown, "privacy:keep")
    await shown.until(lambda message: "What is kept" in message.text, 10)
    await server.mira.click(shown, "privacy:ask")
    await shown.until(lambda message: "for good?" in message.text, 10)
    await server.mira.click(shown, "privacy:forget")
    await shown.until(lambda message: message.text.startswith("You are being forgotten"), 10)
    assert await forgetting(server) == [server.mira.id]


async def test_who_is_blocked_may_read_get_and_be_forgotten_and_stays_blocked(server: Server) -> None:
    await server.db.store.accounts.set_allowance(server.guild.id, "member", server.mira.id, 0, server.db.now)
    shown = await card(server, server.mira)
    asked = await server.mira.click(shown, "privacy:show")
    reply = await asked.private_reply(10)
    await reply.until(lambda message: bool(message.attachments), 10)
    await server.mira.click(shown, "privacy:ask")
    await shown.until(lambda message: "for good?" in message.text, 10)
    await server.mira.click(shown, "privacy:forget")
    await shown.until(lambda message: message.text.startswith("You are being forgotten"), 10)
    [one] = await server.db.store.forgettings.take(1, server.db.now + 10**9, server.db.now + 2 * 10**9)
    await server.db.store.forgettings.rename(one)
    assert await server.db.store.blocks.find(server.guild.id, server.mira.id, (), server.db.now) is not None
    told = await server.told(await server.mira.slash(server.channel, "providers"))
    assert "blocked you" in told


async def test_in_a_server_that_is_not_allowed_any_more_members_may_read_get_and_be_forgotten(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.client, "_allowed_guilds", frozenset({1}))
    refused = await server.told(await server.mira.slash(server.channel, "credits"))
    assert refused.startswith("I am not set up for this server.")
    shown = await card(server, server.mira)
    assert "What is kept of you" in shown.text
    reply = await (await server.mira.click(shown, "privacy:show")).private_reply(10)
    await reply.until(lambda message: bool(message.attachments), 10)
    await server.mira.click(shown, "privacy:ask")
    await shown.until(lambda message: "for good?" in message.text, 10)
    await server.mira.click(shown, "privacy:forget")
    await shown.until(lambda message: message.text.startswith("You are being forgotten"), 10)
    assert await forgetting(server) == [server.mira.id]
