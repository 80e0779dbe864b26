"""Servers that the bot is removed from, and commands that no server has let in."""

import asyncio
from typing import Any, cast

import pytest

from bot.domain.clock import Clock
from bot.domain.job import State
from bot.errors import ServerLeft
from bot.services.servers import Servers
from bot.worker.server_rounds import ServerRounds
from tests.support.in_process_bot import InProcessBot, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_waits_in_a_server_that_removes_the_bot_is_refunded_unsent(server: Server) -> None:
    fields = {"user": server.mira.id, "guild": server.guild.id, "channel_id": server.channel.id}
    queued, received, running = (
        await server.db.queued(**fields),
        await server.db.receive(**fields),
        await server.db.running(**fields),
    )
    # Being ready catches up with all servers, and is not what is looked at here: it is over once it was done again.
    await server.client.wait_until_ready()
    await cast("Any", server.client).get_cog("ServersCog").on_ready()
    server.guild.remove_bot()
    jobs = await server.until(lambda jobs: [job.state for job in jobs].count(State.FAILING) == 2)
    states = {job.id: job.state for job in jobs}
    assert states == {queued.id: State.FAILING, received.id: State.FAILING, running.id: State.RUNNING}
    assert await server.db.ledger(queued) == [("reserve", 8), ("refund", -8)]
    assert await server.db.store.waiting.has_left(server.guild.id)
    server.guild.join_bot()
    async with asyncio.timeout(10):
        while await server.db.store.waiting.has_left(server.guild.id):  # noqa: ASYNC110  # the bot writes through another connection
            await asyncio.sleep(0.005)


async def test_an_outage_refunds_nothing(server: Server) -> None:
    queued = await server.db.queued(user=server.mira.id, guild=server.guild.id, channel_id=server.channel.id)
    await server.client.wait_until_ready()
    server.guild.emit("GUILD_DELETE", {"id": str(server.guild.id), "unavailable": True})
    # The gateway tells events in their order: this answer comes after the outage was heard of.
    await (await server.mira.slash(server.channel, "credits")).answered()
    await cast("Any", server.client).get_cog("ServersCog").on_ready()
    assert (await server.db.get(queued.id)).state is State.QUEUED


async def test_what_waits_in_a_server_that_removed_the_bot_while_it_was_away_is_refunded_at_the_start(
    bot: InProcessBot, server: Server
) -> None:
    gone = await bot.db.queued(guild=77 << 22)
    await bot.db.store.waiting.leave(server.guild.id, ServerLeft(), bot.db.now)
    here = await bot.db.queued(guild=server.guild.id)
    await cast("Any", server.client).get_cog("ServersCog").on_ready()
    assert (await bot.db.get(gone.id)).error_code == "server_left"
    assert (await bot.db.get(here.id)).state is State.QUEUED
    assert not await bot.db.store.waiting.has_left(server.guild.id)


async def test_a_server_that_removed_the_bot_while_it_was_away_is_known_to_have_whatever_is_kept_of_it(
    bot: InProcessBot, server: Server
) -> None:
    ended, chosen, unsure = 78 << 22, 79 << 22, 80 << 22
    await bot.db.done(guild=ended)
    await bot.db.store.member_settings.change(chosen, 5, {"motion": "high"})
    await bot.db.done(guild=server.guild.id)
    await cast("Any", server.client).get_cog("ServersCog").on_ready()
    await bot.db.store.guild_settings.rank(unsure, ["ttapi"], bot.db.now)
    assert {ended, chosen} <= await bot.db.store.waiting.left()
    assert not await bot.db.store.waiting.has_left(server.guild.id)
    assert unsure in await bot.db.store.left_servers.kept()
    assert ended not in await bot.db.store.left_servers.kept()


async def test_a_removal_that_could_not_be_written_down_is_made_good_within_the_hour(
    bot: InProcessBot, server: Server
) -> None:
    gone, clock = 81 << 22, Clock()
    await bot.db.done(guild=gone)
    servers, is_in = Servers(bot.db.store, clock, lambda: None), cast("Any", server.client).is_in
    rounds = ServerRounds(servers, is_in, look_seconds=0.001)
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(rounds.run())
        while not await bot.db.store.waiting.has_left(gone):  # noqa: ASYNC110  # nobody tells when it was looked
            await asyncio.sleep(0.005)
        running.cancel()


async def test_commands_are_registered_for_servers_alone(bot: InProcessBot, server: Server) -> None:
    offered = server.ada.offered_commands(server.channel)
    assert len(offered) >= 12
    for command in offered:
        assert (command["name"], command["integration_types"], command["contexts"]) == (command["name"], [0], [0])


@pytest.mark.parametrize("command", ["imagine", "credits"])
async def test_a_command_that_a_member_brought_along_is_refused(server: Server, command: str) -> None:
    options: dict[str, Any] = {"prompt": "a boat"} if command == "imagine" else {}
    told = await server.refused(await server.mira.slash_of_own(server.channel, command, **options))
    assert told == (
        "You brought me along yourself, and this server has not added me: I only work where an admin did. "
        "Nothing was charged. Ask an admin of this server to add me."
    )
