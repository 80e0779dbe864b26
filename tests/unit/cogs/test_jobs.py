"""/jobs: one's own list, and a finished job brought to a new card, for those who may see it."""

import pytest

from bot.domain.job import State
from sandbox.discord import Permission
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_list_is_shown_to_the_member_alone(server: Server) -> None:
    job = await server.done(server.mira)
    await server.done(server.leo)
    asked = await server.mira.slash(server.channel, "jobs list")
    told = await server.told(asked)
    assert [line[1:15] for line in told.splitlines()] == [job.id]
    assert asked.message is not None
    assert asked.message.ephemeral


async def test_a_finished_job_comes_to_the_new_card(server: Server) -> None:
    job = await server.done(server.mira)
    asked = await server.leo.slash(server.channel, "jobs show", id=f" {job.id.upper()}")
    await asked.answered()
    [again] = await server.until(lambda jobs: jobs[0].state is State.READY)
    assert asked.message is not None
    assert again.message_id == asked.message.id
    assert await server.db.used(server.mira.id, server.guild.id) == 8


@pytest.mark.parametrize("who", ["leo", "mira"])
async def test_a_job_of_a_hidden_channel_is_shown_to_its_member_alone(server: Server, who: str) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    job = await server.db.done(user=server.mira.id, guild=server.guild.id, channel_id=hidden.id)
    asked = await getattr(server, who).slash(server.channel, "jobs show", id=job.id)
    if who == "leo":
        assert await server.told(asked) == (f"There is no job {job.id} here that you may see. /jobs list names yours.")
        assert (await server.db.get(job.id)).state is State.DONE
    else:
        await server.until(lambda jobs: jobs[0].state is State.READY)


async def test_moderators_see_jobs_of_a_channel_that_is_gone(server: Server) -> None:
    gone = server.guild.text_channel("gone")
    job = await server.db.done(user=server.mira.id, guild=server.guild.id, channel_id=gone.id)
    gone.delete()
    assert job.id in await server.told(await server.leo.slash(server.channel, "jobs show", id=job.id))
    assert (await server.db.get(job.id)).state is State.DONE
    await (await server.ada.slash(server.channel, "jobs show", id=job.id)).answered()
    await server.until(lambda jobs: jobs[0].state is State.READY)


async def test_what_did_not_reach_its_member_stands_first_in_their_list_however_old_it_is(server: Server) -> None:
    old = await server.undelivered(server.mira)
    newer: list[str] = []
    for _ in range(11):
        server.db.now += 1
        newer.append((await server.done(server.mira)).id)
    told = (await server.told(await server.mira.slash(server.channel, "jobs list"))).splitlines()
    assert [line[1:15] for line in told] == [old.id, *newer[:0:-1]]
    assert f"made, but not delivered: `/jobs show id:{old.id}`" in told[0]


async def test_a_thread_that_was_unlocked_while_the_bot_was_away_catches_up_at_its_start(server: Server) -> None:
    thread = server.channel.thread("a thread")
    locked = server.channel.thread("a locked thread")
    locked.archive(locked=True)
    job = await server.undelivered(server.mira, channel_id=thread.id)
    still = await server.undelivered(server.mira, channel_id=locked.id)
    server.client.dispatch("ready")
    await server.until(lambda jobs: any(one.state is State.READY for one in jobs))
    assert (await server.db.get(job.id)).state is State.READY
    assert (await server.db.get(still.id)).state is State.DONE


async def test_a_thread_that_is_unlocked_catches_up(server: Server) -> None:
    await server.client.wait_until_ready()
    thread = server.channel.thread("a thread")
    thread.archive(locked=True)
    job = await server.undelivered(server.mira, channel_id=thread.id, message_id=71)
    elsewhere = await server.undelivered(server.leo)
    thread.archive(locked=True)
    thread.unarchive()
    await server.until(lambda jobs: any(one.state is State.READY for one in jobs))
    again = await server.db.get(job.id)
    assert (again.state, again.message_id, again.error_code) == (State.READY, 71, None)
    assert (await server.db.get(elsewhere.id)).state is State.DONE


async def test_jobs_of_another_server_are_not_there(server: Server) -> None:
    job = await server.db.done(user=server.mira.id)
    assert "here that you may see" in await server.told(await server.mira.slash(server.channel, "jobs show", id=job.id))
