"""/jobs show: who may see what others asked for."""

import pytest

from sandbox.discord import Permission
from tests.e2e.support.guild import Server, gallery, job_id
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
