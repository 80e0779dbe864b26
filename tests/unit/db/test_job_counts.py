"""How many jobs are under way, and since when the oldest of them."""

from bot.domain.job import Kind, State
from bot.metrics import JobCount
from tests.support.db_fixture import MIRA, OTTO, DbFixture


async def test_jobs_are_counted_by_state_kind_and_provider_until_they_end(db: DbFixture) -> None:
    await db.done(request_id="done")
    await db.failed(request_id="failed")
    first = await db.receive(request_id="first", user=MIRA)
    db.now += 1000
    await db.receive(request_id="second", user=OTTO)
    await db.receive(request_id="third", user=OTTO, provider="acedata")
    assert sorted(await db.store.counts.under_way()) == [
        JobCount(State.RECEIVED, Kind.VIDEO, "acedata", 1, db.now),
        JobCount(State.RECEIVED, Kind.VIDEO, "ttapi", 2, first.created_ms),
    ]
