"""The outbox of mod logs: each event is taken once, by one of all who look, and what is told once stays known."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.db import lock_names
from bot.db.mod_log import AT_ONCE, end_causes
from bot.db.store import Store
from bot.domain.clock import FARTHEST_MS
from bot.domain.job import Job
from bot.domain.log_turns import EVENTS, LOOK_AGAIN_MS, OWNER_GATHER_MS, PACE_MS, Batch
from bot.domain.mod_log import GATHER_MS, EventKind
from bot.domain.periods import Period
from bot.domain.reports import Outcome
from bot.errors import BannedWords, ForbiddenWords, ServerLeft, ServerOutOfCredits
from tests.support.db_engines import Engine
from tests.support.db_fixture import DEFAULTS, GUILD, MIRA, OTTO, DbFixture

LOG, OTHER_LOG, ADA = 70, 71, 10


async def name_log(db: DbFixture, channel_id: int | None = LOG, guild: int = GUILD) -> None:
    async with db.database.transaction() as tx:
        await tx.fetch(
            """insert into guild (guild_id, mod_log_channel_id, updated_ms) values ($1, $2, 0)
               on conflict (guild_id) do update set mod_log_channel_id = excluded.mod_log_channel_id""",
            guild,
            channel_id,
        )


async def remove(db: DbFixture, job: str = "job1", guild: int = GUILD, **fields: Any) -> None:
    data = {"by": ADA, "jobs": [job], "member": MIRA, "reason": None}
    db.now += 1  # in the same millisecond nobody knows which came first
    await db.store.mod_log.add(guild, EventKind.REMOVED, data, db.now, **fields)


async def take(db: DbFixture, after_ms: int = GATHER_MS, *, told: bool = True) -> list[Batch]:
    """Take what is due after a while, and let it arrive."""
    db.now += after_ms
    taken = await db.store.mod_log.take(db.now)
    for batch in taken if told else ():
        await db.store.mod_log.told(batch)
    return taken


def jobs_in(batches: list[Batch]) -> list[str]:
    return [event.data["jobs"][0] for batch in batches for event in batch.events]


async def left(db: DbFixture) -> list[tuple[str, int | None]]:
    rows = await db.database.fetch("select once_key, due_ms from log_event order by id")
    return [(row["once_key"], row["due_ms"]) for row in rows]


async def report(db: DbFixture, by: int = OTTO, reason: str = "not nice") -> Job:
    db.now += 1
    job = await db.receive(message_id=90)
    assert await db.store.reports.add(job, by, reason, db.now)
    return job


async def test_who_forgets_what_was_told_waits_for_who_takes_events_of_several_servers(db: DbFixture) -> None:
    for guild in (GUILD, GUILD + 1):
        await remove(db, guild=guild, once_key="down ttapi")

    async def forget() -> None:
        async with db.database.transaction() as tx:
            await end_causes(tx, ["down ttapi", "account ttapi auth"])

    async with db.database.transaction() as tx:
        await tx.lock(lock_names.MOD_LOG)
        await tx.fetch("update log_event set due_ms = 1 where guild_id = $1", GUILD + 1)
        forgetting = asyncio.create_task(forget())
        await asyncio.sleep(0.2)
        await tx.fetch("update log_event set due_ms = 1 where guild_id = $1", GUILD)
    await forgetting
    assert await left(db) == []


async def test_events_wait_a_moment_for_each_other_and_are_taken_once_together(db: DbFixture) -> None:
    await name_log(db)
    await remove(db, "job1")
    await remove(db, "job2")
    assert await db.store.mod_log.take(db.now) == []
    [batch] = await take(db)
    assert (batch.guild_id, batch.channel_id, jobs_in([batch])) == (GUILD, LOG, ["job1", "job2"])
    assert await take(db, PACE_MS) == []
    assert await left(db) == []


async def test_a_look_tells_when_a_log_is_due(db: DbFixture) -> None:
    assert not (await db.store.leases.look(db.now)).log_due
    await remove(db)
    outlook = await db.store.leases.look(db.now)
    assert (outlook.log_due, outlook.next_due_ms) == (False, db.now + GATHER_MS)
    assert (await db.store.leases.look(db.now + GATHER_MS)).log_due
    assert (await db.store.leases.look(db.now - FARTHEST_MS)).log_due


async def test_a_stream_of_events_becomes_few_messages_some_seconds_apart(db: DbFixture) -> None:
    await name_log(db)
    for number in range(EVENTS * 2 + 1):
        await remove(db, f"job{number}")
    sizes = [len(batch.events) for batch in await take(db)]
    assert await take(db, 1) == []
    sizes += [len(batch.events) for _ in range(3) for batch in await take(db, PACE_MS)]
    assert sizes == [EVENTS, EVENTS, 1]


async def test_no_two_processes_take_the_same(engine: Engine) -> None:
    async with engine.open_store() as one, engine.open_store() as other:
        for guild in range(1, 4 * AT_ONCE):
            await name_log(one, guild=guild)
            await remove(one, f"job{guild}", guild)
        stores: list[Store] = [one.store, other.store] * 6
        taken = await asyncio.gather(*(store.mod_log.take(one.now + GATHER_MS) for store in stores))
        told = [job for batches in taken for job in jobs_in(batches)]
        assert sorted(told) == sorted(f"job{guild}" for guild in range(1, 4 * AT_ONCE))


async def test_what_is_told_once_is_not_told_again_before_its_cause_is_over(db: DbFixture) -> None:
    await name_log(db)
    for _ in range(2):
        await db.store.provider_health.block_account("ttapi", "auth", db.now, guild_id=GUILD, now_ms=db.now)
    [batch] = await take(db)
    assert [event.data for event in batch.events] == [{"provider": "ttapi", "error": "auth"}]
    await db.store.provider_health.block_account("ttapi", "auth", db.now + 1, guild_id=GUILD, now_ms=db.now)
    assert await take(db, PACE_MS) == []
    await db.store.provider_health.record_success("ttapi", accepted=True)
    await db.store.provider_health.block_account("ttapi", "auth", db.now, guild_id=GUILD, now_ms=db.now)
    assert len(await take(db, PACE_MS)) == 1


async def test_an_outage_is_told_where_it_is_met_and_where_jobs_wait_for_it(db: DbFixture) -> None:
    await db.queued(guild=2)
    for guild in (1, 2, 3):
        await name_log(db, guild=guild)
    for _ in range(5):
        await db.store.provider_health.record_failure("ttapi", db.now, 1)
    assert sorted(batch.guild_id for batch in await take(db)) == [1, 2]
    await db.store.provider_health.record_success("ttapi")
    assert await left(db) == []


async def test_an_owner_is_told_where_no_channel_is_named(db: DbFixture) -> None:
    await remove(db)
    assert await take(db) == []
    [batch] = await take(db, OWNER_GATHER_MS)
    assert (batch.channel_id, jobs_in([batch])) == (None, ["job1"])
    await remove(db, "job2")
    assert await take(db, OWNER_GATHER_MS + GATHER_MS) == []
    assert jobs_in(await take(db, 24 * 3_600_000)) == ["job2"]


async def test_an_owner_is_told_at_once_of_an_empty_account_and_later_of_the_rest(db: DbFixture) -> None:
    await remove(db)
    health = db.store.provider_health
    await health.block_account("ttapi", "insufficient_balance", db.now, guild_id=GUILD, now_ms=db.now)
    [batch] = await take(db)
    assert (batch.channel_id, batch.is_urgent, len(batch.events)) == (None, True, 1)
    [rest] = await take(db, OWNER_GATHER_MS)
    assert jobs_in([rest]) == ["job1"]


async def test_what_a_lost_channel_did_not_take_goes_to_the_owner_and_the_channel_is_tried_again(db: DbFixture) -> None:
    await name_log(db)
    await remove(db)
    [batch] = await take(db, told=False)
    await db.store.mod_log.return_to_owner(batch, db.now)
    assert await take(db, PACE_MS) == []
    await remove(db, "job2")
    [again] = await take(db, LOOK_AGAIN_MS, told=False)
    assert (again.channel_id, jobs_in([again])) == (LOG, ["job1", "job2"])
    await db.store.mod_log.return_to_owner(again, db.now)
    [to_owner] = await take(db, PACE_MS)
    assert (to_owner.channel_id, to_owner.lost_channel_id, len(to_owner.events)) == (None, LOG, 2)


async def test_another_channel_than_the_lost_one_is_written_to_at_once(db: DbFixture) -> None:
    await name_log(db)
    await remove(db)
    [batch] = await take(db, told=False)
    await db.store.mod_log.return_to_owner(batch, db.now)
    await name_log(db, OTHER_LOG)
    [again] = await take(db, PACE_MS)
    assert again.channel_id == OTHER_LOG


async def test_a_server_that_removed_the_bot_is_told_nothing(db: DbFixture) -> None:
    await name_log(db)
    await remove(db)
    await db.store.waiting.leave(GUILD, ServerLeft(), db.now)
    assert await take(db) == []
    assert await left(db) == []


async def test_a_report_is_written_down_once_for_each_member_and_job(db: DbFixture) -> None:
    job = await report(db, OTTO)
    assert not await db.store.reports.add(job, OTTO, "again", db.now)
    assert await db.store.reports.add(job, ADA, "mine too", db.now)
    assert len(await left(db)) == 2


async def test_a_message_with_reports_is_drawn_from_its_rows(db: DbFixture) -> None:
    await name_log(db)
    first = await report(db, reason="one")
    second = await report(db, reason="two")
    [batch] = await take(db)
    found = await db.store.reports.in_message(batch.id)
    assert [(one.job_id, one.reason, one.member_id, one.message_id) for one in found] == [
        (first.id, "one", MIRA, 90),
        (second.id, "two", MIRA, 90),
    ]


async def test_a_report_is_settled_once_and_a_removal_settles_all_of_its_job(db: DbFixture) -> None:
    job = await report(db, OTTO)
    await db.store.reports.add(job, ADA, "mine too", db.now)
    found = await db.store.reports.get(GUILD, job.id, OTTO)
    other = await db.store.reports.get(GUILD, job.id, ADA)
    assert found is not None
    assert other is not None
    assert await db.store.reports.settle(found, Outcome.REMOVED, by=1)
    assert not await db.store.reports.settle(found, Outcome.DISMISSED, by=2)
    assert not await db.store.reports.settle(other, Outcome.BLOCKED, by=2)
    settled = await db.store.reports.get(GUILD, job.id, ADA)
    assert settled is not None
    assert (settled.outcome, settled.handled_by) == (Outcome.REMOVED, 1)


async def test_another_servers_report_is_not_found(db: DbFixture) -> None:
    job = await report(db)
    assert await db.store.reports.get(GUILD + 1, job.id, OTTO) is None


async def test_what_was_told_long_ago_is_forgotten_and_what_waits_is_not(db: DbFixture) -> None:
    await remove(db, once_key="a cause")
    await db.store.mod_log.forget_old(db.now + 1)
    assert len(await left(db)) == 1
    await name_log(db)
    await take(db)
    await db.store.mod_log.forget_old(db.now)
    assert await left(db) == []


async def test_a_request_that_is_too_much_for_what_is_left_does_not_use_it_up(engine: Engine) -> None:
    async with engine.open_store(defaults=replace(DEFAULTS, server_credits=100)) as db:
        await name_log(db)
        told: list[list[Any]] = []
        for cost in (50, 60, 50):
            job = await db.claim(await db.receive())
            try:
                await db.store.jobs.charge(job, cost, [], db.now)
            except ServerOutOfCredits as error:
                await db.store.jobs.fail(job, error, db.now)
            told.append([event.data["percent"] for batch in await take(db, PACE_MS) for event in batch.events])
        assert told == [[], [], [100]]


async def test_strikes_are_told_as_far_as_they_happened_in_this_server_and_this_is_one(db: DbFixture) -> None:
    await name_log(db)
    told: list[int] = []
    for guild, reason in (
        (GUILD + 1, BannedWords(("one",), "TTAPI")),
        (GUILD, ForbiddenWords(("two",))),
        (GUILD, BannedWords(("one",), "TTAPI")),
        (GUILD, ForbiddenWords(("two",))),
        (GUILD, BannedWords(("one",), "TTAPI")),
    ):
        job = await db.claim(await db.receive(guild=guild))
        if isinstance(reason, BannedWords):
            await db.store.strikes.add(job, Period.DAY.key(db.now))
        await db.store.jobs.fail(job, reason, db.now)
        batches = [batch for batch in await take(db, PACE_MS) if batch.guild_id == GUILD]
        told += [event.data["strikes"] for batch in batches for event in batch.events]
    assert told == [0, 1, 0, 2]


async def test_a_servers_low_credits_are_told_at_80_and_100_per_cent_once_a_period(engine: Engine) -> None:
    async with engine.open_store(defaults=replace(DEFAULTS, server_credits=100)) as db:
        await name_log(db)
        told: list[Any] = []
        for cost in (40, 36, 8, 8, 8):
            job = await db.claim(await db.receive())
            await db.store.jobs.charge(job, cost, [], db.now)
            told += [event.data["percent"] for batch in await take(db, PACE_MS) for event in batch.events]
        refused = await db.claim(await db.receive())
        with pytest.raises(ServerOutOfCredits) as refusal:
            await db.store.jobs.charge(refused, 8, [], db.now)
        await db.store.jobs.fail(refused, refusal.value, db.now)
        assert told == [80, 100]
        assert await take(db, PACE_MS) == []


async def test_the_80_per_cent_of_a_limit_that_was_lowered_are_told_once(db: DbFixture) -> None:
    await name_log(db)
    told: list[Any] = []
    for limit, cost in ((100, 50), (60, 0), (60, 1), (60, 1)):
        await db.store.guild_settings.change(
            GUILD, lambda before, limit=limit: replace(before, server_credits=limit), db.now
        )
        job = await db.claim(await db.receive())
        await db.store.jobs.charge(job, cost, [], db.now)
        told += [event.data for batch in await take(db, PACE_MS) for event in batch.events]
    assert [(event["percent"], event["limit"], event["used"]) for event in told] == [(80, 60, 50)]
