"""Pings: written with a job's end, taken once, failures of one member in one channel together."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bot.db import lock_names
from bot.db.store import Store
from bot.domain.clock import FARTHEST_MS
from bot.domain.job import Job, Kind
from bot.domain.pings import SHARED_MS, WAITED_MS, EndedBoard, EndedJob, Notify, Ping
from bot.errors import LostLease
from tests.support.db_engines import Engine
from tests.support.db_fixture import DEFAULTS, GUILD, MIRA, OTTO, DbFixture


async def end(db: DbFixture, held: Job) -> Job:
    """End a job in hand more than 30 seconds after its command."""
    db.now = max(db.now, held.created_ms + WAITED_MS + 1)
    ended = await db.store.jobs.finish_shown(held, db.now)
    assert ended is not None
    return ended


async def done(db: DbFixture, **fields: Any) -> Job:
    return await end(db, await db.claim(await db.ready(**fields)))


async def failed(db: DbFixture, **fields: Any) -> Job:
    return await end(db, await db.claim(await db.failing(**fields)))


async def made(db: DbFixture, shot: Job) -> Job:
    """Let a shot that waits be made; its card is still to tell so."""
    (submitting,) = await db.admit(shot)
    return await db.claim(await db.succeed(await db.claim(await db.accept(submitting))))


async def end_badly(db: DbFixture, shots: Sequence[Job]) -> None:
    """Let a shot that waits fail, and those end that wait for it."""
    await db.fail(*await db.admit(shots[0]))
    for shot in shots:
        await end(db, await db.claim(await db.get(shot.id)))


async def joined(db: DbFixture, shot: Job) -> None:
    """Give a storyboard the film that ends with a shot."""
    storyboard = await db.store.storyboards.get(shot.storyboard_id or "")
    assert storyboard is not None
    await db.store.storyboards.set_film(storyboard, shot.id, "a film", parts=2, seconds=10, size=1)


async def test_a_result_is_told_once_with_what_a_message_says_of_it(db: DbFixture) -> None:
    job = await done(db, clips=2, message_id=70)
    assert await db.store.pings.take(db.now) == [
        Ping(
            GUILD,
            5,
            MIRA,
            Notify.REPLY,
            (EndedJob(job.id, Kind.VIDEO, 70, 2, failed=False, shown=True),),
        )
    ]
    assert await db.store.pings.take(db.now) == []


async def test_what_ends_within_30_seconds_is_no_news(db: DbFixture) -> None:
    held = await db.claim(await db.ready())
    await db.store.jobs.finish_shown(held, held.created_ms + WAITED_MS)
    assert await db.store.pings.take(db.now + FARTHEST_MS // 2) == []


async def test_who_asked_is_told_at_once_of_what_no_card_shows_whatever_they_chose(db: DbFixture) -> None:
    await db.store.member_settings.change(GUILD, MIRA, {"notify": "none"})
    ready = await db.ready(message_id=70)
    await db.store.history.clear_card(ready.id)
    held = await db.claim(ready)
    await db.store.jobs.finish_shown(held, held.created_ms + 1)
    [ping] = await db.store.pings.take(db.now + 1)
    [ended] = ping.jobs
    assert (ping.notify, ended.unseen, ended.failed, ended.message_id) == (Notify.REPLY, True, False, None)


async def test_a_failure_that_no_card_shows_is_told_by_itself_with_its_reason(db: DbFixture) -> None:
    for message_id in (70, 71):
        failing = await db.failing(message_id=message_id)
        await db.store.history.clear_card(failing.id)
        await end(db, await db.claim(failing))
    pings = await db.store.pings.take(db.now)
    assert [len(ping.jobs) for ping in pings] == [1, 1]
    [ended] = pings[0].jobs
    data = {"reason": "upstream", "provider": "TTAPI", "final": True}
    assert (ended.unseen, ended.failed) == (True, True)
    assert ended.why == {"code": "job_failed", "data": data, "returned": 8}


async def test_what_is_shown_again_and_deleted_then_is_told_to_nobody(db: DbFixture) -> None:
    again = await db.show_again(await done(db, message_id=70))
    await db.store.pings.take(db.now)
    await db.store.history.clear_card(again.id)
    await end(db, await db.claim(again))
    assert await db.store.pings.take(db.now + FARTHEST_MS // 2) == []


async def test_a_job_that_is_shown_again_tells_nobody(db: DbFixture) -> None:
    job = await done(db)
    assert len(await db.store.pings.take(db.now)) == 1
    await end(db, await db.claim(await db.show_again(job)))
    assert await db.store.pings.take(db.now) == []


async def test_a_card_that_is_hidden_tells_nobody_again(db: DbFixture) -> None:
    job = await done(db)
    assert len(await db.store.pings.take(db.now)) == 1
    hidden = await db.store.history.set_spoiler(job.id, 1, db.now)
    assert hidden is not None
    await end(db, await db.claim(hidden))
    assert await db.store.pings.take(db.now) == []


async def test_a_card_that_is_looked_at_once_more_and_hidden_then_still_tells_its_end(db: DbFixture) -> None:
    job = await db.ready()
    hidden = await db.store.history.set_spoiler(job.id, 1, db.now)
    assert hidden is not None
    await end(db, await db.claim(hidden))
    assert len(await db.store.pings.take(db.now)) == 1


async def test_a_result_that_reaches_its_card_later_was_told_already(db: DbFixture) -> None:
    held = await db.claim(await db.ready())
    db.now = held.created_ms + WAITED_MS + 1
    job = await db.store.jobs.finish_shown(held, db.now, undeliverable=True)
    assert job is not None
    assert len(await db.store.pings.take(db.now)) == 1
    assert await db.store.undelivered.deliver_again(job.channel_id, db.now) == 1
    await end(db, await db.claim(await db.get(job.id)))
    assert await db.store.pings.take(db.now) == []


async def test_the_shots_of_a_storyboard_are_told_together_when_the_last_one_ends(db: DbFixture) -> None:
    shots = await db.queued_shots(2)
    for shot in shots:
        assert await db.store.pings.take(db.now) == []
        if shot is shots[-1]:
            await joined(db, shot)
        await end(db, await made(db, shot))
    [ping] = await db.store.pings.take(db.now)
    [told] = ping.jobs
    assert (told.clips, told.failed, told.board) == (2, False, EndedBoard(2, 2, joined=True))
    hidden = await db.store.history.set_spoiler(shots[0].id, 1, db.now)
    assert hidden is not None
    await end(db, await db.claim(hidden))
    assert await db.store.pings.take(db.now) == []


async def test_shots_that_were_made_before_one_failed_are_told_at_once_and_as_made(db: DbFixture) -> None:
    shots = await db.queued_shots(4)
    for shot in shots[:2]:
        await end(db, await made(db, shot))
    await end_badly(db, shots[2:])
    [ping] = await db.store.pings.take(db.now)
    [told] = ping.jobs
    assert (told.failed, told.board) == (False, EndedBoard(4, 2, joined=False))


async def test_a_storyboard_of_which_nothing_was_made_failed(db: DbFixture) -> None:
    await end_badly(db, await db.queued_shots(2))
    assert await db.store.pings.take(db.now) == []
    [ping] = await db.store.pings.take(db.now + SHARED_MS)
    [told] = ping.jobs
    assert (told.failed, told.board) == (True, EndedBoard(2, 0, joined=False))


async def test_failures_of_a_member_in_a_channel_wait_20_seconds_for_each_other_and_share_a_message(
    db: DbFixture,
) -> None:
    first = await failed(db)
    begun = db.now
    db.now += SHARED_MS - 1
    second = await failed(db, created_ms=begun - WAITED_MS)
    assert db.now == begun + SHARED_MS - 1
    # What fails at the same time elsewhere, or of somebody else, has messages of its own.
    elsewhere, somebody = await failed(db, channel_id=6), await failed(db, user=OTTO)
    assert await db.store.pings.take(begun + SHARED_MS - 1) == []
    [ping] = await db.store.pings.take(begun + SHARED_MS)
    assert [job.job_id for job in ping.jobs] == [first.id, second.id]
    assert all(job.failed for job in ping.jobs)
    later = await db.store.pings.take(db.now + SHARED_MS)
    assert [[job.job_id for job in ping.jobs] for ping in later] == [[elsewhere.id], [somebody.id]]


async def test_what_was_made_shares_no_message(db: DbFixture) -> None:
    jobs = [await done(db), await done(db), await failed(db)]
    taken = await db.store.pings.take(db.now)
    assert [[job.job_id for job in ping.jobs] for ping in taken] == [[job.id] for job in jobs[:2]]


async def test_each_member_is_told_as_they_chose(db: DbFixture) -> None:
    await db.store.member_settings.change(GUILD, MIRA, {"notify": "direct"})
    await done(db)
    [ping] = await db.store.pings.take(db.now)
    assert ping.notify is Notify.DIRECT


async def test_who_chose_to_hear_nothing_costs_nothing(db: DbFixture) -> None:
    await db.store.member_settings.change(GUILD, MIRA, {"notify": "none"})
    await done(db)
    assert (await db.everything())["ping"] == []


async def test_a_result_that_could_not_be_shown_is_told_as_such(db: DbFixture) -> None:
    held = await db.claim(await db.ready())
    db.now = held.created_ms + WAITED_MS + 1
    await db.store.jobs.finish_shown(held, db.now, undeliverable=True)
    [ping] = await db.store.pings.take(db.now)
    assert not ping.jobs[0].shown


async def test_a_job_that_was_given_up_and_comes_after_all_is_told_as_it_is_now(db: DbFixture) -> None:
    job = await failed(db)
    accepted = await db.store.jobs.mark_running(job.client_token or "", "remote 9", db.now)
    assert accepted is not None
    await end(db, await db.claim(await db.succeed(await db.claim(accepted))))
    [ping] = await db.store.pings.take(db.now)
    assert (ping.jobs[0].job_id, ping.jobs[0].failed) == (job.id, False)


async def test_one_that_is_due_farther_ahead_than_any_can_be_is_due_now(db: DbFixture) -> None:
    await done(db)
    await db.db_write("update ping set due_ms = $1", db.now + FARTHEST_MS + 1)
    assert len(await db.store.pings.take(db.now)) == 1


async def test_who_looks_for_work_sees_the_pings_too(db: DbFixture) -> None:
    assert not (await db.store.leases.look(db.now)).pings_due
    await failed(db)
    waiting = await db.store.leases.look(db.now)
    assert (waiting.pings_due, waiting.next_due_ms) == (False, db.now + SHARED_MS)
    assert (await db.store.leases.look(db.now + SHARED_MS)).pings_due


async def test_of_several_processes_one_takes_a_ping(engine: Engine) -> None:
    async with engine.open_store() as one, engine.open_store() as other:
        for _ in range(8):
            await done(one)
        for _ in range(4):
            await failed(one)
        now = one.now + SHARED_MS

        async def take_all(store: Store) -> list[Ping]:
            found: list[Ping] = []
            while taken := await store.pings.take(now):
                found += taken
            return found

        stores = [Store(db.database, DEFAULTS) for db in (one, other, one, other)]
        taken = [ping for each in await asyncio.gather(*map(take_all, stores)) for ping in each]
    jobs = [job.job_id for ping in taken for job in ping.jobs]
    assert len(jobs) == len(set(jobs)) == 12
    assert len(taken) == 9


async def test_who_takes_pings_waits_for_who_takes_them_already(db: DbFixture) -> None:
    await done(db)
    async with db.database.transaction() as tx:
        await tx.lock(lock_names.PINGS)
        taking = asyncio.create_task(db.store.pings.take(db.now))
        await asyncio.wait({taking}, timeout=0.2)
        assert not taking.done()
    assert len(await taking) == 1


async def test_an_end_that_was_written_already_writes_no_second_ping(db: DbFixture) -> None:
    held = await db.claim(await db.ready())
    await end(db, held)
    with pytest.raises(LostLease):
        await db.store.jobs.finish_shown(held, db.now)
    assert len((await db.everything())["ping"]) == 1
