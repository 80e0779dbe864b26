"""Films that are wanted, and the chains that they are joined of."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.film import Film
from bot.domain.job import Job, Kind
from bot.errors import TooManyOpen
from tests.support.db_engines import Engine
from tests.support.db_fixture import DEFAULTS, MIRA, OTTO, DbFixture


async def extended(db: DbFixture, parent: Job, slot: int, **fields: Any) -> Job:
    return await db.done(kind=Kind.EXTEND, parent_job_id=parent.id, parent_slot=slot, **fields)


def wanted(db: DbFixture, job: Job, slot: int = 0, **fields: Any) -> Film:
    film = Film(job.id, slot, MIRA, token_until_ms=db.now + 900_000, asked_ms=db.now, answer_id=5, token="a token")
    return replace(film, **fields)


async def test_a_chain_is_followed_to_its_first_clip(db: DbFixture) -> None:
    first = await db.done()
    second = await extended(db, first, 2)
    third = await extended(db, second, 0)
    await extended(db, second, 1)
    parts = await db.store.lineage.parts(third.id, 3)
    assert [(part.job, part.slot) for part in parts] == [(first, 2), (second, 0), (third, 3)]
    assert [(part.job.id, part.slot) for part in await db.store.lineage.parts(first.id, 1)] == [(first.id, 1)]


async def test_what_makes_no_clips_is_no_part(db: DbFixture) -> None:
    grid = await db.done(kind=Kind.IMAGINE)
    upscaled = await db.done(kind=Kind.ACTION, parent_job_id=grid.id)
    assert await db.store.lineage.parts(upscaled.id, 0) == []
    assert await db.store.lineage.parts("nothing", 0) == []
    film = await db.done(parent_job_id=upscaled.id, parent_slot=0)
    assert [part.job.id for part in await db.store.lineage.parts(film.id, 0)] == [film.id]


async def test_a_wish_is_due_until_it_is_fulfilled_and_then_the_film_is_known(db: DbFixture) -> None:
    job = await db.done()
    film = await db.store.films.ask(wanted(db, job))
    assert film is not None
    assert film == wanted(db, job, due_ms=db.now)
    assert await db.store.films.waiting(9) == [film]
    joined = replace(film, media_file="film1.mp4", parts=2, seconds=10.5, bytes=99)
    await db.store.films.joined(joined)
    assert await db.store.films.waiting(9) == [joined]
    await db.store.films.posted(replace(joined, channel_id=6, message_id=7))
    assert await db.store.films.waiting(9) == []
    known = await db.store.films.get(job.id, 0)
    assert known == replace(joined, channel_id=6, message_id=7, due_ms=None, token=None)
    assert await db.store.films.get(job.id, 1) is None


async def test_who_comes_second_leaves_the_first_ones_wish_alone(db: DbFixture) -> None:
    job = await db.done()
    first = await db.store.films.ask(wanted(db, job))
    assert await db.store.films.ask(wanted(db, job, user_id=OTTO, token="another")) is None
    assert await db.store.films.waiting(9) == [first]


async def test_a_known_film_is_due_again_for_who_asks_for_it_again(db: DbFixture) -> None:
    job = await db.done()
    film = await db.store.films.ask(wanted(db, job))
    assert film is not None
    await db.store.films.joined(replace(film, media_file="film1.mp4", parts=2, seconds=10.0, bytes=9))
    await db.store.films.posted(replace(film, channel_id=6, message_id=7))
    db.now += 1000
    again = await db.store.films.ask(wanted(db, job, user_id=OTTO, answer_id=8, token="another"))
    assert again is not None
    assert (again.user_id, again.answer_id, again.token, again.due_ms) == (OTTO, 8, "another", db.now)
    assert (again.media_file, again.channel_id, again.message_id) == ("film1.mp4", 6, 7)


async def test_what_is_joined_anew_is_posted_nowhere_yet(db: DbFixture) -> None:
    film = await db.store.films.ask(wanted(db, await db.done()))
    assert film is not None
    await db.store.films.posted(replace(film, channel_id=6, message_id=7))
    await db.store.films.joined(replace(film, media_file="film1.mp4", parts=2, seconds=10.0, bytes=9))
    known = await db.store.films.get(film.job_id, film.slot)
    assert known is not None
    assert (known.channel_id, known.message_id) == (None, None)


async def test_a_wish_may_be_put_off_or_given_up(db: DbFixture) -> None:
    job, other = await db.done(), await db.done()
    film = await db.store.films.ask(wanted(db, job))
    assert film is not None
    await db.store.films.put_off(film, db.now + 60_000, 1)
    later = await db.store.films.ask(wanted(db, other))
    assert await db.store.films.waiting(9) == [later, replace(film, due_ms=db.now + 60_000, tries=1)]
    assert await db.store.films.waiting(1) == [later]
    await db.store.films.give_up(film)
    assert await db.store.films.waiting(9) == [later]
    assert await db.store.films.ask(wanted(db, job)) is not None


async def test_a_member_has_no_more_wishes_under_way_than_one_may_have_requests(engine: Engine) -> None:
    async with engine.open_store("few", replace(DEFAULTS, most_open=2)) as db:
        jobs = [await db.done() for _ in range(3)]
        for job in jobs[:2]:
            assert await db.store.films.ask(wanted(db, job)) is not None
        with pytest.raises(TooManyOpen):
            await db.store.films.ask(wanted(db, jobs[2]))
        assert await db.store.films.ask(wanted(db, jobs[2], user_id=OTTO)) is not None
        await db.store.films.give_up(wanted(db, jobs[0]))
        assert await db.store.films.ask(wanted(db, jobs[0])) is not None
