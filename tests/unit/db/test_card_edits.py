"""Edits of a card are counted until they are answered; a card with any that never was is looked at once more."""

import pytest
import pytest_asyncio

from bot.db.card_edits import DELETED, DOUBTED, LOOK_AGAIN_MS, SETTLED_AFTER_MS, UPLOADING, CardEdits, Shown
from bot.domain.job import Job, State
from tests.support.db_fixture import DbFixture


async def shown(db: DbFixture, state: State = State.READY, unanswered: int = 1) -> Job:
    """Bring a job to the step that tells its end, with edits of its card that were never answered."""
    job = await db.in_state(state)
    await db.store.card_edits.set_card_hash(job.id, "its end", 70)
    for _ in range(unanswered):
        await db.store.card_edits.begin(job)
    return await db.get(job.id)


NOWHERE = Shown(70, {}, {})


@pytest_asyncio.fixture(loop_scope="session")
async def running(db: DbFixture) -> Job:
    """Bring a job to its provider, with a card whose edits are all answered."""
    job = await db.running()
    await db.store.card_edits.settle()
    await db.store.card_edits.set_card_hash(job.id, "running", 70)
    return await db.get(job.id)


async def counted(db: DbFixture, job: Job) -> tuple[int, str | None]:
    """Tell how many edits the row counts, and what it says that the card shows."""
    row = await db.get(job.id)
    return row.unanswered_edits, row.card_hash


async def test_an_edit_with_files_counts_from_before_it_is_sent_until_its_answer(db: DbFixture, running: Job) -> None:
    await db.store.card_edits.begin(running, uploading=True)
    assert await counted(db, running) == (1, UPLOADING)
    await db.store.card_edits.record(running.id, "shown", NOWHERE)
    assert await counted(db, running) == (0, "shown")


async def test_an_answer_that_leaves_something_open_keeps_the_count(db: DbFixture, running: Job) -> None:
    await db.store.card_edits.begin(running)
    db.store.card_edits.answered(running.id, "shown", surely=False)
    await db.store.card_edits.settle()
    assert (await counted(db, running))[0] == 1
    assert db.store.card_edits.in_doubt(await db.get(running.id))


async def test_an_answer_is_written_down_some_seconds_later_with_what_the_card_shows(
    db: DbFixture, running: Job
) -> None:
    edits = db.store.card_edits
    await edits.begin(running)
    edits.answered(running.id, "shown")
    assert await counted(db, running) == (1, edits.marker)
    assert not edits.in_doubt(await db.get(running.id))
    await edits.settle(db.now)
    await edits.settle(db.now + SETTLED_AFTER_MS - 1)
    assert await counted(db, running) == (1, edits.marker)
    await edits.settle(db.now + SETTLED_AFTER_MS)
    assert await counted(db, running) == (0, "shown")


async def test_the_next_edit_of_a_card_needs_no_counting(db: DbFixture, running: Job) -> None:
    edits = db.store.card_edits
    await edits.begin(running)
    edits.answered(running.id, "shown")
    before = await db.everything()
    await edits.begin(await db.get(running.id))
    assert await db.everything() == before
    assert edits.in_doubt(await db.get(running.id))


async def test_a_step_counts_the_edit_that_may_follow_it(db: DbFixture, running: Job) -> None:
    edits = db.store.card_edits
    held = await db.claim(running)
    await db.store.leases.ask_again(held, db.now + 1, 40)
    assert await counted(db, running) == (1, edits.marker)
    await edits.begin(await db.get(running.id))
    assert await counted(db, running) == (1, edits.marker)
    assert edits.in_doubt(await db.get(running.id))


@pytest.mark.parametrize("shown", [UPLOADING, DOUBTED])
async def test_a_refused_edit_of_a_card_that_is_not_marked_as_ours_is_taken_off_the_row(
    db: DbFixture, running: Job, shown: str
) -> None:
    edits = db.store.card_edits
    await edits.set_card_hash(running.id, shown)
    job = await db.get(running.id)
    await edits.begin(job)
    await edits.refused(job, uploading=False, surely=True)
    assert await counted(db, running) == (0, shown)


async def test_a_process_that_counted_and_was_killed_leaves_doubt_to_the_next(db: DbFixture, running: Job) -> None:
    await db.store.card_edits.begin(running)
    db.store.card_edits.answered(running.id, "shown")
    another = CardEdits(db.database)
    row = await db.get(running.id)
    assert another.in_doubt(row)
    assert not another.is_ours(row)


async def test_what_was_counted_ahead_takes_nothing_off_once_another_process_counted(
    db: DbFixture, running: Job
) -> None:
    """Its edit may be unanswered still: a count that stays too high costs a look, one too low a wrong card."""
    ours, another = db.store.card_edits, CardEdits(db.database)
    await ours.begin(running)
    ours.answered(running.id, "shown")
    await another.begin(await db.get(running.id))
    await ours.settle()
    assert await counted(db, running) == (2, another.marker)
    await ours.begin(running)
    assert await counted(db, running) == (3, ours.marker)


async def test_a_row_that_was_read_before_a_step_counted_is_counted_right(db: DbFixture, running: Job) -> None:
    edits = db.store.card_edits
    held = await db.claim(running)
    await db.store.leases.ask_again(held, db.now + 1, 40)
    await edits.begin(running)
    edits.answered(running.id, "shown")
    await edits.settle()
    assert await counted(db, running) == (0, "shown")


async def test_a_step_during_an_upload_leaves_it_told_apart(db: DbFixture, running: Job) -> None:
    edits = db.store.card_edits
    held = await db.claim(running)
    await edits.begin(running, uploading=True)
    await db.store.leases.ask_again(held, db.now + 1, 40)
    assert await counted(db, running) == (2, UPLOADING)
    await edits.record(running.id, "shown", NOWHERE)
    assert await counted(db, running) == (0, "shown")


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
    await db.store.card_edits.begin(done)
    assert (await db.show_again(done)).unanswered_edits == 0
    await db.store.card_edits.begin(done)
    await db.store.history.clear_card(done.id)
    assert (await db.get(done.id)).unanswered_edits == 0


async def test_what_follows_a_step_does_not_bring_back_a_card_that_was_deleted_during_it(
    db: DbFixture, running: Job
) -> None:
    await db.store.history.clear_card(running.id)
    await db.store.card_edits.begin(running, uploading=True)
    assert (await db.get(running.id)).card_hash == DELETED
    await db.store.card_edits.set_card_hash(running.id, UPLOADING)
    assert (await db.get(running.id)).card_hash == DELETED
    await db.store.card_edits.set_card_hash(running.id, UPLOADING, 99)
    found = await db.get(running.id)
    assert (found.card_hash, found.message_id) == (UPLOADING, 99)
