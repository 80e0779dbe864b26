"""One member has no more open than the settings allow: requests under way and previews together, in all servers."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from bot.db.region_previews import RegionPreview
from bot.db.store import Defaults
from bot.domain.periods import Period
from bot.errors import TooManyOpen
from tests.support.db_engines import Engine
from tests.support.db_fixture import DAY_MS, MIRA, OTTO, DbFixture

MOST = 3


@pytest_asyncio.fixture(loop_scope="session")
async def db(engine: Engine) -> AsyncGenerator[DbFixture]:
    defaults = Defaults(credits=1000, period=Period.DAY, most_open=MOST)
    async with engine.open_store(defaults=defaults) as db:
        yield db


async def preview(db: DbFixture, name: str, user: int = MIRA, parent: str = "") -> None:
    await db.store.region_previews.add(RegionPreview(name, 1, user, parent, "", (), db.now))


async def jobs(db: DbFixture) -> int:
    return len((await db.everything())["job"])


async def test_a_request_too_many_is_refused_and_leaves_nothing(db: DbFixture) -> None:
    for guild in range(MOST):
        await db.receive(guild=guild + 1)
    with pytest.raises(TooManyOpen) as caught:
        await db.receive()
    assert caught.value.data == {"limit": MOST}
    assert await jobs(db) == MOST
    await db.receive(user=OTTO)


async def test_many_requests_at_once_are_no_more_than_one_after_the_other(db: DbFixture) -> None:
    answers = await asyncio.gather(*(db.receive() for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(answer, TooManyOpen) for answer in answers) == 20 - MOST
    assert await jobs(db) == MOST


async def test_what_is_under_way_is_open_and_what_has_ended_is_not(db: DbFixture) -> None:
    await db.done()
    await db.failed()
    await db.ready()
    await db.running()
    await db.queued()
    await db.submitting()
    with pytest.raises(TooManyOpen):
        await db.receive()


async def test_the_same_request_is_given_back_however_much_is_open(db: DbFixture) -> None:
    first, *_ = [await db.receive() for _ in range(MOST)]
    assert (await db.store.jobs.receive(first)).id == first.id


async def test_previews_are_open_until_they_end(db: DbFixture) -> None:
    parent = (await db.done()).id
    await db.receive()
    await preview(db, "one", parent=parent)
    await preview(db, "two", parent=parent)
    with pytest.raises(TooManyOpen):
        await db.receive()
    with pytest.raises(TooManyOpen):
        await preview(db, "three", parent=parent)
    assert await db.store.region_previews.get("three") is None
    await preview(db, "four", OTTO, parent)
    await db.store.region_previews.remove("one")
    await db.receive()
    db.now += DAY_MS
    await db.receive()


async def test_a_preview_that_was_confirmed_counts_as_its_job(db: DbFixture) -> None:
    parent = (await db.done()).id
    for name in ("one", "two", "three"):
        await preview(db, name, parent=parent)
    await db.receive(id="one")
    with pytest.raises(TooManyOpen):
        await db.receive()
