"""Edits of a card are counted until they are answered; a card with any that never was is looked at once more."""

import pytest

from bot.db.card_edits import DOUBTED, LOOK_AGAIN_MS, UPLOADING
from bot.domain.job import Job, State
from tests.support.db_fixture import DbFixture


async def shown(db: DbFixture, state: State = State.READY, unanswered: int = 1) -> Job:
    """Bring a job to the step that tells its end, with edits of its card that were never answered."""
    job = await db.in_state(state)
    await db.store.jobs.set_card_hash(job.id, "its end", 70)
    for _ in range(unanswered):
        await db.store.card_edits.begin(job.id)
    return await db.get(job.id)


async def test_an_edit_counts_from_before_it_is_sent_until_its_answer(db: DbFixture) -> None:
    job = await db.running()
    await db.store.card_edits.begin(job.id, UPLOADING)
    begun = await db.get(job.id)
    assert (begun.unanswered_edits, begun.card_hash) == (1, UPLOADING)
    await db.store.card_edits.answered(job.id, "shown")
    ended = await db.get(job.id)
    assert (ended.unanswered_edits, ended.card_hash) == (0, "shown")


async def test_an_answer_that_leaves_something_open_keeps_the_count(db: DbFixture) -> None:
    job = await db.running()
    await db.store.card_edits.begin(job.id)
    await db.store.card_edits.answered(job.id, "shown", surely=False)
    assert (await db.get(job.id)).unanswered_edits == 1
    await db.store.card_edits.answered(job.id)
    await db.store.card_edits.answered(job.id)
    assert (await db.get(job.id)).unanswered_edits == 0


@pytest.mark.parametrize("state", [State.READY, State.FAILING])
async def test_an_end_in_doubt_is_looked_at_some_seconds_later_by_whoever_is_there(db: DbFixture, state: State) -> None:
    job = await shown(db, state, unanswered=2)
    assert await db.store.card_edits.look_again(job, db.now)
    waiting = await db.get(job.id)
    assert (waiting.state, waiting.lease, waiting.due_ms) == (state, None, db.now + LOOK_AGAIN_MS)
    assert (waiting.card_hash, waiting.unanswered_edits) == (DOUBTED, 0)
    looked = await db.claim(job, "another process")
    assert not await db.store.card_edits.look_again(looked, db.now)


@pytest.mark.parametrize("change", ["unanswered_edits = 0", "message_id = null", "lease = 'another'", "epoch = 99"])
async def test_nothing_is_looked_at_without_doubt_card_or_lease(db: DbFixture, change: str) -> None:
    job = await shown(db)
    await db.db_write(f"update job set {change} where id = $1", job.id)  # noqa: S608  # our own constants
    before = await db.everything()
    assert not await db.store.card_edits.look_again(job, db.now)
    assert await db.everything() == before


async def test_a_new_card_has_no_edits_behind_it(db: DbFixture) -> None:
    done = await db.done()
    await db.store.card_edits.begin(done.id)
    assert (await db.show_again(done)).unanswered_edits == 0
    await db.store.card_edits.begin(done.id)
    await db.store.history.clear_card(done.id)
    assert (await db.get(done.id)).unanswered_edits == 0
