"""/jobs show: who may see what others asked for."""

import pytest

from sandbox.discord import Permission
from tests.e2e.support.guild import Server, create_server, gallery, job_id
from tests.e2e.support.job_show import (
    delivered,
    made,
    nothing_to_see,
    refused,
    show,
    shown,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_who_may_not_read_the_cards_channel_is_told_that_there_is_nothing(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    job = job_id(await made(server, clips=1, channel=hidden))
    for denied in (Permission.VIEW_CHANNEL, Permission.READ_MESSAGE_HISTORY):
        hidden.set_overwrite(server.leo, deny=denied)
        assert await refused(server, server.leo, job) == nothing_to_see(job)
    hidden.set_overwrite(server.mira, deny=Permission.VIEW_CHANNEL)
    moved = await delivered(server, await show(server, server.mira, job))
    assert moved.channel is server.channel
    # Where it was asked for decides, wherever it is shown.
    assert await refused(server, server.leo, job) == nothing_to_see(job)


async def test_the_card_of_a_thread_is_shown_to_those_who_may_read_the_thread(server: Server) -> None:
    thread = server.channel.thread("a thread")
    job = job_id(await made(server, clips=1, channel=thread))
    thread.archive()
    server.channel.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    other = server.guild.text_channel("elsewhere")
    assert await refused(server, server.leo, job, other) == nothing_to_see(job)
    server.channel.set_overwrite(server.leo)
    await delivered(server, await show(server, server.leo, job, other))


async def test_what_a_member_may_do_in_their_own_channel_opens_no_other_one(server: Server) -> None:
    staff = server.guild.text_channel("staff")
    job = job_id(await made(server, clips=1, channel=staff))
    staff.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    own = server.guild.text_channel("own")
    own.set_overwrite(server.leo, allow=Permission.MANAGE_MESSAGES | Permission.MANAGE_THREADS)
    assert await refused(server, server.leo, job, own) == nothing_to_see(job)
    staff.delete()
    assert await refused(server, server.leo, job, own) == nothing_to_see(job)


async def test_the_card_of_a_deleted_channel_is_for_its_member_and_moderators(server: Server) -> None:
    doomed = server.guild.text_channel("doomed")
    jobs = [job_id(await made(server, clips=1, channel=doomed)) for _ in range(2)]
    doomed.delete()
    assert await refused(server, server.leo, jobs[0]) == nothing_to_see(jobs[0])
    await delivered(server, await show(server, server.mira, jobs[0]))
    server.guild.members[server.leo.id].give(server.guild.role("moderators", Permission.MANAGE_MESSAGES))
    await delivered(server, await show(server, server.leo, jobs[1]))


async def test_a_job_of_another_server_or_of_nowhere_is_not_there(server: Server) -> None:
    elsewhere = create_server(server.sandbox)
    elsewhere.guild.join(server.mira)
    job = job_id(await made(server, clips=1))
    assert await refused(elsewhere, server.mira, job) == nothing_to_see(job)
    assert await refused(elsewhere, elsewhere.ada, job) == nothing_to_see(job)
    assert await refused(server, server.mira, "nothing") == nothing_to_see("nothing")


async def test_the_card_of_a_private_thread_is_shown_to_its_requester_and_moderators_alone(server: Server) -> None:
    thread = server.channel.thread("between us", owner=server.mira, private=True)
    job = job_id(await made(server, clips=1, channel=thread))
    other = server.guild.text_channel("elsewhere")
    assert await refused(server, server.leo, job, other) == nothing_to_see(job)
    thread.archive()
    assert await refused(server, server.leo, job, other) == nothing_to_see(job)
    server.guild.members[server.leo.id].give(server.guild.role("moderators", Permission.MANAGE_THREADS))
    assert (await delivered(server, await show(server, server.leo, job, other))).channel is other


async def test_the_requester_of_a_job_in_a_private_thread_may_show_it_elsewhere(server: Server) -> None:
    thread = server.channel.thread("between us", owner=server.mira, private=True)
    card = await made(server, clips=1, channel=thread)
    again = await delivered(server, await show(server, server.mira, job_id(card)))
    assert again.channel is server.channel
    assert shown(again) == shown(card)
    assert gallery(card) != []
    # That lets nobody else see it.
    assert await refused(server, server.leo, job_id(card)) == nothing_to_see(job_id(card))


async def test_who_is_in_a_private_thread_may_show_its_jobs_again_there_and_nowhere_else(server: Server) -> None:
    thread = server.channel.thread("between us", owner=server.mira, private=True)
    job = job_id(await made(server, clips=1, channel=thread))
    thread.add(server.leo)
    assert await refused(server, server.leo, job) == nothing_to_see(job)
    again = await delivered(server, await show(server, server.leo, job, thread))
    assert again.channel is thread
