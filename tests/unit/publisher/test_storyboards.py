"""All shots of a storyboard share one card, whichever of them is shown, delivered or told of."""

import pytest

from bot.domain.job import Frame, Job
from bot.errors import Cancelled, EmptyPrompt
from sandbox.discord import Interaction, Message
from tests.support.sample_images import draw_png
from tests.unit.publisher.conftest import Publishing

PICTURE = draw_png(["red"])

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


async def with_clip(publishing: Publishing, job: Job) -> None:
    """Have a job's clip here, as it was made."""
    name = await publishing.media.keep(f"{job.id}/1.mp4", b"a clip")
    await publishing.server.db.db_write(
        """insert into clip (job_id, slot, remote_url, media_file, bytes) values ($1, 0, '', $2, 6)
           on conflict (job_id, slot) do update set media_file = excluded.media_file, bytes = excluded.bytes""",
        job.id,
        name,
    )


def files(card: Message) -> list[str]:
    return [file.filename for file in card.attachments]


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


async def test_a_card_that_was_deleted_is_made_anew_for_no_shot(publishing: Publishing) -> None:
    db = publishing.server.db
    one, two, _ = await charged(publishing)
    await db.finish_shot(one)
    (submitting,) = await db.admit(await db.get(two.id))
    failing = await db.fail(submitting)
    publishing.server.discord.moderator_deletes(card_of(publishing, one))
    assert await publishing.publisher.tell_failure(failing)
    assert {job.message_id for job in await publishing.server.jobs()} == {None}
    assert [message for message in publishing.channel.messages if f"job {one.id}" in message.text] == []


async def test_the_image_that_a_shot_starts_at_is_on_the_card_only_while_the_shot_is_made(
    publishing: Publishing,
) -> None:
    db = publishing.server.db
    one, two, _ = await charged(publishing)
    await db.finish_shot(one)
    (submitting,) = await db.admit(await db.get(two.id))
    await db.store.clips.add_frame(Frame(two.id, "start", await publishing.media.keep("frame.jpg", PICTURE)))
    await publishing.publisher.show(two.id)
    card = card_of(publishing, one)
    assert files(card) == ["start-2.jpg"]
    assert "start-2.jpg" in str(await publishing.publisher.image_link(two, "start"))
    ready = await db.succeed(await db.claim(await db.accept(submitting)))
    await with_clip(publishing, two)
    assert await publishing.publisher.deliver(ready, whole=False)
    assert files(card) == [f"animatic-{two.id}-2.mp4"]
    # Should the shot be found alive after all, its image is sent anew.
    assert (await db.store.clips.frames(two.id))["start"].attachment_id is None


async def test_clips_beyond_what_a_message_carries_are_replies_and_leave_room_for_the_image_of_the_next_shot(
    publishing: Publishing,
) -> None:
    db = publishing.server.db
    _, former = await made(publishing, "\n".join("abcdefgh"))
    first = former[0]
    storyboard = await db.store.storyboards.get(first.storyboard_id or "")
    assert storyboard is not None
    await db.charge(await db.claim(first), (Frame(first.id, "start", await publishing.media.keep("1.jpg", PICTURE)),))
    # They were made, and could not be shown then.
    await db.db_write("update job set state = 'failed', due_ms = null where storyboard_id = $1", storyboard.id)
    anew = await db.make(storyboard)
    for job in anew:
        await db.db_write(
            """update job set state = 'done', due_ms = null, token = null, token_until_ms = 0, created_ms = $2,
                   message_id = $3, channel_id = $4, period = '2026-11' where id = $1""",
            job.id,
            first.created_ms + 1,
            first.message_id,
            first.channel_id,
        )
    last = anew[-1]
    await db.db_write("update job set state = 'running' where id = $1", last.id)
    for job in (*former, *anew[:-1]):
        await with_clip(publishing, job)
    assert await publishing.publisher.deliver(await db.get(anew[-2].id), whole=False)
    card = card_of(publishing, first)
    assert len(files(card)) == 9
    await db.store.clips.add_frame(Frame(last.id, "start", "1.jpg"))
    await publishing.publisher.show(last.id)
    assert len(files(card)) == 10
    await db.db_write("update job set state = 'done' where id = $1", last.id)
    await with_clip(publishing, last)
    assert await publishing.publisher.deliver(await db.get(last.id))
    assert len(files(card)) == 10
    shown = [clip for job in (*former, *anew) for clip in await db.store.clips.clips(job.id)]
    assert [clip.attachment_id is not None for clip in shown] == [True] * 16
