"""Which films there are to be joined, and whose wish is written down."""

import asyncio
from typing import Any

import pytest

from bot.domain.job import Job, Kind, State
from bot.errors import FilmOfOne, NoFilmClip, NoSuchJob
from bot.services.films import Films, is_continued
from bot.services.requests import DeferredReply
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, DbFixture
from tests.support.requests import requester


@pytest.fixture
def films(db: DbFixture) -> Films:
    return Films(db.store, clock_of(lambda: db.now))


async def extended(db: DbFixture, parent: Job, slot: int, **fields: Any) -> Job:
    return await db.done(kind=Kind.EXTEND, parent_job_id=parent.id, parent_slot=slot, **fields)


async def test_a_film_leads_from_the_first_clip_to_the_one_that_is_asked_for(db: DbFixture, films: Films) -> None:
    first = await db.done(clips=2)
    second = await extended(db, first, 1, clips=2)
    assert await films.slots(GUILD, second.id) == [0, 1]
    parts = await films.parts(GUILD, second.id, 1)
    assert [(part.job.id, part.slot) for part in parts] == [(first.id, 1), (second.id, 1)]


async def test_there_is_none_of_one_clip_nor_up_to_a_clip_that_is_not_there(db: DbFixture, films: Films) -> None:
    first = await db.done(clips=2)
    with pytest.raises(FilmOfOne):
        await films.parts(GUILD, first.id, 0)
    with pytest.raises(NoFilmClip):
        await films.parts(GUILD, (await extended(db, first, 0, clips=1)).id, 1)


async def test_there_is_none_of_what_is_not_made_here(db: DbFixture, films: Films) -> None:
    for job_id in ("nothing", (await db.done(kind=Kind.IMAGINE)).id, (await db.running()).id):
        with pytest.raises(NoSuchJob):
            await films.slots(GUILD, job_id)
    with pytest.raises(NoSuchJob):
        await films.slots(GUILD + 1, (await db.done()).id)
    # Its card shows it already.
    assert await films.slots(GUILD, (await db.in_state(State.READY)).id) == [0, 1, 2, 3]


async def test_a_wish_wakes_whoever_waits_for_one(db: DbFixture, films: Films) -> None:
    job = await extended(db, await db.done(), 0)
    waiting = asyncio.create_task(films.asked.wait(60))
    answer = DeferredReply(message_id=5, token="a token", until_ms=db.now + 1000)
    parts = await films.parts(GUILD, job.id, 0)
    assert await films.ask(requester(), parts, answer)
    await asyncio.wait_for(waiting, 5)
    assert not await films.ask(requester(), parts, answer)
    [film] = await db.store.films.waiting(9)
    assert (film.answer_id, film.token, film.token_until_ms, film.due_ms) == (5, "a token", db.now + 1000, db.now)


async def test_only_what_goes_on_from_a_clip_is_continued(db: DbFixture) -> None:
    first = await db.done()
    assert not is_continued(first)
    assert is_continued(await extended(db, first, 0))
    assert not is_continued(await db.done(kind=Kind.ACTION, parent_job_id=(await db.done(kind=Kind.IMAGINE)).id))
