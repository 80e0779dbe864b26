"""Seeds that were found are found again by the pictures that they belong to."""

from dataclasses import replace

import pytest

from bot.domain.job import ACTIVE_STATES, Job, Kind, State
from bot.domain.params import JobParams
from tests.support.db_fixture import GUILD, RESULT, DbFixture

ONE = JobParams("", clips=1, motion=None)


async def sought(db: DbFixture, parent: Job, found: str | None) -> Job:
    """Bring a job that looks for a seed to its result."""
    running = await db.running(kind=Kind.SEED, params=ONE, parent_job_id=parent.id)
    job = await db.claim(running)
    result = replace(RESULT, seed=found)
    return await db.store.jobs.succeed(job, [], 0, db.now, extend_ref=None, provider_cost=None, result=result)


async def test_a_seed_is_that_of_its_own_pictures(db: DbFixture) -> None:
    kite, boat = await db.done(kind=Kind.IMAGINE), await db.done(kind=Kind.IMAGINE)
    await sought(db, kite, "7")
    assert [await db.store.history.seed(job.id) for job in (kite, boat)] == ["7", None]


async def test_a_seed_that_is_still_looked_for_or_was_not_found_is_none(db: DbFixture) -> None:
    kite = await db.done(kind=Kind.IMAGINE)
    await db.running(kind=Kind.SEED, params=ONE, parent_job_id=kite.id)
    await db.failed(kind=Kind.SEED, params=ONE, parent_job_id=kite.id)
    await sought(db, kite, None)
    assert await db.store.history.seed(kite.id) is None
    await sought(db, kite, "7")
    assert await db.store.history.seed(kite.id) == "7"


async def test_what_else_was_made_of_pictures_is_not_their_seed(db: DbFixture) -> None:
    kite = await db.done(kind=Kind.IMAGINE)
    await db.done(kind=Kind.ACTION, parent_job_id=kite.id)
    assert await db.store.history.seed(kite.id) is None


async def test_a_finished_job_that_is_hidden_is_due_to_be_drawn_anew(db: DbFixture) -> None:
    job = await db.done()
    hidden = await db.store.history.set_spoiler(job.id, 1, db.now)
    assert hidden is not None
    assert (hidden.state, hidden.spoiler, hidden.due_ms) == (State.READY, 1, db.now)
    again = await db.store.jobs.finish(await db.claim(hidden))
    assert (again.state, again.spoiler, again.undelivered) == (State.DONE, 1, 0)


async def test_a_failed_job_that_is_hidden_stays_failed_and_is_due_to_tell_its_card(db: DbFixture) -> None:
    job = await db.failed()
    hidden = await db.store.history.set_spoiler(job.id, 1, db.now)
    assert hidden is not None
    assert (hidden.state, hidden.error_code, hidden.untold) == (State.FAILED, job.error_code, 1)
    assert (await db.claim(hidden)).spoiler == 1


async def test_a_job_whose_card_is_looked_at_once_more_is_hidden_then(db: DbFixture) -> None:
    job = await db.ready()
    hidden = await db.store.history.set_spoiler(job.id, 1, db.now + 1)
    assert hidden is not None
    assert (hidden.state, hidden.spoiler, hidden.due_ms) == (State.READY, 1, job.due_ms)
    claimed = await db.claim(hidden)
    assert await db.store.history.set_spoiler(job.id, 0, db.now) is None
    assert (await db.get(claimed.id)).spoiler == 1


@pytest.mark.parametrize("state", [*ACTIVE_STATES, State.FAILING])
async def test_what_has_not_ended_is_not_hidden(db: DbFixture, state: State) -> None:
    job = await db.in_state(state)
    assert await db.store.history.set_spoiler(job.id, 1, db.now) is None
    assert (await db.get(job.id)).spoiler == 0


async def test_what_is_shown_again_is_hidden_where_the_server_hides_everything_by_now(db: DbFixture) -> None:
    before, after = await db.done(), await db.done()
    assert (await db.show_again(before)).spoiler == 0
    await db.store.guild_settings.change(GUILD, lambda settings: replace(settings, spoiler=True), db.now)
    assert (await db.show_again(after)).spoiler == 1
    assert (await db.show_again(await db.done(guild=2))).spoiler == 0


async def test_all_shots_of_a_storyboard_are_hidden_with_the_one_that_is_shown_again(db: DbFixture) -> None:
    shots = await db.queued_shots(2)
    for shot in shots:
        await db.finish_shot(shot)
    await db.store.guild_settings.change(GUILD, lambda settings: replace(settings, spoiler=True), db.now)
    await db.show_again(shots[0])
    assert [(await db.get(shot.id)).spoiler for shot in shots] == [1, 1]
