"""All shots of a storyboard share one card, whichever of them is shown, delivered or told of."""

import pytest

from bot.domain.job import Job
from bot.errors import Cancelled, EmptyPrompt
from sandbox.discord import Interaction, Message
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def made(publishing: Publishing, lines: str = "a boat\nit spins\nit sails") -> tuple[Interaction, list[Job]]:
    """Let mira have a storyboard made; gives her press, and the jobs that nobody has worked on yet."""
    server = publishing.server
    form = await server.mira.slash(server.channel, "storyboard", image=server.image())
    await form.wait_for(lambda: form.modal, 10, form.describe)
    sent = await server.mira.submit(form, {"shots": lines})
    preview = await sent.until(lambda message: message.buttons, 10)
    pressed = await server.mira.click(preview, preview.buttons[0])
    await pressed.answered()
    return pressed, await server.until(bool)


async def charged(publishing: Publishing) -> list[Job]:
    """Let them be charged."""
    _, jobs = await made(publishing)
    await publishing.server.db.charge(await publishing.server.db.claim(jobs[0]))
    return await publishing.server.jobs()


def card_of(publishing: Publishing, job: Job) -> Message:
    return next(message for message in publishing.channel.messages if message.id == job.message_id)


async def test_each_shot_is_shown_on_the_one_card(publishing: Publishing) -> None:
    one, two, three = await charged(publishing)
    for job in (three, one, two):
        await publishing.publisher.show(job.id)
    card = card_of(publishing, one)
    assert "**1** a boat\n-# Waiting, place" in card.text
    assert "**2** it spins\n-# waits for shot 1" in card.text
    assert "**3** it sails\n-# waits for shot 2" in card.text
    assert card.edits == 1
    assert {job.message_id for job in (one, two, three)} == {card.id}


async def test_a_card_whose_shots_are_not_charged_goes_on_thinking(publishing: Publishing) -> None:
    _, jobs = await made(publishing)
    await publishing.publisher.show(jobs[0].id)
    assert card_of(publishing, jobs[0]).thinking


async def test_a_refusal_is_told_once_to_its_member_alone(publishing: Publishing) -> None:
    db = publishing.server.db
    pressed, jobs = await made(publishing)
    await db.store.jobs.fail(await db.claim(jobs[0]), EmptyPrompt(), db.now)
    for job in jobs:
        assert await publishing.publisher.tell_failure(await db.get(job.id))
    assert [reply.ephemeral for reply in pressed.followups] == [True]
    assert "The prompt is empty." in pressed.followups[0].text
    assert jobs[0].message_id not in [message.id for message in publishing.channel.messages]


async def test_shots_that_are_taken_back_together_are_told_once(publishing: Publishing) -> None:
    db = publishing.server.db
    pressed, jobs = await made(publishing)
    await db.store.jobs.fail(await db.claim(jobs[0]), Cancelled(None), db.now)
    for job in jobs:
        assert await publishing.publisher.tell_failure(await db.get(job.id))
    assert len(pressed.followups) == 1


async def test_what_failed_is_told_on_the_card_with_what_can_be_done_now(publishing: Publishing) -> None:
    db = publishing.server.db
    one, two, three = await charged(publishing)
    await db.finish_shot(one)
    (submitting,) = await db.admit(await db.get(two.id))
    await db.fail(submitting)
    for job in (three, two):
        assert await publishing.publisher.tell_failure(await db.get(job.id))
    card = card_of(publishing, one)
    assert "**3** it sails\n-# Shot 2 was not made, so this one was not begun. All 2 credits came back." in card.text
    assert [button.label for button in card.buttons] == ["Go on from shot 2, 4 credits"]
    assert card.edits == 1


async def test_a_card_that_was_deleted_is_made_anew_for_all_shots(publishing: Publishing) -> None:
    db = publishing.server.db
    one, two, _ = await charged(publishing)
    await db.finish_shot(one)
    (submitting,) = await db.admit(await db.get(two.id))
    failing = await db.fail(submitting)
    publishing.server.discord.moderator_deletes(card_of(publishing, one))
    assert await publishing.publisher.tell_failure(failing)
    jobs = await publishing.server.jobs()
    [anew] = [message for message in publishing.channel.messages if f"job {one.id}" in message.text]
    assert {job.message_id for job in jobs} == {anew.id}
