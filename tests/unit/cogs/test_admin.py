"""/admin: jobs in doubt are listed, adopted and given up; providers are ranked."""

from typing import Any

import pytest

from bot.domain.job import State
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def admin(server: Server, command: str, **options: Any) -> str:
    return await server.told(await server.ada.slash(server.channel, f"admin {command}", **options))


async def test_a_job_in_doubt_is_listed_until_it_is_given_up(server: Server) -> None:
    nothing = await admin(server, "unknown")
    job = await server.db.submitting(user=server.mira.id, guild=server.guild.id, channel_id=server.channel.id)
    await server.db.store.leases.reschedule(job, server.db.now)
    assert job.id in await admin(server, "unknown")
    assert job.id in await admin(server, "giveup", job=f" {job.id} ")
    assert (await server.db.get(job.id)).given_up_ms is not None
    assert await admin(server, "unknown") == nothing


async def test_a_job_that_is_not_in_doubt_can_be_neither_adopted_nor_given_up(server: Server) -> None:
    job = await server.done(server.mira)
    for told in (
        await admin(server, "adopt", job=job.id, remote_id="remote"),
        await admin(server, "giveup", job=job.id),
    ):
        assert job.id in told
    assert (await server.db.get(job.id)).state is State.DONE


async def test_providers_are_ranked_for_this_server_alone(server: Server) -> None:
    assert "TTAPI" in await admin(server, "providers")
    assert "TTAPI" in await admin(server, "providers", first="ttapi")
    assert await server.db.store.guild_settings.ranking(server.guild.id) == ("ttapi",)
    assert "nobody" in await admin(server, "providers", first="nobody")
    assert await server.suggested(server.ada, "admin providers", "first", "t") == ["ttapi"]


async def test_members_see_what_each_provider_can_do(server: Server) -> None:
    told = await server.told(await server.mira.slash(server.channel, "providers"))
    assert "TTAPI" in told
