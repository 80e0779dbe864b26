"""/jobs show: who may see what others asked for."""

import pytest

from sandbox.discord import Permission
from tests.e2e.support.guild import Scene, films, job_id, set_scene
from tests.e2e.support.job_show import (
    delivered,
    made,
    nothing_to_see,
    refused,
    show,
    shown,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_who_may_not_read_the_cards_channel_is_told_that_there_is_nothing(scene: Scene) -> None:
    hidden = scene.guild.text_channel("hidden")
    job = job_id(await made(scene, clips=1, channel=hidden))
    for denied in (Permission.VIEW_CHANNEL, Permission.READ_MESSAGE_HISTORY):
        hidden.set_overwrite(scene.leo, deny=denied)
        assert await refused(scene, scene.leo, job) == nothing_to_see(job)
    hidden.set_overwrite(scene.mira, deny=Permission.VIEW_CHANNEL)
    moved = await delivered(scene, await show(scene, scene.mira, job))
    assert moved.channel is scene.channel
    await delivered(scene, await show(scene, scene.leo, job))


async def test_the_card_of_a_thread_is_shown_to_those_who_may_read_the_thread(scene: Scene) -> None:
    thread = scene.channel.thread("a thread")
    job = job_id(await made(scene, clips=1, channel=thread))
    thread.archive()
    scene.channel.set_overwrite(scene.leo, deny=Permission.VIEW_CHANNEL)
    other = scene.guild.text_channel("elsewhere")
    assert await refused(scene, scene.leo, job, other) == nothing_to_see(job)
    scene.channel.set_overwrite(scene.leo)
    await delivered(scene, await show(scene, scene.leo, job, other))


async def test_what_a_member_may_do_in_their_own_channel_opens_no_other_one(scene: Scene) -> None:
    staff = scene.guild.text_channel("staff")
    job = job_id(await made(scene, clips=1, channel=staff))
    staff.set_overwrite(scene.leo, deny=Permission.VIEW_CHANNEL)
    own = scene.guild.text_channel("own")
    own.set_overwrite(scene.leo, allow=Permission.MANAGE_MESSAGES | Permission.MANAGE_THREADS)
    assert await refused(scene, scene.leo, job, own) == nothing_to_see(job)
    staff.delete()
    assert await refused(scene, scene.leo, job, own) == nothing_to_see(job)


async def test_the_card_of_a_deleted_channel_is_for_its_member_and_moderators(scene: Scene) -> None:
    doomed = scene.guild.text_channel("doomed")
    jobs = [job_id(await made(scene, clips=1, channel=doomed)) for _ in range(2)]
    doomed.delete()
    assert await refused(scene, scene.leo, jobs[0]) == nothing_to_see(jobs[0])
    await delivered(scene, await show(scene, scene.mira, jobs[0]))
    scene.guild.members[scene.leo.id].give(scene.guild.role("moderators", Permission.MANAGE_MESSAGES))
    await delivered(scene, await show(scene, scene.leo, jobs[1]))


async def test_a_job_of_another_server_or_of_nowhere_is_not_there(scene: Scene) -> None:
    elsewhere = set_scene(scene.sandbox)
    elsewhere.guild.join(scene.mira)
    job = job_id(await made(scene, clips=1))
    assert await refused(elsewhere, scene.mira, job) == nothing_to_see(job)
    assert await refused(elsewhere, elsewhere.ada, job) == nothing_to_see(job)
    assert await refused(scene, scene.mira, "nothing") == nothing_to_see("nothing")


async def test_the_card_of_a_private_thread_is_shown_to_its_requester_and_moderators_alone(scene: Scene) -> None:
    thread = scene.channel.thread("between us", owner=scene.mira, private=True)
    job = job_id(await made(scene, clips=1, channel=thread))
    other = scene.guild.text_channel("elsewhere")
    assert await refused(scene, scene.leo, job, other) == nothing_to_see(job)
    thread.archive()
    assert await refused(scene, scene.leo, job, other) == nothing_to_see(job)
    scene.guild.members[scene.leo.id].give(scene.guild.role("moderators", Permission.MANAGE_THREADS))
    assert (await delivered(scene, await show(scene, scene.leo, job, other))).channel is other


async def test_the_requester_of_a_job_in_a_private_thread_may_show_it_elsewhere(scene: Scene) -> None:
    thread = scene.channel.thread("between us", owner=scene.mira, private=True)
    card = await made(scene, clips=1, channel=thread)
    again = await delivered(scene, await show(scene, scene.mira, job_id(card)))
    assert again.channel is scene.channel
    assert shown(again) == shown(card)
    assert films(card) != []
    # Now it is there for all who may read it there.
    assert shown(await delivered(scene, await show(scene, scene.leo, job_id(card)))) == shown(card)


async def test_who_is_in_a_private_thread_may_show_its_jobs_again_there_and_nowhere_else(scene: Scene) -> None:
    thread = scene.channel.thread("between us", owner=scene.mira, private=True)
    job = job_id(await made(scene, clips=1, channel=thread))
    thread.add(scene.leo)
    assert await refused(scene, scene.leo, job) == nothing_to_see(job)
    again = await delivered(scene, await show(scene, scene.leo, job, thread))
    assert again.channel is thread
