"""/info: how a member stands, told to them and to moderators."""

from typing import Any

import pytest

from bot.domain.clock import read_wall_clock
from bot.domain.job import Kind
from bot.domain.params import JobParams
from bot.domain.periods import Period
from sandbox.discord import Permission, User
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def info(server: Server, who: User, whose: User | None = None) -> str:
    options: dict[str, Any] = {"member": whose} if whose is not None else {}
    return await server.told(await who.slash(server.channel, "info", **options))


def give(server: Server, who: User, *allowed: Permission) -> None:
    for permission in allowed:
        server.guild.members[who.id].give(server.guild.role(permission.name or "", permission))


async def test_a_member_is_told_all_of_their_own(server: Server) -> None:
    done = await server.done(server.mira)
    await server.done(server.mira, kind=Kind.IMAGINE, params=JobParams("a boat"))
    await server.db.store.favourites.add(server.guild.id, server.mira.id, done.id, server.db.now)
    place = {"user": server.mira.id, "guild": server.guild.id, "channel_id": server.channel.id}
    refused = await server.db.failed(**place)
    await server.db.store.strikes.add(refused, "2020-01-01")
    elsewhere = await server.db.failed(**{**place, "guild": server.guild.id + 1})
    await server.db.store.strikes.add(elsewhere, Period.DAY.key(read_wall_clock()))
    await server.db.running(**place)
    await server.db.queued(**place)
    credits, *rest = (await info(server, server.mira)).splitlines()
    assert credits.startswith("You have 975 of 1000 credits left.")
    assert rest == [
        "Under way: 1 being made, 1 waiting.",
        "Asked for so far: 4 films, 1 picture. Spent so far: 25 credits.",
        "1 favourite.",
        "1 prompt was refused here for its words. Today, in all servers together, it was 1.",
    ]
    assert "About" not in credits


async def test_who_never_asked_for_anything_reads_so(server: Server) -> None:
    assert (await info(server, server.mira)).splitlines()[1:] == [
        "Nothing is under way.",
        "Nothing was asked for so far.",
        "No favourites yet.",
        "No prompt was refused for its words.",
    ]


async def test_a_moderator_is_told_of_others_without_their_credits(server: Server) -> None:
    give(server, server.leo, Permission.MANAGE_MESSAGES)
    await server.done(server.mira)
    elsewhere = await server.db.failed(user=server.mira.id, guild=server.guild.id + 1)
    await server.db.store.strikes.add(elsewhere, Period.DAY.key(read_wall_clock()))
    told = await info(server, server.leo, server.mira)
    assert told.splitlines() == [
        f"About <@{server.mira.id}>:",
        "Nothing is under way.",
        "Asked for so far: 1 film.",
        "No favourites yet.",
        "No prompt was refused for its words.",
    ]
    assert "credit" not in told


async def test_who_manages_the_server_is_told_the_credits_too(server: Server) -> None:
    await server.done(server.mira)
    told = await info(server, server.ada, server.mira)
    assert f"<@{server.mira.id}> has 992 of 1000 credits left." in told
    assert "Spent so far: 8 credits." in told
    server.guild.leave(server.mira)
    assert "Asked for so far: 1 film." in await info(server, server.ada, server.mira)


async def test_another_member_is_told_nothing_of_anybody(server: Server) -> None:
    await server.done(server.leo)
    told = await server.refused(await server.mira.slash(server.channel, "info", member=server.leo))
    assert told == "Only members with the permission Manage Messages may do that."


async def test_who_may_only_moderate_this_channel_is_told_nothing_of_others(server: Server) -> None:
    server.channel.set_overwrite(server.mira, allow=Permission.MANAGE_MESSAGES)
    assert "Manage Messages" in await info(server, server.mira, server.leo)


async def test_of_another_server_nothing_is_told(server: Server) -> None:
    await server.db.done(user=server.mira.id, guild=server.guild.id + 1)
    assert "Nothing was asked for so far." in await info(server, server.mira)


async def test_the_blocked_are_refused_and_moderators_read_who_is(server: Server) -> None:
    await server.told(await server.ada.slash(server.channel, "quota set", target=server.mira, credits=0))
    assert (await info(server, server.mira)).startswith("An admin of this server has blocked you.")
    told = await info(server, server.ada, server.mira)
    assert f"<@{server.mira.id}> is blocked, and can spend nothing until that is changed." in told


async def test_a_quota_of_0_for_everybody_keeps_no_moderator_from_reading_of_others(server: Server) -> None:
    give(server, server.leo, Permission.MANAGE_MESSAGES)
    await server.told(await server.ada.slash(server.channel, "quota default", credits=0))
    for who in (server.leo, server.ada):
        assert f"<@{server.mira.id}>" in await info(server, who, server.mira)
    assert "blocked" in await info(server, server.mira)
    await server.told(await server.ada.slash(server.channel, "quota set", target=server.leo, credits=0))
    assert (await info(server, server.leo, server.mira)).startswith("An admin of this server has blocked you.")
