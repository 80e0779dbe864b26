"""What was on its way to a mod log and is not known to have arrived is sent again, as the same message."""

from bot.domain.clock import FARTHEST_MS
from bot.domain.log_turns import EVENTS, PACE_MS, TRIES
from bot.domain.mod_log import GATHER_MS
from tests.support.db_fixture import OTTO, DbFixture
from tests.unit.db.test_mod_log import jobs_in, left, name_log, remove, report, take

HOUR_MS = 3_600_000
MINUTE_MS = 60_000


async def test_a_report_whose_process_died_before_it_was_sent_is_sent_after_a_minute(db: DbFixture) -> None:
    await name_log(db)
    job = await report(db, OTTO)
    [lost] = await take(db, told=False)
    assert await take(db, PACE_MS, told=False) == []
    [again] = await take(db, MINUTE_MS)
    assert (again.id, again.events, again.tries) == (lost.id, lost.events, 1)
    assert [one.job_id for one in await db.store.reports.in_message(again.id)] == [job.id]
    assert await take(db, HOUR_MS) == []
    assert await left(db) == []


async def test_a_batch_stays_as_it_was_whatever_happened_since(db: DbFixture) -> None:
    await name_log(db)
    await remove(db, "job1")
    await take(db, told=False)
    for number in range(EVENTS):
        await remove(db, f"later{number}")
    db.now += MINUTE_MS
    assert jobs_in(await take(db)) == ["job1"]
    assert await take(db, 0) == []
    assert len(jobs_in(await take(db, PACE_MS))) == EVENTS


async def test_what_is_told_once_is_told_again_where_it_did_not_arrive_and_then_known(db: DbFixture) -> None:
    await name_log(db)
    await remove(db, once_key="a cause")
    await take(db, told=False)
    assert len(await take(db, MINUTE_MS)) == 1
    await remove(db, once_key="a cause")
    assert await take(db, HOUR_MS) == []
    assert await left(db) == [("a cause", None)]


async def test_a_batch_of_a_wrong_clock_is_due_at_once(db: DbFixture) -> None:
    await name_log(db)
    await remove(db)
    await take(db, told=False)
    assert len(await take(db, -2 * FARTHEST_MS)) == 1


async def test_what_never_arrives_is_given_up(db: DbFixture) -> None:
    await name_log(db)
    await remove(db)
    sent = [len(await take(db, HOUR_MS, told=False)) for _ in range(TRIES + 3)]
    assert sum(sent) == TRIES
    assert await left(db) == []


async def test_what_an_owner_was_to_be_told_goes_to_a_mod_log_named_since_reports_by_themselves(db: DbFixture) -> None:
    await report(db)
    await remove(db)
    await take(db, HOUR_MS, told=False)
    await name_log(db)
    [first] = await take(db, HOUR_MS)
    [second] = await take(db, GATHER_MS + PACE_MS)
    assert (first.has_reports, len(first.events)) == (True, 1)
    assert (second.has_reports, len(second.events)) == (False, 1)
