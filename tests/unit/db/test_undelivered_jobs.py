"""What was paid and not delivered: in sight until it is delivered or struck off, and of this server alone."""

from bot.domain.job import Job, State
from bot.errors import JobFailed
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture


async def undelivered(db: DbFixture, *, undeliverable: bool = True, **fields: object) -> Job:
    """End a job whose clips did not reach its member, or not all of them."""
    ready = await db.claim(await db.ready(**fields))
    return await db.store.jobs.finish(ready, undeliverable=undeliverable, incomplete=True)


async def given_up(db: DbFixture, reason: str = "no_key", *, final: bool = False) -> Job:
    """End a job that its provider may have made."""
    failing = await db.store.jobs.fail(await db.claim(await db.running()), JobFailed(reason, "TTAPI", final), db.now)
    return await db.store.jobs.finish(await db.claim(failing))


async def listed(db: DbFixture, guild: int = GUILD) -> list[str]:
    return [job.id for job in await db.store.undelivered.of_server(guild)]


async def test_what_did_not_reach_its_member_is_listed_newest_first(db: DbFixture) -> None:
    await db.done()
    nothing, some = await undelivered(db), await undelivered(db, undeliverable=False, user=OTTO)
    await undelivered(db, guild=2)
    assert await listed(db) == [some.id, nothing.id]
    assert (nothing.error_code, some.error_code) == ("undeliverable", None)
    mine = await db.store.undelivered.of_member(GUILD, MIRA, 10)
    assert [job.id for job in mine] == [nothing.id]


async def test_it_leaves_the_list_while_it_is_shown_again_and_for_good_once_that_went_well(db: DbFixture) -> None:
    job = await undelivered(db)
    ready = await db.show_again(job)
    assert await listed(db) == []
    again = await db.store.jobs.finish(await db.claim(ready), incomplete=True)
    assert await listed(db) == [job.id]
    await db.store.jobs.finish(await db.claim(await db.show_again(again)))
    assert await listed(db) == []


async def test_it_leaves_the_list_when_it_is_struck_off_once(db: DbFixture) -> None:
    job = await undelivered(db)
    assert await db.store.undelivered.strike_off(job.id) is True
    assert await db.store.undelivered.strike_off(job.id) is False
    assert await listed(db) == []
    assert (await db.get(job.id)).state is State.DONE


async def test_only_what_its_provider_may_have_made_is_listed_of_what_failed(db: DbFixture) -> None:
    await db.failed()
    await given_up(db, "upstream", final=True)
    await given_up(db, "not_found")
    may_be_made = await given_up(db)
    assert await listed(db) == [may_be_made.id]
    assert await db.store.undelivered.of_member(GUILD, MIRA, 10) == []


async def test_a_job_that_was_given_up_is_taken_up_once_and_stays_refunded(db: DbFixture) -> None:
    job = await given_up(db)
    other = await db.running()
    assert await db.store.undelivered.take_up(job.id, other.remote_id or "", db.now, db.now + 1) is False
    assert await db.store.undelivered.take_up(job.id, job.remote_id or "", db.now, db.now + 1) is True
    taken = await db.get(job.id)
    assert (taken.state, taken.due_ms, taken.deadline_ms, taken.undelivered) == (State.RUNNING, db.now, db.now + 1, 0)
    assert (taken.error_code, taken.error_data, taken.finished_ms) == (None, None, None)
    assert await db.store.undelivered.take_up(job.id, job.remote_id or "", db.now, db.now + 1) is False
    assert [kind for kind, _ in await db.ledger(job)] == ["reserve", "refund"]


async def test_only_what_could_not_reach_a_channel_is_brought_there_again(db: DbFixture) -> None:
    job = await undelivered(db, channel_id=9)
    await undelivered(db, undeliverable=False, channel_id=9)
    await undelivered(db, channel_id=8)
    assert sorted(await db.store.undelivered.channels()) == [8, 9]
    assert await db.store.undelivered.deliver_again(9, db.now) == 1
    again = await db.get(job.id)
    assert (again.state, again.due_ms, again.error_code, again.undelivered) == (State.READY, db.now, None, 0)
    assert again.message_id == job.message_id
    assert await db.store.undelivered.deliver_again(9, db.now) == 0


async def test_an_end_that_could_not_be_told_is_due_again_in_its_channel(db: DbFixture) -> None:
    failing = await db.claim(await db.failing(channel_id=9))
    job = await db.store.jobs.finish(failing, undeliverable=True)
    assert (job.untold, job.due_ms) == (1, None)
    assert await db.store.undelivered.channels() == [9]
    assert await db.store.undelivered.deliver_again(8, db.now) == 0
    assert await db.store.undelivered.deliver_again(9, db.now) == 1
    assert (await db.get(job.id)).due_ms == db.now
    await db.store.undelivered.told(job)
    assert await db.store.undelivered.channels() == []


async def test_links_that_do_not_work_yet_are_awaited_by_who_holds_the_job(db: DbFixture) -> None:
    held = await db.claim(await db.ready())
    assert (await db.store.undelivered.await_links(held, 17)).fetch_until_ms == 17
    assert (await db.store.jobs.finish(held, incomplete=True)).fetch_until_ms is None
