"""/credits and /quota: who may ask, what is set, and what is told."""

from typing import Any

import pytest

from tests.support.db_fixture import DEFAULTS
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_members_are_told_what_they_have_left(server: Server) -> None:
    mine = await server.told(await server.mira.slash(server.channel, "credits"))
    assert f"{DEFAULTS.credits}" in mine.replace(",", "")
    theirs = await server.told(await server.mira.slash(server.channel, "credits", member=server.leo))
    assert f"<@{server.leo.id}>" in theirs


async def test_an_allowance_is_set_used_and_forgotten(server: Server) -> None:
    async def quota(command: str, **options: Any) -> str:
        return await server.told(await server.ada.slash(server.channel, f"quota {command}", **options))

    async def left() -> str:
        return await server.told(await server.mira.slash(server.channel, "credits"))

    assert f"<@{server.mira.id}>" in await quota("set", target=server.mira, credits=7)
    assert "7 credits" in await left()
    assert "12" in await quota("grant", member=server.mira, credits=5)
    assert "12 credits" in await left()
    await quota("clear", target=server.mira)
    assert "1005 credits" in await left()
    await quota("default", credits=3, period="never")
    assert "They do not renew by themselves" in await left()


async def test_a_role_is_set_as_a_role(server: Server) -> None:
    painters = server.guild.role("painters")
    told = await server.told(await server.ada.slash(server.channel, "quota set", target=painters, credits=7))
    assert f"<@&{painters.id}>" in told
    rows = await server.db.database.fetch("select subject, credits from allowance where guild_id = $1", server.guild.id)
    assert [(row["subject"], row["credits"]) for row in rows] == [("role", 7)]


async def test_what_was_spent_is_listed(server: Server) -> None:
    await server.done(server.mira)
    told = await server.told(await server.ada.slash(server.channel, "quota usage"))
    assert f"<@{server.mira.id}>" in told
    assert "8" in told


@pytest.mark.parametrize("command", ["quota usage", "admin unknown", "admin providers"])
async def test_only_those_who_manage_the_server_may(server: Server, command: str) -> None:
    told = await server.refused(await server.mira.slash(server.channel, command, force=True))
    assert "Manage Server" in told
