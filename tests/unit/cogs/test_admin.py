"""/admin: jobs in doubt are listed, adopted and given up; providers are ranked."""

from typing import Any

import pytest

from bot.domain.job import State
from bot.errors import JobFailed
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


async def test_what_was_paid_and_not_delivered_is_listed_until_it_is_struck_off(server: Server) -> None:
    nothing = await admin(server, "undelivered")
    job = await server.undelivered(server.mira)
    told = await admin(server, "undelivered")
    assert f"`{job.id}` by <@{server.mira.id}>, made " in told
    assert f"`/jobs show id:{job.id}` shows it" in told
    assert await admin(server, "giveup", job=job.id) == (
        f"Job {job.id} is struck off; what is kept of it stays for its member."
    )
    assert await admin(server, "undelivered") == nothing
    assert (await server.db.get(job.id)).state is State.DONE


async def test_what_was_given_up_is_listed_with_its_id_at_the_provider(server: Server) -> None:
    running = await server.db.running(user=server.mira.id, guild=server.guild.id)
    failing = await server.db.store.jobs.fail(
        await server.db.claim(running), JobFailed("no_key", "TTAPI", final=False), server.db.now
    )
    job = await server.db.store.jobs.finish(await server.db.claim(failing))
    told = await admin(server, "undelivered")
    assert f"`{job.id}` by <@{server.mira.id}>, given up " in told
    assert f"refunded, `{job.remote_id}` at ttapi" in told
    assert "could not be asked" in await admin(server, "adopt", job=job.id, remote_id=job.remote_id)
    assert await admin(server, "giveup", job=job.id) == (
        f"Job {job.id} is struck off; its credits are back with <@{server.mira.id}>."
    )


async def test_providers_are_ranked_for_this_server_alone(server: Server) -> None:
    assert "TTAPI" in await admin(server, "providers")
    assert "TTAPI" in await admin(server, "providers", first="ttapi")
    assert await server.db.store.guild_settings.ranking(server.guild.id) == ("ttapi",)
    assert "nobody" in await admin(server, "providers", first="nobody")
    assert await server.suggested(server.ada, "admin providers", "first", "t") == ["ttapi"]
