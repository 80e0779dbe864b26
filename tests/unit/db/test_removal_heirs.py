"""What goes on from a removed job loses its link, picture and prompt, but what says that it may have been sent."""

from bot.db.removal_work import Heir, RemovalWork
from bot.domain.job import Frame, Job, Kind, State
from bot.domain.job_lists import NEWEST, JobQuery
from bot.domain.params import JobParams
from tests.support.db_fixture import DAY_MS, GUILD, OTTO, DbFixture


async def remove(db: DbFixture, job: Job) -> None:
    await db.store.removals.strike(GUILD, [job.id], 77, "spam", db.now)


async def test_what_goes_on_from_it_shows_nothing_of_it(db: DbFixture) -> None:
    film = await db.done()
    words = JobParams("its own words", explicit_options=("prompt",))
    child, own = [
        await db.done(kind=Kind.EXTEND, parent_job_id=film.id, parent_slot=0, message_id=7, user=OTTO, **more)
        for more in ({}, {"params": words})
    ]
    grandchild = await db.done(kind=Kind.EXTEND, parent_job_id=child.id, parent_slot=0, message_id=7, user=OTTO)
    await db.store.clips.add_frame(Frame(child.id, "start", f"{film.id}/start.png"))
    await remove(db, film)
    work = db.store.removal_work
    heirs = {heir.job_id: heir async for heir in work.heirs(film.id)}
    assert heirs == {
        child.id: Heir(child.id, words=True, image=True),
        own.id: Heir(own.id, words=False, image=False),
        grandchild.id: Heir(grandchild.id, words=True, image=False),
    }
    for heir in heirs.values():
        assert await work.disinherit(heir, film.id, db.now)
    shown = [await db.store.card_facts.read(job.id) for job in (child, own, grandchild)]
    assert [facts.job.params.prompt for facts in shown if facts] == ["", "its own words", ""]
    assert [(facts.frames, facts.job.state, facts.job.silent) for facts in shown if facts] == [({}, State.READY, 1)] * 3
    assert [bool(facts.parent_link) for facts in shown if facts] == [False, False, True]
    assert (await db.store.lists.find(GUILD, JobQuery(OTTO, words="boat"), NEWEST, 5)).entries == []
    assert [len(await db.store.clips.clips(job.id)) for job in (child, own, grandchild)] == [4] * 3


async def test_what_goes_on_from_it_is_found_behind_jobs_that_were_erased_for_their_age(db: DbFixture) -> None:
    film = await db.done()
    words = JobParams("its own words", explicit_options=("prompt",))
    old, typed = [
        await db.done(kind=Kind.EXTEND, parent_job_id=film.id, parent_slot=0, user=OTTO, **more)
        for more in ({}, {"params": words})
    ]
    db.now += 31 * DAY_MS
    heir, other = [
        await db.done(kind=Kind.EXTEND, parent_job_id=parent.id, parent_slot=0, user=55) for parent in (old, typed)
    ]
    before = db.now - 30 * DAY_MS
    assert await db.store.old_jobs.erase([film, old, typed], before, db.now) == 3
    await remove(db, film)
    work = db.store.removal_work
    heirs = {one.job_id: one async for one in work.heirs(film.id)}
    assert heirs[heir.id].words
    # These are whose words stand between.
    assert not heirs[other.id].words
    for one in heirs.values():
        assert await work.disinherit(one, film.id, db.now)
    assert [(await db.get(job.id)).params.prompt for job in (heir, other)] == ["", "a paper boat"]


async def test_all_that_goes_on_from_it_is_found_however_many_there_are(db: DbFixture) -> None:
    film = await db.done()
    children = [await db.done(kind=Kind.EXTEND, parent_job_id=film.id, parent_slot=0) for _ in range(4)]
    children += [await db.done(kind=Kind.EXTEND, parent_job_id=child.id, parent_slot=0) for child in children[:3]]
    found = [heir.job_id async for heir in RemovalWork(db.database, page=2).heirs(film.id)]
    assert sorted(found) == sorted(child.id for child in children)


async def test_a_second_look_draws_only_cards_that_still_showed_something(db: DbFixture) -> None:
    film = await db.done()
    late, other = [
        await db.done(kind=Kind.EXTEND, parent_job_id=film.id, parent_slot=0, message_id=7) for _ in range(2)
    ]
    await remove(db, film)
    work = db.store.removal_work
    async for heir in work.heirs(film.id):
        assert await work.disinherit(heir, film.id, db.now)
    for job in (late, other):
        await db.store.jobs.finish(await db.claim(await db.get(job.id)))
    await db.store.clips.add_frame(Frame(late.id, "start", f"{film.id}/start.png"))
    async for heir in work.heirs(film.id):
        assert await work.disinherit(heir, film.id, db.now, again=True)
    assert [(await db.get(job.id)).state for job in (late, other)] == [State.READY, State.DONE]


async def test_what_is_just_being_shown_is_not_drawn_anew_before_that_is_done(db: DbFixture) -> None:
    film = await db.done()
    ready = await db.ready(kind=Kind.EXTEND, parent_job_id=film.id, parent_slot=0, message_id=7)
    claimed = await db.claim(ready)
    await remove(db, film)
    work = db.store.removal_work
    [heir] = [one async for one in work.heirs(film.id)]
    assert not await work.disinherit(heir, film.id, db.now)
    await db.store.jobs.finish(claimed)
    assert await work.disinherit(heir, film.id, db.now)
    assert (await db.get(ready.id)).params.prompt == ""


async def test_what_its_provider_may_have_keeps_the_image_that_it_was_sent_with(db: DbFixture) -> None:
    film = await db.done()
    child = await db.submitting(
        kind=Kind.EXTEND, parent_job_id=film.id, parent_slot=0, params=JobParams("a boat", from_last_frame=True)
    )
    await db.store.clips.add_frame(Frame(child.id, "start", f"{film.id}/1.last.jpg"))
    await remove(db, film)
    work = db.store.removal_work
    [heir] = [one async for one in work.heirs(film.id)]
    assert not await work.disinherit(heir, film.id, db.now)
    assert "start" in await db.store.clips.frames(child.id)
    await db.accept(child)
    assert await work.disinherit(heir, film.id, db.now)
    assert await db.store.clips.frames(child.id) == {}
