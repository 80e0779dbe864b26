"""What a moderator's block does: whom it keeps from what, until when, and what becomes of what waits."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.domain.blocks import Block, MemberBlock, Source
from bot.domain.job import Job, Kind, State
from bot.errors import Blocked, Cancelled, GrantToBlocked, LostLease
from tests.support.db_fixture import DAY_MS, GUILD, MIRA, OTTO, PAINTERS, DbFixture

ADA = 10


async def block(db: DbFixture, until_ms: int | None = None, user: int = MIRA, reason: str = "spam") -> list[Job]:
    put = await db.store.member_blocks.put(GUILD, MemberBlock(user, until_ms, reason, ADA, db.now), db.now)
    return put.ended


async def lift(db: DbFixture) -> MemberBlock | None:
    return await db.store.member_blocks.lift(GUILD, MIRA, by=OTTO, wall_ms=db.now, now_ms=db.now)


async def logged(db: DbFixture) -> list[str]:
    return [row["kind"] for row in await db.database.fetch("select kind from log_event order by id")]


async def found(db: DbFixture, *roles: int, guild: int = GUILD) -> Block | None:
    return await db.store.blocks.find(guild, MIRA, roles, db.now)


async def test_a_block_tells_who_why_and_until_when_and_ends_by_itself(db: DbFixture) -> None:
    assert await found(db, PAINTERS) is None
    await block(db, db.now + DAY_MS)
    assert await found(db, PAINTERS) == Block(Source.MODERATOR, db.now + DAY_MS, "spam")
    db.now += DAY_MS - 1
    assert await found(db) is not None
    db.now += 1
    assert await found(db) is None


async def test_a_block_without_an_end_lasts(db: DbFixture) -> None:
    await block(db)
    db.now += 3650 * DAY_MS
    assert await found(db) == Block(Source.MODERATOR, None, "spam")


async def test_a_block_counts_in_its_server_and_for_its_member_alone(db: DbFixture) -> None:
    await block(db, user=OTTO)
    assert await found(db) is None
    await block(db)
    assert await found(db, guild=2) is None


async def test_a_new_block_takes_the_place_of_the_one_before(db: DbFixture) -> None:
    await block(db, db.now + DAY_MS)
    await block(db, db.now + 1, reason="")
    assert await found(db) == Block(Source.MODERATOR, db.now + 1, "")
    assert len(await db.store.member_blocks.of_server(GUILD, db.now, 9)) == 1


async def test_a_new_block_tells_which_it_took_the_place_of_while_that_lasted(db: DbFixture) -> None:
    blocks = [MemberBlock(MIRA, until, "spam", ADA, db.now) for until in (None, db.now + 1, db.now + DAY_MS)]
    blocks[-1] = replace(blocks[-1], at_ms=db.now + 1)
    befores = [(await db.store.member_blocks.put(GUILD, block, db.now)).before for block in blocks]
    assert befores == [None, blocks[0], None]


async def test_a_block_outranks_every_grant_and_allowance(db: DbFixture) -> None:
    await db.store.accounts.grant(GUILD, MIRA, (), 40, "before", db.now)
    await db.store.accounts.set_allowance(GUILD, "member", MIRA, 500, db.now)
    await block(db)
    assert await found(db) is not None
    with pytest.raises(GrantToBlocked) as refusal:
        await db.store.accounts.grant(GUILD, MIRA, (), 40, "after", db.now)
    assert refusal.value.source == Source.MODERATOR


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.SEED])
async def test_the_blocked_are_charged_for_nothing_not_even_what_costs_nothing(db: DbFixture, kind: Kind) -> None:
    job = await db.claim(await db.receive(kind=kind))
    await db.db_write("insert into block values ($1, $2, null, 'spam', 10, 0)", GUILD, MIRA)
    before = await db.everything()
    assert (await db.store.accounts.standing(job, db.now)).block == Block(Source.MODERATOR, None, "spam")
    with pytest.raises(Blocked) as refusal:
        await db.charge(job)
    assert (refusal.value.source, refusal.value.reason) == (Source.MODERATOR, "spam")
    assert await db.everything() == before


async def test_what_waits_is_cancelled_and_refunded_with_the_block_and_nothing_else_is(db: DbFixture) -> None:
    received, queued, running = await db.receive(), await db.queued(), await db.running()
    others, elsewhere = await db.queued(user=OTTO), await db.queued(guild=2)
    untouched = [await db.get(job.id) for job in (running, others, elsewhere)]
    ended = await block(db, db.now + DAY_MS)
    assert {job.id for job in ended} == {received.id, queued.id}
    for job in (received, queued):
        now = await db.get(job.id)
        assert (now.state, now.error_code, now.error_data) == (State.FAILING, Cancelled.code, {"by": ADA})
    assert await db.ledger(queued) == [("reserve", 8), ("refund", -8)]
    assert [await db.get(job.id) for job in untouched] == untouched
    assert await block(db) == []


async def test_every_waiting_shot_of_a_storyboard_is_refunded(db: DbFixture) -> None:
    shots = await db.queued_shots(3)
    assert {job.id for job in await block(db)} == {shot.id for shot in shots}
    assert await db.used() == 0


async def test_a_request_in_hand_when_its_member_is_blocked_is_lost_to_whoever_has_it(db: DbFixture) -> None:
    job = await db.claim(await db.receive())
    await block(db)
    with pytest.raises(LostLease):
        await db.charge(job)
    assert await db.used() == 0


async def test_a_charge_and_a_block_at_once_leave_nothing_waiting(db: DbFixture) -> None:
    jobs = [await db.claim(await db.receive()) for _ in range(3)]

    async def charge(job: Job) -> None:
        with suppress(LostLease, Blocked):
            await db.charge(job)

    await asyncio.gather(*map(charge, jobs), block(db))
    states = {(await db.get(job.id)).state for job in jobs}
    assert (states, await db.used()) == ({State.FAILING}, 0)


async def test_lifting_gives_what_was_in_force(db: DbFixture) -> None:
    assert await lift(db) is None
    await block(db, db.now + DAY_MS)
    db.now += 1
    lifted = await lift(db)
    assert lifted == MemberBlock(MIRA, db.now - 1 + DAY_MS, "spam", ADA, db.now - 1)
    assert await found(db) is None
    db.now += 1
    await block(db, db.now + 1)
    db.now += 1
    assert await lift(db) is None
    assert await logged(db) == ["blocked", "unblocked", "blocked"]


async def test_the_mod_log_hears_who_blocked_whom_why_and_until_when(db: DbFixture) -> None:
    await block(db, db.now + DAY_MS)
    db.now += 1
    await block(db, reason="")
    rows = await db.database.fetch("select data from log_event where guild_id = $1 order by id", GUILD)
    told = [json.loads(row["data"]) for row in rows]
    first = {"by": ADA, "until_ms": db.now - 1 + DAY_MS, "reason": "spam"}
    assert told == [
        {**first, "member": MIRA},
        {"by": ADA, "member": MIRA, "until_ms": None, "reason": None, "before": first},
    ]


async def test_who_is_blocked_by_both_has_no_end_in_sight_and_stays_blocked_when_one_is_lifted(db: DbFixture) -> None:
    await db.store.accounts.set_allowance(GUILD, "member", MIRA, 0, db.now)
    await block(db, db.now + DAY_MS)
    assert await found(db) == Block(Source.MODERATOR, None, "spam")
    await lift(db)
    assert await found(db) == Block(Source.MEMBER)


async def test_a_list_holds_the_blocks_in_force_the_newest_first(db: DbFixture) -> None:
    for number, until in enumerate((None, db.now + DAY_MS, db.now + 1)):
        await block(db, until, user=100 + number)
        db.now += 1
    listed = await db.store.member_blocks.of_server(GUILD, db.now, 9)
    assert [one.user_id for one in listed] == [101, 100]
    assert [one.user_id for one in await db.store.member_blocks.of_server(GUILD, db.now, 1)] == [101]
    assert await db.store.member_blocks.of_server(2, db.now, 9) == []


async def test_a_block_that_is_over_is_forgotten_and_others_stay(db: DbFixture) -> None:
    await block(db, db.now + 1000)
    await block(db, db.now + DAY_MS, user=OTTO)
    await block(db, user=ADA)
    await db.store.member_blocks.forget_ended(db.now + 1000)
    assert len(await db.database.fetch("select 1 from block")) == 3
    await db.store.member_blocks.forget_ended(db.now + 1001)
    rows = await db.database.fetch("select user_id from block order by user_id")
    assert [row["user_id"] for row in rows] == [ADA, OTTO]
