"""Seeds that were found are found again by the pictures that they belong to."""

from dataclasses import replace

from bot.domain.job import Job, Kind
from bot.domain.params import JobParams
from tests.support.db_fixture import RESULT, Stage

ONE = JobParams("", clips=1, motion=None)


async def sought(stage: Stage, parent: Job, found: str | None) -> Job:
    """Bring a job that looks for a seed to its result."""
    running = await stage.running(kind=Kind.SEED, params=ONE, parent_job_id=parent.id)
    job = await stage.claim(running)
    result = replace(RESULT, seed=found)
    return await stage.store.jobs.succeed(job, [], 0, stage.now, extend_ref=None, provider_cost=None, result=result)


async def test_a_seed_is_that_of_its_own_pictures(stage: Stage) -> None:
    kite, boat = await stage.done(kind=Kind.IMAGINE), await stage.done(kind=Kind.IMAGINE)
    await sought(stage, kite, "7")
    assert [await stage.store.history.seed(job.id) for job in (kite, boat)] == ["7", None]


async def test_a_seed_that_is_still_looked_for_or_was_not_found_is_none(stage: Stage) -> None:
    kite = await stage.done(kind=Kind.IMAGINE)
    await stage.running(kind=Kind.SEED, params=ONE, parent_job_id=kite.id)
    await stage.failed(kind=Kind.SEED, params=ONE, parent_job_id=kite.id)
    await sought(stage, kite, None)
    assert await stage.store.history.seed(kite.id) is None
    await sought(stage, kite, "7")
    assert await stage.store.history.seed(kite.id) == "7"


async def test_what_else_was_made_of_pictures_is_not_their_seed(stage: Stage) -> None:
    kite = await stage.done(kind=Kind.IMAGINE)
    await stage.done(kind=Kind.ACTION, parent_job_id=kite.id)
    assert await stage.store.history.seed(kite.id) is None
