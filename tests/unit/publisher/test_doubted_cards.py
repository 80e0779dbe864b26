"""The last word on a card is the last edit: one that was never answered is put right, however late it lands."""

import asyncio

import pytest

from bot.db.card_edits import DOUBTED
from bot.domain.job import Job, Kind, Result, State
from bot.domain.params import JobParams
from bot.errors import CardError
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")

EDIT = "/messages/"


async def claimed(publishing: Publishing, job: Job) -> Job:
    """Take a job in hand, as the worker does before each step."""
    return await publishing.server.db.claim(job)


async def left_unanswered(publishing: Publishing, job: Job) -> int:
    """Tell how many edits a card's row counts once all that is known of answers is written down."""
    await publishing.server.db.store.card_edits.settle()
    return (await publishing.server.db.get(job.id)).unanswered_edits


async def end_again(publishing: Publishing, job: Job) -> None:
    """Do what the worker does at a job's end: deliver, and some seconds later look at a card that is in doubt."""
    db = publishing.server.db
    held = await claimed(publishing, job)
    assert await publishing.publisher.deliver(held)
    assert await db.store.card_edits.look_again(held, db.now)


async def landed(publishing: Publishing, job: Job, words: str) -> None:
    """Wait for an edit that comes late."""
    async with asyncio.timeout(10):
        while words not in publishing.card(job).text:  # noqa: ASYNC110  # the sandbox tells nobody
            await asyncio.sleep(0.005)


async def seed_made(publishing: Publishing) -> Job:
    """Bring a seed of mira's to its result."""
    db, server = publishing.server.db, publishing.server
    parent = await db.done(kind=Kind.IMAGINE, user=server.mira.id, guild=server.guild.id)
    job = await publishing.running(
        kind=Kind.SEED, params=JobParams("a kite", motion=None, clips=1), parent_job_id=parent.id
    )
    held = await db.claim(job)
    return await db.store.jobs.succeed(
        held, [], 0, db.now, extend_ref=None, provider_cost=None, result=Result(seed="4711")
    )


async def test_an_edit_that_lands_after_the_end_is_covered_again(publishing: Publishing) -> None:
    job = await publishing.ready([1000, 1000])
    release = asyncio.Event()
    await publishing.server.db.db_write("update job set state = 'running' where id = $1", job.id)
    publishing.server.discord.faults.reset_and_do_later("PATCH", EDIT, until=release)
    await publishing.publisher.show(job.id)
    await publishing.server.db.db_write("update job set state = 'ready' where id = $1", job.id)
    await end_again(publishing, job)
    assert len(publishing.names(publishing.card(job))) == 2
    release.set()
    await landed(publishing, job, "100 %")
    assert publishing.names(publishing.card(job)) == []

    held = await claimed(publishing, job)
    assert held.card_hash == DOUBTED
    assert await publishing.publisher.deliver(held)
    card = publishing.card(job)
    assert publishing.names(card) == [f"animatic-{job.id}-1.mp4", f"animatic-{job.id}-2.mp4"]
    assert "Extend" in card.text
    assert not await publishing.server.db.store.card_edits.look_again(held, publishing.server.db.now)


async def test_a_late_edit_with_files_leaves_each_clip_on_the_card_once(publishing: Publishing) -> None:
    job = await publishing.ready([1000, 1000])
    release = asyncio.Event()
    publishing.server.discord.faults.reset_and_do_later("PATCH", EDIT, until=release)
    held = await claimed(publishing, job)
    with pytest.raises(CardError):
        await publishing.publisher.deliver(held)
    before = publishing.card(job).edits
    await end_again(publishing, await publishing.server.db.store.leases.reschedule(held, publishing.server.db.now))
    release.set()
    async with asyncio.timeout(10):
        while publishing.card(job).edits < before + 2:  # noqa: ASYNC110  # the sandbox tells nobody
            await asyncio.sleep(0.005)
    assert await publishing.publisher.deliver(await claimed(publishing, job))
    card = publishing.card(job)
    assert publishing.names(card) == [f"animatic-{job.id}-1.mp4", f"animatic-{job.id}-2.mp4"]
    known = [clip.attachment_id for clip in await publishing.server.db.store.clips.clips(job.id)]
    assert known == [int(media.attachment_id or 0) for media in card.media if media.where == "gallery"]


async def test_a_failure_that_an_older_edit_covers_is_told_again(publishing: Publishing) -> None:
    db = publishing.server.db
    job = await publishing.failing()
    await db.store.card_edits.begin(job)
    held = await claimed(publishing, job)
    assert await publishing.publisher.tell_failure(held)
    assert await db.store.card_edits.look_again(held, db.now)
    edits = publishing.card(job).edits
    assert await publishing.publisher.tell_failure(await claimed(publishing, job))
    assert publishing.card(job).edits == edits + 1


async def test_the_card_of_a_seed_says_the_seed_whatever_was_still_to_be_shown(publishing: Publishing) -> None:
    held = await claimed(publishing, await seed_made(publishing))
    assert await publishing.publisher.deliver(held)
    # Between the delivery and the end of the job a refresh comes that was asked for before.
    await publishing.publisher.show(held.id)
    assert "The seed is **4711**" in publishing.card(held).text
    await publishing.server.db.store.card_edits.begin(held)
    assert await publishing.server.db.store.card_edits.look_again(held, publishing.server.db.now)
    await publishing.publisher.show(held.id)
    assert "The seed is **4711**" in publishing.card(held).text


@pytest.mark.parametrize("status", [500, 502])
async def test_an_error_that_discord_py_tries_again_by_itself_leaves_doubt(publishing: Publishing, status: int) -> None:
    job = await publishing.running()
    publishing.server.discord.faults.status("PATCH", EDIT, status)
    await publishing.publisher.show(job.id)
    assert "being made" in publishing.card(job).text
    assert await left_unanswered(publishing, job) == 1


@pytest.mark.parametrize(("status", "unanswered"), [(403, 0), (408, 1), (503, 1)])
async def test_a_refusal_leaves_no_doubt_and_a_server_that_breaks_does(
    publishing: Publishing, status: int, unanswered: int
) -> None:
    job = await publishing.running()
    publishing.server.discord.faults.status("PATCH", EDIT, status)
    await publishing.publisher.show(job.id)
    assert await left_unanswered(publishing, job) == unanswered


async def test_a_rate_limit_is_waited_for_and_leaves_no_doubt(publishing: Publishing) -> None:
    job = await publishing.running()
    publishing.server.discord.faults.status("PATCH", EDIT, 429, retry_after=0.01)
    await publishing.publisher.show(job.id)
    assert await left_unanswered(publishing, job) == 0


async def test_an_edit_that_is_broken_off_with_its_process_leaves_doubt(publishing: Publishing) -> None:
    job, release = await publishing.running(), asyncio.Event()
    fault = publishing.server.discord.faults.delay("PATCH", EDIT, until=release)
    editing = asyncio.create_task(publishing.publisher.show(job.id))
    async with asyncio.timeout(10):
        await fault.hit.wait()
    editing.cancel()
    await asyncio.gather(editing, return_exceptions=True)
    release.set()
    assert await left_unanswered(publishing, job) == 1


async def test_a_card_in_doubt_that_may_not_be_read_is_edited_all_the_same(publishing: Publishing) -> None:
    job = await publishing.ready([1000])
    await publishing.server.db.store.card_edits.begin(job)
    await end_again(publishing, job)
    edits = publishing.card(job).edits
    publishing.server.discord.faults.status("GET", EDIT, 403)
    assert await publishing.publisher.deliver(await claimed(publishing, job))
    assert publishing.card(job).edits == edits + 1


async def test_a_card_in_doubt_that_was_deleted_stays_so(publishing: Publishing) -> None:
    db = publishing.server.db
    job = await publishing.ready([1000])
    await db.store.card_edits.begin(job)
    await end_again(publishing, job)
    publishing.server.discord.moderator_deletes(publishing.card(job))
    assert await publishing.publisher.deliver(await claimed(publishing, job))
    assert [one for one in publishing.channel.messages if f"job {job.id}" in one.text] == []
    assert (await db.get(job.id)).state is State.READY
