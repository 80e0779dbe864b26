"""A removed job is struck at once: nothing that shows or uses jobs finds it, and its credits are where they belong."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.db.card_edits import Shown
from bot.db.removal_work import Message
from bot.domain.film import Film
from bot.domain.job import Frame, Job, Kind, State
from bot.domain.job_lists import NEWEST, JobQuery, Needed
from bot.domain.params import JobParams
from bot.domain.removal import Removal, Removed
from bot.errors import JobRemoved, LostLease, UnconfirmedCharge
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture

MODERATOR = 77


async def remove(db: DbFixture, *jobs: Job) -> Removed:
    return await db.store.removals.strike(GUILD, [job.id for job in jobs], MODERATOR, "spam", db.now)


async def due(db: DbFixture) -> list[Removal]:
    return await db.store.removal_work.take(100, db.now, db.now + 1000)


@pytest.mark.parametrize("state", list(State))
async def test_a_removed_job_is_nowhere_to_be_found(db: DbFixture, state: State) -> None:
    job = await db.in_state(state)
    await db.store.favourites.add(GUILD, OTTO, job.id, db.now)
    await remove(db, job)
    store = db.store
    assert await store.jobs.get(job.id) is None
    assert await store.card_facts.read(job.id) is None
    assert await store.lineage.parts(job.id, 0) == []
    for query in (JobQuery(MIRA), JobQuery(MIRA, words="boat"), JobQuery(OTTO, starred=True)):
        for needed in (None, Needed.ANY):
            assert (await store.lists.find(GUILD, query, NEWEST, 5, needed)).entries == []
    assert await store.history.unfinished() == []
    assert await store.history.set_spoiler(job.id, 1, db.now) is None
    assert await store.undelivered.of_member(GUILD, MIRA, 5) == []
    assert await store.undelivered.of_server(GUILD) == await store.unconfirmed.newest(GUILD) == []
    assert not await store.favourites.add(GUILD, OTTO, job.id, db.now)
    assert await store.removals.of_member(GUILD, MIRA, 0, 5) == []


@pytest.mark.parametrize(
    ("state", "after", "kept"),
    [
        (State.RECEIVED, State.FAILING, 0),
        (State.QUEUED, State.FAILING, 0),
        (State.SUBMITTING, State.SUBMITTING, 8),
        (State.RUNNING, State.RUNNING, 8),
        (State.READY, State.READY, 8),
        (State.DONE, State.DONE, 8),
        (State.FAILING, State.FAILING, 0),
        (State.FAILED, State.FAILED, 0),
    ],
)
async def test_what_waits_is_refunded_and_what_was_charged_else_stays_charged(
    db: DbFixture, state: State, after: State, kept: int
) -> None:
    job = await db.in_state(state)
    removed = await remove(db, job)
    assert [one.state for one in removed.jobs] == [after]
    assert removed.returned == (8 if state is State.QUEUED else 0)
    assert removed.going_on == (state in (State.SUBMITTING, State.RUNNING))
    assert await db.used() == kept


async def test_it_is_removed_once(db: DbFixture) -> None:
    job = await db.queued()
    assert (await remove(db, job)).returned == 8
    assert await remove(db, job) == Removed(())
    assert await db.ledger(job) == [("reserve", 8), ("refund", -8)]
    assert [removal.by_user_id for removal in await due(db)] == [MODERATOR]


async def test_a_job_of_another_server_is_left_alone(db: DbFixture) -> None:
    job = await db.done(guild=GUILD + 1)
    assert await remove(db, job) == Removed(())
    assert await db.store.jobs.get(job.id) is not None


@pytest.mark.parametrize("state", [State.RECEIVED, State.READY, State.FAILING])
async def test_whoever_has_it_in_hand_loses_it(db: DbFixture, state: State) -> None:
    job = await db.in_state(state)
    assert job.lease is not None
    await remove(db, job)
    with pytest.raises(LostLease):
        await db.store.leases.reschedule(job, db.now)


async def test_what_is_at_its_provider_goes_on_and_is_settled_and_its_result_is_dropped(db: DbFixture) -> None:
    job = await db.running()
    await remove(db, job)
    ready = await db.succeed(await db.claim(job), clips=2)
    assert await db.ledger(job) == [("reserve", 8), ("settle", -4)]
    assert await db.store.clips.clips(job.id) == []
    found = await db.store.jobs.get_even_removed(job.id)
    assert found is not None
    assert (found.extend_ref, found.result, ready.state) == (None, None, State.READY)


async def test_a_picture_that_comes_after_its_removal_leaves_no_words_of_its_provider(db: DbFixture) -> None:
    job = await db.running(kind=Kind.IMAGINE)
    await remove(db, job)
    await db.succeed(await db.claim(job))
    found = await db.store.jobs.get_even_removed(job.id)
    assert found is not None
    assert found.result is None


async def test_one_that_its_provider_turns_away_does_not_wait_again(db: DbFixture) -> None:
    job = await db.submitting()
    await remove(db, job)
    with pytest.raises(JobRemoved):
        await db.store.jobs.requeue(job, None)
    found = await db.store.jobs.get_even_removed(job.id)
    assert found is not None
    assert found.state is State.SUBMITTING
    await db.fail(job)
    assert await db.used() == 0


async def test_the_same_may_be_asked_for_again_at_once(db: DbFixture) -> None:
    job = await db.running(dedupe_key="the same click")
    await remove(db, job)
    again = await db.receive(dedupe_key="the same click")
    assert again.id != job.id


async def test_what_waits_to_go_on_from_it_comes_back_too(db: DbFixture) -> None:
    film, picture = await db.done(), await db.done(kind=Kind.IMAGINE)
    extend = await db.queued(kind=Kind.EXTEND, parent_job_id=film.id, parent_slot=0, user=OTTO)
    claimed = await db.claim(await db.receive(user=OTTO))
    start = await db.charge(claimed, (Frame(claimed.id, "start", f"{picture.id}/1.png"),))
    other = await db.queued(user=OTTO)
    removed = await remove(db, film, picture)
    assert {job.id for job in removed.refunded} == {extend.id, start.id}
    assert removed.returned == 0
    assert [(await db.get(job.id)).error_code for job in (extend, start)] == ["source_removed"] * 2
    assert (await db.get(other.id)).state is State.QUEUED
    assert await db.used(OTTO) == 8


async def test_a_removal_locks_the_shots_that_end_with_it_in_the_order_of_their_age(db: DbFixture) -> None:
    picture = await db.done(kind=Kind.IMAGINE)
    first, *_ = await db.make(await db.storyboard(3))
    await db.charge(await db.claim(first), (Frame(first.id, "start", f"{picture.id}/1.png"),))
    shots = await db.store.storyboards.jobs(first.storyboard_id or "")
    db.now += 1
    younger = await db.done()
    async with db.database.transaction() as tx:
        await tx.fetch("select 1 from job where id = $1 for update", shots[1].id)
        removing = asyncio.create_task(remove(db, picture, younger))
        await asyncio.sleep(0.2)
        await tx.fetch("select 1 from job where id = $1 for update", younger.id)
    removed = await removing
    assert {job.id for job in removed.refunded} == {shot.id for shot in shots}
    assert [(await db.get(shot.id)).error_code for shot in shots] == [
        "source_removed",
        "storyboard_stopped",
        "storyboard_stopped",
    ]


async def test_a_joined_film_and_a_removal_lock_the_storyboard_first(db: DbFixture) -> None:
    shots = await db.queued_shots(3)
    storyboard = await db.store.storyboards.get(shots[0].storyboard_id or "")
    assert storyboard is not None
    await db.store.storyboards.set_film(storyboard, shots[0].id, "film1.mp4", parts=2, seconds=9.5, size=10)
    await db.db_write("update storyboard set film_job_id = null where id = $1", storyboard.id)
    async with db.database.transaction() as tx:
        await tx.fetch("select 1 from storyboard where id = $1 for update", storyboard.id)
        joined = asyncio.create_task(
            db.store.storyboards.set_film(storyboard, shots[0].id, "film2.mp4", parts=2, seconds=9.5, size=10)
        )
        await asyncio.sleep(0.2)
        await tx.fetch("update film set due_ms = null where job_id = $1", shots[0].id)
    await joined
    film = await db.store.films.get(shots[0].id, 0)
    assert film is not None
    assert film.media_file == "film2.mp4"


async def test_all_shots_of_a_card_go_together_and_no_more_are_made(db: DbFixture) -> None:
    shots = await db.queued_shots(3)
    await db.finish_shot(shots[0])
    removed = await remove(db, shots[1])
    assert [job.id for job in removed.jobs] == [shot.id for shot in shots]
    assert removed.returned == 4
    storyboard_id = shots[0].storyboard_id or ""
    assert await db.store.storyboards.get(storyboard_id) is None
    assert await db.store.storyboards.jobs(storyboard_id) == []
    assert await db.used() == 2


async def test_those_who_keep_order_are_told_who_did_it_and_why(db: DbFixture) -> None:
    job = await db.done()
    await remove(db, job)
    [row] = await db.database.fetch("select kind, data from log_event")
    assert row["kind"] == "removed"
    assert row["data"] == f'{{"by":{MODERATOR},"jobs":["{job.id}"],"member":{MIRA},"reason":"spam"}}'


@pytest.mark.parametrize("is_removed", [False, True])
async def test_nobody_is_sent_to_look_for_a_removed_job_in_doubt(db: DbFixture, is_removed: bool) -> None:
    job = await db.submitting()
    if is_removed:
        await remove(db, job)
    await db.store.jobs.fail(job, UnconfirmedCharge("TTAPI"), db.now)
    rows = await db.database.fetch("select kind from log_event where kind = 'unconfirmed'")
    assert len(rows) == int(not is_removed)


async def test_every_message_that_shows_it_is_known(db: DbFixture) -> None:
    first = await db.done(message_id=7)
    await db.store.card_edits.write_shown(first.id, Shown(8, {0: 80}, {}))
    again = await db.show_again(first)
    await db.store.shown_messages.add(first.id, 9, 90)
    child = await db.done(kind=Kind.EXTEND, parent_job_id=first.id, parent_slot=0)
    film = Film(child.id, 0, OTTO, 0, db.now, channel_id=5, message_id=99)
    await db.store.films.ask(film)
    await db.store.films.posted(film)
    await remove(db, first)
    work = db.store.removal_work
    job = await work.job(first.id)
    known = {(5, 7), (5, 8), (6, again.message_id), (9, 90), (5, 99)}
    assert {(one.channel_id, one.message_id) for one in await work.messages(job)} == known
    for message in await work.messages(job):
        await work.message_gone(job, message)
    assert await work.messages(await work.job(first.id)) == []
    assert not await db.store.shown_messages.add(first.id, 9, 91)


async def test_a_film_that_it_is_part_of_is_joined_anew_without_it(db: DbFixture) -> None:
    first = await db.done()
    second = await db.done(kind=Kind.EXTEND, parent_job_id=first.id, parent_slot=0)
    third = await db.done(kind=Kind.EXTEND, parent_job_id=second.id, parent_slot=0)
    film = Film(third.id, 0, OTTO, 0, db.now, media_file="three.mp4", parts=3, channel_id=5, message_id=99)
    await db.store.films.ask(film)
    await db.store.films.joined(film)
    await db.store.films.posted(film)
    await remove(db, first)
    found = await db.store.films.get(third.id, 0)
    assert found is not None
    assert (found.media_file, found.message_id) == (None, None)
    assert [part.job.id for part in await db.store.lineage.parts(third.id, 0)] == [second.id, third.id]
    assert [one.job_id for one in await db.store.removal_work.films(first.id)] == [third.id]
    await db.store.removal_work.film_gone(film)
    assert await db.store.films.get(third.id, 0) is None


async def test_nobody_waits_for_a_film_that_ends_with_it(db: DbFixture) -> None:
    job = await db.done()
    film = Film(job.id, 0, OTTO, 0, db.now)
    await db.store.films.ask(film)
    await remove(db, job)
    assert await db.store.films.waiting(5) == []
    await db.store.films.ask(film)
    assert await db.store.films.waiting(5) == []


async def test_what_was_taken_and_not_finished_is_due_again(db: DbFixture) -> None:
    await remove(db, await db.done())
    [removal] = await due(db)
    assert await due(db) == []
    db.now += 1000
    [again] = await due(db)
    assert again == replace(removal, due_ms=db.now + 1000, tries=2)
    await db.store.removal_work.put_off(again, None)
    assert await db.store.removal_work.next_due_ms() is None


async def test_in_the_end_only_numbers_are_kept(db: DbFixture) -> None:
    job = await db.done(params=JobParams("a paper boat", clips=2))
    await db.store.clips.add_frame(Frame(job.id, "start", f"{job.id}/start.png"))
    await remove(db, job)
    await db.store.removal_work.forget_content(job)
    found = await db.store.removal_work.job(job.id)
    assert (found.params.prompt, found.params.clips, found.cost) == ("", 2, 4)
    assert await db.store.clips.clips(job.id) == []
    assert await db.store.clips.frames(job.id) == {}


async def test_open_forms_forget_the_files_that_are_gone(db: DbFixture) -> None:
    for name, attachment in (("one", 81), ("two", 82)):
        await db.db_write(
            "insert into message_images (id, guild_id, user_id, images, created_ms) values ($1, $2, 1, $3, 1)",
            name,
            GUILD,
            f'[{{"url":"https://cdn.example/attachments/5/{attachment}/a.png","filename":"a.png","size":1}}]',
        )
    await db.store.removal_work.forget_seen(GUILD, [81])
    rows: list[Any] = await db.database.fetch("select id from message_images")
    assert [row["id"] for row in rows] == ["two"]


async def test_a_members_jobs_since_a_moment_are_counted_and_named(db: DbFixture) -> None:
    await db.done()
    db.now += 60_000
    since = db.now
    lately = [await db.done()]
    db.now += 1
    lately.append(await db.queued())
    await db.done(user=OTTO)
    assert await db.store.removals.count_of_member(GUILD, MIRA, since) == 2
    assert await db.store.removals.of_member(GUILD, MIRA, since, 5) == [job.id for job in reversed(lately)]
    assert await db.store.removals.of_member(GUILD, MIRA, since, 1) == [lately[1].id]


def test_a_message_is_known_by_its_channel_too() -> None:
    assert Message(1, 2) != Message(2, 2)


async def test_what_somebody_asks_for_is_taken_before_what_forgetting_asks_for_and_first_tries_before_others(
    db: DbFixture,
) -> None:
    forgotten, tried, older, newer = [await db.done() for _ in range(4)]
    await db.store.removals.strike(GUILD, [forgotten.id], -MIRA, "", db.now, logged=False)
    await remove(db, tried)
    assert [one.job_id for one in await db.store.removal_work.take(1, db.now, db.now - 1)] == [tried.id]
    for job in (older, newer):
        db.now += 1
        await remove(db, job)
    work = db.store.removal_work
    taken = [one.job_id for _ in range(4) for one in await work.take(1, db.now, db.now + 1000)]
    assert taken == [newer.id, older.id, tried.id, forgotten.id]
    db.now += 1000
    assert {one.job_id for one in await work.take(9, db.now, db.now, of_forgotten=False)} == {*taken} - {forgotten.id}
