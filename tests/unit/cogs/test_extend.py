"""/extend, the extend buttons and the cancel button: what was clicked becomes a job, or a sentence."""

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.params import Motion
from bot.ui.buttons import CancelButton
from bot.ui.cards import Card, ShownClip, draw
from sandbox.discord import Message, Permission
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def film(server: Server) -> tuple[Job, Message]:
    """Give a finished film of mira's and its card."""
    job = await server.done(server.mira)
    clips = [ShownClip(slot) for slot in range(4)]
    return job, await server.card(draw(Card(job, "TTAPI", 8, clips=clips, motions=(Motion.LOW, Motion.HIGH))))


async def followers(server: Server, parent: Job) -> list[Job]:
    return [job for job in await server.jobs() if job.parent_job_id == parent.id]


async def test_a_click_extends_the_clip_and_motion_that_its_button_names(server: Server) -> None:
    parent, card = await film(server)
    clicked = await server.leo.click(card, f"extend:{parent.id}:3:high")
    await clicked.answered()
    await server.until(lambda jobs: len(jobs) == 2)
    [job] = await followers(server, parent)
    assert (job.kind, job.parent_slot, job.params.motion) == (Kind.EXTEND, 2, Motion.HIGH)
    assert (job.user_id, job.params.prompt) == (server.leo.id, "a paper boat")


async def test_a_second_click_leads_to_the_first_ones_card(server: Server) -> None:
    parent, card = await film(server)
    await (await server.mira.click(card, f"extend:{parent.id}:1:low")).answered()
    await server.until(lambda jobs: len(jobs) == 2)
    again = await server.mira.click(card, f"extend:{parent.id}:1:low")
    [first] = await followers(server, parent)
    assert f"/{first.channel_id}/{first.message_id}" in await server.told(again)
    assert len(await followers(server, parent)) == 1


async def test_what_was_typed_stands_in_the_row(server: Server) -> None:
    parent, _ = await film(server)
    typed = await server.mira.slash(
        server.channel, "extend", job=f" {parent.id.upper()} ", clip=2, motion="high", clips=1
    )
    await typed.answered()
    await server.until(lambda jobs: len(jobs) == 2)
    [job] = await followers(server, parent)
    assert (job.parent_slot, job.params.motion, job.params.clips) == (1, Motion.HIGH, 1)
    assert job.params.explicit_options == ("motion", "clips")


@pytest.mark.parametrize(("parent_is", "typed", "hidden"), [(0, True, 1), (1, False, 0), (1, None, 1), (0, None, 0)])
async def test_what_is_typed_of_the_spoiler_counts_and_else_what_the_parent_is(
    server: Server, parent_is: int, typed: bool | None, hidden: int
) -> None:
    parent = await server.done(server.mira, spoiler=parent_is)
    options = {} if typed is None else {"spoiler": typed}
    await server.mira.slash(server.channel, "extend", job=parent.id, clip=1, **options)
    await server.until(lambda jobs: len(jobs) == 2)
    [job] = await followers(server, parent)
    assert (job.spoiler, "spoiler" in job.params.explicit_options) == (hidden, typed is not None)


async def test_a_job_that_a_member_may_not_see_is_not_extended(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    job = await server.db.done(user=server.mira.id, guild=server.guild.id, channel_id=hidden.id)
    asked = await server.leo.slash(server.channel, "extend", job=job.id, clip=1)
    assert job.id in await server.refused(asked)


async def test_own_finished_jobs_are_suggested(server: Server) -> None:
    job, _ = await film(server)
    assert await server.suggested(server.mira, "extend", "job", "BOAT") == [job.id]
    assert await server.suggested(server.leo, "extend", "job", "") == []


async def waiting(server: Server) -> tuple[Job, Message]:
    """Give a job of mira's that waits, and its card."""
    job = await server.db.queued(user=server.mira.id, guild=server.guild.id, channel_id=server.channel.id)
    return job, await server.card(draw(Card(job, "TTAPI", 8, queue_position=1)))


async def test_a_waiting_job_is_taken_back_by_its_member(server: Server) -> None:
    job, card = await waiting(server)
    told = await server.told(await server.mira.click(card, f"cancel:{job.id}"))
    assert "8 credits" in told
    gone = await server.db.get(job.id)
    assert (gone.state, gone.error_data) == (State.FAILING, {"by": server.mira.id})


async def test_who_takes_back_a_shot_is_told_of_the_later_ones_too(server: Server) -> None:
    _, two, _ = await server.db.queued_shots(user=server.mira.id, guild=server.guild.id)
    card = await server.card(row_of(CancelButton(two.id)))
    told = await server.told(await server.mira.click(card, f"cancel:{two.id}"))
    assert told == "Cancelled 2 shots; 4 credits came back."


async def test_others_take_it_back_only_if_they_moderate(server: Server) -> None:
    job, card = await waiting(server)
    await server.told(await server.leo.click(card, f"cancel:{job.id}"))
    assert (await server.db.get(job.id)).state is State.QUEUED
    await server.told(await server.ada.click(card, f"cancel:{job.id}"))
    assert (await server.db.get(job.id)).error_data == {"by": server.ada.id}
