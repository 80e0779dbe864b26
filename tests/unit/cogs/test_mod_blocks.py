"""/mod block, unblock and blocked: who may, whom, for how long, and what is said."""

import json
import re
from typing import Any

import pytest

from bot.domain.job import State
from sandbox.discord import Permission, User
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY_S = 24 * 3600


def let(server: Server, who: User, *permissions: Permission) -> None:
    for permission in permissions:
        server.guild.members[who.id].give(server.guild.role(permission.name or "", permission))


def make_moderator(server: Server) -> None:
    let(server, server.leo, Permission.MANAGE_MESSAGES, Permission.MODERATE_MEMBERS)


async def mod(server: Server, command: str, by: User | None = None, **options: Any) -> str:
    if length := options.pop("length", None):
        options["for"] = length
    return await server.told(await (by or server.leo).slash(server.channel, f"mod {command}", force=True, **options))


async def blocks(server: Server) -> list[tuple[Any, ...]]:
    rows = await server.db.database.fetch(
        "select user_id, until_ms, reason, by_user_id from block where guild_id = $1", server.guild.id
    )
    return [tuple(row) for row in rows]


async def test_a_moderator_blocks_a_member_for_a_while_and_what_waits_is_refunded(server: Server) -> None:
    make_moderator(server)
    fields = {"user": server.mira.id, "guild": server.guild.id, "channel_id": server.channel.id}
    queued, running = await server.db.queued(**fields), await server.db.running(**fields)
    told = await mod(server, "block", member=server.mira, length="3 days", reason=" so  much <@1> ")
    [(member, until_ms, reason, by)] = await blocks(server)
    assert (member, reason, by) == (server.mira.id, "so much <@1>", server.leo.id)
    until = until_ms // 1000
    assert told == (
        f"<@{server.mira.id}> is blocked from everything but /help, /credits and /privacy "
        f"until <t:{until}:f>, <t:{until}:R>. They are told why: “so much \\<\\@1>”. "
        "1 waiting job of theirs is cancelled and its credits came back; what is being made is delivered."
    )
    states = {job.id: job.state for job in await server.jobs()}
    assert states == {queued.id: State.FAILING, running.id: State.RUNNING}
    [event] = await server.db.database.fetch("select * from log_event where guild_id = $1", server.guild.id)
    assert event["kind"] == "blocked"
    assert json.loads(event["data"])["by"] == server.leo.id


async def test_a_shorter_block_says_which_it_took_the_place_of(server: Server) -> None:
    make_moderator(server)
    await mod(server, "block", member=server.mira, reason="doxxing *all*")
    told = await mod(server, "block", member=server.mira, length="1h")
    assert told.endswith(f"This takes the place of a block without an end, by <@{server.leo.id}>: “doxxing \\*all\\*”.")


async def test_a_block_without_a_length_lasts_until_it_is_lifted(server: Server) -> None:
    make_moderator(server)
    assert (await mod(server, "block", member=server.mira)).endswith("until a moderator unblocks them.")
    refused = await server.refused(await server.mira.slash(server.channel, "imagine", prompt="a boat"))
    assert refused == (
        "A moderator of this server has blocked you. Nothing was charged. "
        "No end is set: ask a moderator. /help, /credits and /privacy still work."
    )
    assert await mod(server, "unblock", member=server.mira) == f"<@{server.mira.id}> is unblocked."
    await server.asked(await server.mira.slash(server.channel, "imagine", prompt="a boat"))
    assert await mod(server, "unblock", member=server.mira) == f"No moderator had blocked <@{server.mira.id}>."


async def test_a_block_ends_by_itself(server: Server) -> None:
    make_moderator(server)
    await mod(server, "block", member=server.mira, length="1h")
    await server.db.db_write("update block set until_ms = 1 where guild_id = $1", server.guild.id)
    assert await mod(server, "blocked") == (
        "No moderator has blocked anybody. Whom a quota of 0 blocks, /quota usage tells admins."
    )
    await server.asked(await server.mira.slash(server.channel, "imagine", prompt="a boat"))


async def test_no_grant_helps_whom_a_moderator_blocked(server: Server) -> None:
    make_moderator(server)
    await mod(server, "block", member=server.mira)
    told = await server.told(await server.ada.slash(server.channel, "quota grant", member=server.mira, credits=5))
    assert told.endswith("Unblock them first: **/mod unblock**.")
    await server.told(await server.ada.slash(server.channel, "quota set", target=server.mira, credits=500))
    told = await server.refused(await server.mira.slash(server.channel, "imagine", prompt="a boat"))
    assert told.startswith("A moderator of this server has blocked you.")


async def test_unblocking_says_that_a_quota_of_zero_still_blocks(server: Server) -> None:
    make_moderator(server)
    await mod(server, "block", member=server.mira)
    await server.told(await server.ada.slash(server.channel, "quota set", target=server.mira, credits=0))
    told = await mod(server, "unblock", member=server.mira)
    assert told == (
        f"<@{server.mira.id}> is unblocked. "
        "Their quota of 0 still blocks them: an admin can change that with **/quota clear**."
    )
    assert "has blocked you" in await server.refused(await server.mira.slash(server.channel, "imagine", prompt="a"))


async def test_whom_nobody_may_block_is_said_in_a_sentence_and_nothing_is_written(server: Server) -> None:
    make_moderator(server)
    robot = server.discord.app("a robot")
    server.guild.join(robot)
    admin, gone = (server.discord.user(f"{name} of {server.guild.id}") for name in ("admin", "gone"))
    for person in (admin, gone):
        server.guild.join(person)
    let(server, admin, Permission.MANAGE_GUILD)
    server.guild.leave(gone)
    before = await server.db.everything()
    told = {
        "bot": await mod(server, "block", member=robot),
        "owner": await mod(server, "block", member=server.ada),
        "admin": await mod(server, "block", member=admin),
        "yourself": await mod(server, "block", member=server.leo),
        "left": await mod(server, "block", member=gone),
    }
    assert told == {
        "bot": f"<@{robot.id}> is a bot, and bots cannot ask me for anything.",
        "owner": f"<@{server.ada.id}> owns this server, and nobody can block them.",
        "admin": f"<@{admin.id}> is an admin of this server, and admins cannot be blocked.",
        "yourself": "You cannot block yourself.",
        "left": f"<@{gone.id}> is no longer a member of this server, and cannot ask me for anything.",
    }
    assert await server.db.everything() == before


async def test_who_left_while_blocked_can_be_unblocked(server: Server) -> None:
    make_moderator(server)
    await mod(server, "block", member=server.mira)
    server.guild.leave(server.mira)
    assert await mod(server, "unblock", member=server.mira) == f"<@{server.mira.id}> is unblocked."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("soon", "“soon” is no length of time that I can read. Write for example 1h, 3 days or 2w."),
        ("-1h", "“-1h” is less than a minute. Write for example 1h, 3 days or 2w."),
        ("10,000 years", "“10,000 years” is longer than 5 years. Leave it out for no end."),
    ],
)
async def test_what_is_no_length_of_time_is_said_so_and_blocks_nobody(server: Server, typed: str, told: str) -> None:
    make_moderator(server)
    assert await mod(server, "block", member=server.mira, length=typed) == told
    assert await blocks(server) == []


@pytest.mark.parametrize("command", ["block", "unblock", "blocked"])
@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ((), "Manage Messages"),
        ((Permission.MANAGE_MESSAGES,), "Moderate Members"),
        ((Permission.MODERATE_MEMBERS,), "Manage Messages"),
        ((Permission.MANAGE_GUILD,), "Manage Messages"),
    ],
    ids=["a member", "a moderator", "who only times out", "an admin without them"],
)
async def test_only_who_may_block_does(
    server: Server, command: str, held: tuple[Permission, ...], missing: str
) -> None:
    let(server, server.leo, *held)
    options: dict[str, Any] = {} if command == "blocked" else {"member": server.mira}
    before = await server.db.everything()
    assert await mod(server, command, **options) == f"Only members with the permission {missing} may do that."
    assert await server.db.everything() == before


async def test_a_blocked_moderator_keeps_order_no_longer_but_one_without_credits_does(server: Server) -> None:
    make_moderator(server)
    await server.told(await server.ada.slash(server.channel, "quota default", credits=0))
    assert "is blocked" in await mod(server, "block", member=server.mira)
    await mod(server, "block", server.ada, member=server.leo, reason="lunch")
    before = await blocks(server)
    for command in ("block", "unblock"):
        told = await mod(server, command, member=server.mira)
        assert told.startswith("A moderator of this server has blocked you: “lunch”.")
    assert await blocks(server) == before


async def test_the_list_says_whom_who_why_and_until_when(server: Server) -> None:
    make_moderator(server)
    await mod(server, "block", member=server.mira, reason="spam")
    extra = server.discord.user(f"extra of {server.guild.id}")
    server.guild.join(extra)
    await mod(server, "block", member=extra, length="1d")
    told = re.sub(r"<t:\d+:", "<t:", await mod(server, "blocked"))
    assert told.splitlines() == [
        "2 members are blocked:",
        f"<@{extra.id}> until <t:f>, by <@{server.leo.id}> <t:R>",
        f"<@{server.mira.id}> without an end, by <@{server.leo.id}> <t:R>: “spam”",
    ]


async def test_a_block_in_one_server_is_none_in_another(server: Server) -> None:
    await mod(server, "block", server.ada, member=server.mira)
    other = server.discord.guild(f"beside {server.guild.id}", owner=server.ada)
    other.join(server.mira)
    asked = await server.mira.slash(other.text_channel("films"), "credits")
    assert (await server.told(asked)).startswith("You have")
