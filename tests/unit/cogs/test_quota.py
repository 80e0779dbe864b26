"""/credits and /quota: who may ask, what is set, and what is told."""

from typing import Any

import pytest

from bot.domain.job import Kind
from bot.domain.params import JobParams
from bot.media.charts import ChartDrawer
from sandbox.discord import Message
from tests.support.db_fixture import DEFAULTS
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def quota(server: Server, command: str, **options: Any) -> str:
    return await server.told(await server.ada.slash(server.channel, f"quota {command}", **options))


async def my_credits(server: Server) -> str:
    return await server.told(await server.mira.slash(server.channel, "credits"))


async def test_members_are_told_what_they_have_left(server: Server) -> None:
    assert f"{DEFAULTS.credits}" in (await my_credits(server)).replace(",", "")
    own = await server.told(await server.mira.slash(server.channel, "credits", member=server.mira))
    assert own.startswith("You have")


async def test_what_others_have_left_is_told_those_who_manage_the_server_alone(server: Server) -> None:
    told = await server.refused(await server.mira.slash(server.channel, "credits", member=server.leo))
    assert told == "Only members with the permission Manage Server may do that."
    theirs = await server.told(await server.ada.slash(server.channel, "credits", member=server.leo))
    assert theirs.startswith(f"<@{server.leo.id}> has")


async def test_what_was_set_for_everyone_is_the_servers_default_and_can_be_taken_back(server: Server) -> None:
    everyone = server.guild.everyone
    told = await quota(server, "set", target=everyone, credits=7)
    assert told == "Every member gets 7 credits each day, unless you set something else for them or a role."
    assert (await my_credits(server)).startswith("You have 7 of 7 credits left.")
    assert await server.db.database.fetch("select 1 from allowance where guild_id = $1", server.guild.id) == []
    told = await quota(server, "clear", target=everyone)
    assert told == (
        "What was set for everyone is forgotten. "
        "Every member gets 1000 credits each day, unless you set something else for them or a role."
    )
    assert "of 1000 credits" in await my_credits(server)
    assert (await quota(server, "clear", target=everyone)).startswith("Nothing was set for everyone. Every member gets")


async def test_rules_that_nobody_would_ever_meet_are_refused(server: Server) -> None:
    other_bot = server.discord.app("another bot")
    server.guild.join(other_bot)
    gone = server.guild.role("gone")
    server.guild.roles.remove(gone)
    server.guild.emit("GUILD_ROLE_DELETE", {"guild_id": str(server.guild.id), "role_id": str(gone.id)})
    before = await server.db.everything()
    assert f"<@{other_bot.id}> is a bot" in await quota(server, "set", target=other_bot, credits=7)
    assert f"<@{other_bot.id}> is a bot" in await quota(server, "grant", member=other_bot, credits=7)
    assert "is the role of a bot" in await quota(server, "set", target=server.guild.bot_role, credits=7)
    told = await quota(server, "set", target=gone, credits=7)
    assert told == (
        "The role gone is gone, so nobody has it. Nothing was changed; choose a member, or a role that members have."
    )
    server.guild.leave(server.leo)
    assert "is not a member of this server" in await quota(server, "set", target=server.leo, credits=7, force=True)
    assert await server.db.everything() == before


async def test_what_was_set_for_somebody_who_left_can_be_forgotten(server: Server) -> None:
    await quota(server, "set", target=server.leo, credits=7)
    server.guild.leave(server.leo)
    assert f"What was set for <@{server.leo.id}> is forgotten" in await quota(server, "clear", target=server.leo)
    assert await server.db.database.fetch("select 1 from allowance where guild_id = $1", server.guild.id) == []


async def test_what_was_granted_does_not_renew(server: Server) -> None:
    await quota(server, "set", target=server.mira, credits=7)
    told = await quota(server, "grant", member=server.mira, credits=5)
    assert told == f"<@{server.mira.id}> got 5 credits on top for this period and has 12 left."
    mine = await my_credits(server)
    assert mine.startswith("You have 12 of 12 credits left, 5 of them granted on top. 7 of them renew <t:")
    assert mine.endswith("; what was granted ends then.")
    await quota(server, "default", credits=0)
    await quota(server, "clear", target=server.mira)
    mine = await my_credits(server)
    assert mine.startswith("You have 5 of 5 credits left, 5 of them granted on top. What was granted ends <t:")


async def test_a_grant_says_that_the_servers_limit_still_counts(server: Server) -> None:
    await server.db.db_write(
        "insert into guild (guild_id, server_credits, updated_ms) values ($1, 10, 0)", server.guild.id
    )
    told = await quota(server, "grant", member=server.mira, credits=50)
    assert told.endswith("The whole server's limit still counts: it has 10 left.")


async def test_the_default_is_told_with_its_period_also_when_that_was_not_typed(server: Server) -> None:
    assert "gets 3 credits each month," in await quota(server, "default", credits=3, period="month")
    assert "gets 4 credits each month," in await quota(server, "default", credits=4)


async def test_a_default_of_zero_is_told_with_its_period_too(server: Server) -> None:
    told = await quota(server, "default", credits=0, period="week")
    assert told.endswith("What you set for a member or a role, they get each week.")
    assert (await quota(server, "usage")).splitlines()[0] == told


async def test_the_blocked_read_so_beside_what_was_granted(server: Server) -> None:
    await quota(server, "grant", member=server.mira, credits=40)
    await quota(server, "set", target=server.mira, credits=0)
    mine = await my_credits(server)
    assert mine.startswith(
        "An admin of this server has blocked you. You can spend nothing until an admin changes that. You have 40 of 40"
    )
    theirs = await server.told(await server.ada.slash(server.channel, "credits", member=server.mira))
    assert theirs.startswith(f"<@{server.mira.id}> is blocked, and can spend nothing until that is changed.")


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


async def test_what_was_spent_is_listed_with_all_that_applies(server: Server) -> None:
    await server.db.db_write(
        "insert into guild (guild_id, default_credits, period, server_credits, updated_ms) "
        "values ($1, 9, 'week', 90, 0)",
        server.guild.id,
    )
    await server.done(server.mira)
    await quota(server, "set", target=server.leo, credits=7)
    first, second, mira, heading, leo = (await quota(server, "usage")).splitlines()
    assert first == "Every member gets 9 credits each week, unless you set something else for them or a role."
    assert second.startswith("The server has spent 8 of its 90 credits in this period. It ends <t:")
    assert mira == f"<@{server.mira.id}>: 8 credits in 1 job, TTAPI charged 40 quota (100 are 1 US dollar)"
    assert (heading, leo) == ("Set by admins, for each period:", f"<@{server.leo.id}>: 7 credits")


async def answered(server: Server, **options: Any) -> Message:
    reply = await (await server.ada.slash(server.channel, "quota usage", **options)).private_reply(10)
    await reply.until(lambda message: not message.thinking, 30)
    return reply


@pytest.mark.parametrize("period", ["day", "week", "month", "year"])
async def test_what_was_spent_comes_as_a_chart_and_a_table_for_the_one_who_asked(server: Server, period: str) -> None:
    if period == "week":
        server.guild.members[server.mira.id].nick = "=Mira \u202e🛶"
    await server.done(server.mira)
    await server.done(server.leo, kind=Kind.IMAGINE, params=JobParams("a boat"))
    reply = await answered(server, period=period)
    assert reply.ephemeral
    first, mira, leo, charged = reply.text.splitlines()
    assert first.startswith("9 credits in 2 jobs: ")
    assert mira == f"1. <@{server.mira.id}>: 8 credits in 1 job"
    assert leo == f"2. <@{server.leo.id}>: 1 credit in 1 job"
    assert charged == "TTAPI charged 80 quota (100 are 1 US dollar)."
    chart, table = reply.attachments
    assert (chart.filename, table.filename) == ("usage.png", "usage.csv")
    assert chart.data.startswith(b"\x89PNG")
    assert chart.description is not None
    assert chart.description.startswith("A chart of what was spent, ")
    assert f"member,,{server.mira.id}," in table.data.decode("utf-8-sig")
    if period == "week":
        assert ",'=Mira 🛶," in table.data.decode("utf-8-sig")
        assert "\u202e" not in chart.description


@pytest.mark.parametrize("period", ["day", "year", None])
async def test_where_nobody_spent_anything_a_sentence_says_so_and_nothing_is_drawn(
    server: Server, period: str | None
) -> None:
    reply = await answered(server, **({"period": period} if period else {}))
    assert reply.attachments == []
    assert "Nobody " in reply.text


async def test_what_applies_in_this_period_has_its_chart_too(server: Server) -> None:
    await server.done(server.mira)
    reply = await answered(server)
    assert reply.text.startswith("Every member gets 1000 credits each day")
    assert [file.filename for file in reply.attachments] == ["usage.png", "usage.csv"]


async def test_where_credits_never_renew_the_chart_is_said_to_be_of_a_year(server: Server) -> None:
    await quota(server, "default", credits=9, period="never")
    await server.done(server.mira)
    reply = await answered(server)
    first, second, *_ = reply.text.splitlines()
    assert first == "The chart and the table are of the last 365 days alone."
    assert second.startswith("Every member gets 9 credits")
    assert [file.filename for file in reply.attachments] == ["usage.png", "usage.csv"]


async def test_a_chart_that_cannot_be_drawn_is_told_and_the_table_comes_alone(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def draw(*_: Any) -> None:
        return None

    monkeypatch.setattr(ChartDrawer, "draw", draw)
    await server.done(server.mira)
    reply = await answered(server, period="week")
    assert reply.text.startswith("The chart could not be drawn now; the table has all that it would show.")
    assert [file.filename for file in reply.attachments] == ["usage.csv"]


@pytest.mark.parametrize("command", ["quota usage", "admin unknown", "admin providers"])
async def test_only_those_who_manage_the_server_may(server: Server, command: str) -> None:
    told = await server.refused(await server.mira.slash(server.channel, command, force=True))
    assert "Manage Server" in told
