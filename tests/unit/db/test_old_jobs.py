"""What is old goes in small parts: jobs lose their content and keep their sums, and servers are gone for good."""

import asyncio

import pytest

from bot.db.schema import SERVER
from bot.domain.job import Frame, Job, State
from bot.domain.member_settings import Preset
from bot.domain.reports import Outcome
from bot.errors import Cancelled, ServerLeft
from tests.support import db_invariants
from tests.support.db_fixture import DAY_MS, GUILD, HOUR_MS, LEASE_MS, MIRA, OTTO, DbFixture
from tests.support.db_tables import TABLES

ELSEWHERE = GUILD + 1


async def erase_old(db: DbFixture, days: int = 30, most: int = 2) -> list[str]:
    before = db.now - days * DAY_MS
    gone: list[str] = []
    while jobs := await db.store.old_jobs.older(before, most):
        assert await db.store.old_jobs.erase(jobs, before, db.now) == len(jobs)
        gone += [job.id for job in jobs]
    return gone


async def erase_server(db: DbFixture, most: int = 2) -> bool:
    """Erase a server as the worker does; tells whether it is gone."""
    before, left = db.now - 30 * DAY_MS, db.store.left_servers
    if GUILD not in await left.since(before):
        return False
    while ids := await left.jobs(GUILD, most):
        assert await left.erase_jobs(GUILD, ids, before)
        await db_invariants.check_used(db.database)
    while await left.erase_some_sums(GUILD, before):
        await db_invariants.check_used(db.database)
        await db_invariants.check_granted(db.database)
    return await left.erase_rest(GUILD, before)


async def live(db: DbFixture, guild: int) -> list[Job]:
    """Let a server have something of everything."""
    done = await db.done(guild=guild)
    await db.store.favourites.add(guild, OTTO, done.id, db.now)
    await db.store.presets.save(guild, MIRA, Preset("boat", "words"), 25, db.now)
    await db.store.member_settings.change(guild, MIRA, {"motion": "high"})
    await db.store.accounts.grant(guild, MIRA, (), 5, f"grant {guild}", db.now)
    await db.store.accounts.set_allowance(guild, "member", OTTO, 9, db.now)
    await db.store.strikes.add(done, "2026-11-18")
    failed = await db.failed(guild=guild)
    child = await db.done(guild=guild, user=OTTO, parent_job_id=done.id, parent_slot=0)
    removed = await db.done(guild=guild)
    await db.store.removals.strike(guild, [removed.id], MIRA, "", db.now)
    await db.finish_shot((await db.queued_shots(2, guild=guild))[0])
    await db.share(done)
    return [done, failed, child, removed]


async def test_the_content_of_old_jobs_is_erased_and_their_sums_stay(db: DbFixture) -> None:
    frame = Frame("", "start", "a file")
    job = await db.claim(await db.receive())
    await db.charge(job, (Frame(job.id, "start", frame.media_file),))
    old = [await db.done(), await db.failed(), await db.done(user=OTTO)]
    before = await db.used(SERVER)
    db.now += 30 * DAY_MS + 2 * HOUR_MS
    young = await db.done()
    assert set(await erase_old(db)) == {one.id for one in old}
    for one in old:
        assert await db.store.jobs.get(one.id) is None
        assert (await db.get(one.id)).params.prompt == ""
        assert await db.store.clips.clips(one.id) == []
    assert await db.store.jobs.get(young.id) == young
    words = await db.database.fetch("select distinct job_id from job_word")
    assert {row["job_id"] for row in words} == {young.id, job.id}
    assert await db.used(SERVER) == before + 8
    await db_invariants.check_invariants(db.database, db.now + LEASE_MS)


async def test_a_job_in_hand_or_shown_again_stays(db: DbFixture) -> None:
    job = await db.done()
    db.now += 31 * DAY_MS
    before = db.now - 30 * DAY_MS
    found = await db.store.old_jobs.older(before, 9)
    for held in ("lease = 'one'", "due_ms = 1"):
        await db.db_write(f"update job set {held}")  # noqa: S608  # our own words
        assert await db.store.old_jobs.older(before, 9) == []
        assert await db.store.old_jobs.erase(found, before, db.now) == 0
        await db.db_write("update job set lease = null, due_ms = null")
    shown = await db.show_again(job)
    assert await db.store.old_jobs.erase(found, before, db.now) == 0
    assert await db.store.old_jobs.older(before, 9) == []
    assert (await db.get(shown.id)).params.prompt == "a paper boat"


async def test_what_was_paid_and_did_not_reach_its_member_stays_until_it_does_or_is_struck_off(db: DbFixture) -> None:
    unreached, doubtful, adopted = await db.done(), await db.failed(), await db.failed(user=OTTO)
    await db.db_write("update job set undelivered = 1 where id = $1", unreached.id)
    for job in (doubtful, adopted):
        await db.db_write(
            "update job set error_code = 'unknown_charge', remote_id = null, client_token = id where id = $1", job.id
        )
    db.now += 31 * DAY_MS
    assert await erase_old(db) == []
    assert await db.store.unconfirmed.give_up(doubtful.id, db.now)
    assert await db.store.undelivered.strike_off(unreached.id)
    assert set(await erase_old(db)) == {unreached.id, doubtful.id}
    assert [job.id for job in await db.store.unconfirmed.newest(GUILD)] == [adopted.id]


async def test_what_something_under_way_goes_on_from_stays_until_that_has_ended(db: DbFixture) -> None:
    parent, lender = await db.done(), await db.done()
    db.now += 31 * DAY_MS
    child = await db.queued(parent_job_id=parent.id, parent_slot=0)
    started = await db.claim(await db.receive(user=OTTO))
    started = await db.charge(started, (Frame(started.id, "start", f"{lender.id}/0.webp"),))
    before = db.now - 30 * DAY_MS
    assert await erase_old(db) == []
    # It is looked at once more in the transaction that erases them.
    assert await db.store.old_jobs.erase([parent, lender], before, db.now) == 0
    for job in (child, started):
        await db.store.jobs.fail_all(job, Cancelled(MIRA), db.now)
        await db.store.jobs.finish(await db.claim(await db.get(job.id)))
    assert set(await erase_old(db)) == {parent.id, lender.id}


async def test_shots_of_one_card_go_together(db: DbFixture) -> None:
    one, two = await db.queued_shots(2)
    await db.finish_shot(one)
    db.now += 31 * DAY_MS
    assert await erase_old(db) == []
    await db.finish_shot(two)
    db.now += 31 * DAY_MS
    await db.db_write("update job set undelivered = 1 where id = $1", two.id)
    assert await erase_old(db) == []
    await db.store.undelivered.strike_off(two.id)
    assert set(await erase_old(db)) == {one.id, two.id}


async def test_what_was_erased_for_its_age_loses_all_that_shows_it_when_its_member_is_forgotten(db: DbFixture) -> None:
    job = await db.done(message_id=70, dedupe_key=f"again:{MIRA}:x", roles=(7,))
    await db.share(job)
    one, two = [await db.finish_shot(shot) for shot in await db.queued_shots(2)]
    await db.db_write("update storyboard set film_message_id = 8")
    db.now += 31 * DAY_MS
    assert set(await erase_old(db)) == {job.id, one.id, two.id}
    erased = await db.get(job.id)
    assert (erased.dedupe_key, erased.roles) == (None, ())
    await db.store.forgettings.ask(GUILD, MIRA, db.now)
    [forgetting] = await db.store.forgettings.take(1, db.now, db.now + 1000)
    hashed = await db.store.forgettings.hashed(forgetting)
    while ids := await db.store.forgettings.to_remove(forgetting, 1):
        await db.store.removals.strike(GUILD, ids, hashed, "", db.now, logged=False)
    work = db.store.removal_work
    removals = {removal.job_id: removal for removal in await work.take(9, db.now, db.now + 1000)}
    assert {removal.by_user_id for removal in removals.values()} == {hashed}
    assert removals[job.id].card_id == 70
    assert 8 in [message.message_id for message in await work.messages(await db.get(one.id))]
    [share] = await db.store.shares.waiting(9)
    assert (share.job_id, share.taken_down) == (job.id, 1)


async def test_what_was_erased_for_its_age_is_removed_once_by_whoever_may(db: DbFixture) -> None:
    job = await db.done()
    assert await db.store.reports.add(job, OTTO, "spam", db.now)
    db.now += 31 * DAY_MS
    await erase_old(db)
    assert await db.store.jobs.get(job.id) is None
    assert await db.store.jobs.get_even_erased(job.id) == await db.get(job.id)
    assert await db.store.removals.of_member(GUILD, MIRA, 0, 5) == [job.id]
    assert await db.store.removals.count_of_member(GUILD, MIRA, 0) == 1
    removed = await asyncio.gather(
        *(db.store.removals.strike(GUILD, [job.id], moderator, "spam", db.now) for moderator in (77, 78))
    )
    assert sorted(len(one.jobs) for one in removed) == [0, 1]
    assert await db.store.jobs.get_even_erased(job.id) is None
    assert await db.store.removals.of_member(GUILD, MIRA, 0, 5) == []
    report = await db.store.reports.get(GUILD, job.id, OTTO)
    assert report is not None
    assert report.outcome is Outcome.REMOVED


async def test_a_server_is_gone_30_days_after_it_removed_the_bot_and_others_keep_all(db: DbFixture) -> None:
    await live(db, ELSEWHERE)
    theirs = {table: await _of(db, table, ELSEWHERE) for table in TABLES}
    jobs = await live(db, GUILD)
    await db.store.waiting.leave(GUILD, ServerLeft(), db.now)
    for row in await db.database.fetch("select id from job where guild_id = $1 and state = 'failing'", GUILD):
        await db.store.jobs.finish(await db.claim(await db.get(row["id"])))
    db.now += 30 * DAY_MS - HOUR_MS
    assert not await erase_server(db)
    db.now += 2 * HOUR_MS
    assert await erase_server(db)
    for table in TABLES:
        assert await _of(db, table, GUILD) == []
        assert await _of(db, table, ELSEWHERE) == theirs[table]
    assert not await db.database.fetch("select 1 from clip where job_id = $1", jobs[0].id)
    await db_invariants.check_used(db.database)


async def _of(db: DbFixture, table: str, guild: int) -> list[str]:
    rows = [dict(row) for row in await db.database.fetch(f"select * from {table}")]  # noqa: S608  # our own table names
    return sorted(repr(row) for row in rows if row.get("guild_id") == guild)


async def test_every_server_that_anything_is_kept_of_is_known_until_it_is_known_to_have_left(db: DbFixture) -> None:
    assert await db.store.left_servers.kept() == set()
    asked, chosen, kept, ruled, left = 3, 5, 8, 13, 21
    for guild in (asked, left):
        await db.done(guild=guild)
        await db.done(guild=guild, user=OTTO)
    await db.store.member_settings.change(chosen, MIRA, {"motion": "high"})
    await db.store.presets.save(kept, MIRA, Preset("boat", "words"), 25, db.now)
    await db.store.accounts.set_allowance(ruled, "member", OTTO, 9, db.now)
    await db.store.waiting.leave(left, ServerLeft(), db.now)
    assert await db.store.left_servers.kept() == {asked, chosen, kept, ruled}


async def test_a_server_that_is_back_in_time_finds_everything(db: DbFixture) -> None:
    await live(db, GUILD)
    before = {table: await _of(db, table, GUILD) for table in TABLES if table != "guild"}
    await db.store.waiting.leave(GUILD, ServerLeft(), db.now)
    ended = {table: await _of(db, table, GUILD) for table in TABLES if table != "guild"}
    db.now += 31 * DAY_MS
    await db.store.waiting.join(GUILD)
    assert not await erase_server(db)
    assert {table: await _of(db, table, GUILD) for table in TABLES if table != "guild"} == ended
    assert before["account"]


async def test_a_server_that_is_back_in_the_middle_keeps_what_is_left_and_its_books_are_exact(db: DbFixture) -> None:
    jobs = await live(db, GUILD)
    await db.store.waiting.leave(GUILD, ServerLeft(), db.now)
    db.now += 31 * DAY_MS
    before, left = db.now - 30 * DAY_MS, db.store.left_servers
    assert await left.erase_jobs(GUILD, [jobs[0].id], before)
    assert await left.erase_some_sums(GUILD, before)
    await db.store.waiting.join(GUILD)
    assert not await left.erase_jobs(GUILD, [jobs[1].id], before)
    assert not await left.erase_some_sums(GUILD, before)
    assert not await left.erase_rest(GUILD, before)
    assert (await db.get(jobs[2].id)).parent_job_id is None
    await db_invariants.check_used(db.database)
    await db_invariants.check_granted(db.database)


@pytest.mark.parametrize("state", [State.RUNNING, State.READY])
async def test_a_server_whose_jobs_are_not_at_an_end_is_not_forgotten_before(db: DbFixture, state: State) -> None:
    await db.in_state(state)
    await db.store.waiting.leave(GUILD, ServerLeft(), db.now)
    db.now += 31 * DAY_MS
    assert not await erase_server(db)
    assert await db.store.left_servers.since(db.now - 30 * DAY_MS) == [GUILD]
