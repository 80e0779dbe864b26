"""Of more jobs of a member than one removal takes, the newest go, and the rest can be asked for again."""

from bot.services.removals import Removals
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, MIRA, DbFixture


async def test_of_too_many_the_newest_go_and_the_rest_with_the_next_one(db: DbFixture) -> None:
    removals = Removals(db.store, clock_of(lambda: db.now), lambda: None, most=2)
    ids: list[str] = []
    for _ in range(3):
        ids.append((await db.done()).id)
        db.now += 1_000
    assert await removals.count(GUILD, MIRA, 0) == 3
    first = await removals.remove_all(GUILD, MIRA, 0, 12)
    assert ([job.id for job in first.jobs], first.more) == (ids[1:], True)
    rest = await removals.remove_all(GUILD, MIRA, 0, 12)
    assert ([job.id for job in rest.jobs], rest.more) == (ids[:1], False)
