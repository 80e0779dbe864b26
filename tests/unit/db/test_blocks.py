"""An allowance of 0 blocks: whom, whatever was granted, and what becomes of what waits."""

import pytest

from bot.domain.blocks import Block, Source
from bot.domain.job import Job, Kind, State
from bot.errors import Blocked, Cancelled, LostLease
from tests.support.db_fixture import DAY_MS, GUILD, MIRA, OTTO, PAINTERS, SAILORS, DbFixture

ADA = 10


async def allow(db: DbFixture, subject: str, subject_id: int, credits: int) -> list[Job]:
    return await db.store.accounts.set_allowance(GUILD, subject, subject_id, credits, db.now, ADA)


async def grant(db: DbFixture, *roles: int) -> None:
    await db.store.accounts.grant(GUILD, MIRA, roles, 40, "grant", db.now)


async def block(db: DbFixture, *roles: int) -> Block | None:
    return await db.store.blocks.find(GUILD, MIRA, roles, db.now)


async def test_an_own_allowance_of_zero_blocks_whatever_was_granted(db: DbFixture) -> None:
    await grant(db)
    assert await block(db) is None
    await allow(db, "member", MIRA, 0)
    assert await block(db, PAINTERS) == Block(Source.MEMBER)
    await db.store.accounts.clear_allowance(GUILD, "member", MIRA)
    assert await block(db) is None


async def test_a_role_of_zero_blocks_until_something_is_granted_or_another_role_gives_some(db: DbFixture) -> None:
    await allow(db, "role", PAINTERS, 0)
    assert await block(db, PAINTERS) == Block(Source.ROLE)
    assert await block(db) is None
    await allow(db, "role", SAILORS, 5)
    assert await block(db, PAINTERS, SAILORS) is None
    await grant(db, PAINTERS)
    assert await block(db, PAINTERS) is None


async def test_a_default_of_zero_blocks_until_something_is_granted_in_this_period(db: DbFixture) -> None:
    await db.store.guild_settings.set_default(GUILD, 0, None, db.now)
    assert await block(db) == Block(Source.DEFAULT)
    await grant(db)
    assert await block(db) is None
    db.now += DAY_MS
    assert await block(db) == Block(Source.DEFAULT)


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.SEED])
async def test_the_blocked_are_charged_for_nothing_not_even_what_costs_nothing(db: DbFixture, kind: Kind) -> None:
    await grant(db)
    job = await db.claim(await db.receive(kind=kind))
    await allow(db, "member", OTTO, 0)
    await db.db_write("insert into allowance values ($1, 'member', $2, 0, 0)", GUILD, MIRA)
    before = await db.everything()
    with pytest.raises(Blocked) as refusal:
        await db.charge(job)
    assert refusal.value.source == Source.MEMBER
    assert await db.everything() == before


async def test_blocking_a_member_cancels_and_refunds_what_waits_and_nothing_else(db: DbFixture) -> None:
    received, queued, running, ready = (
        await db.receive(),
        await db.queued(),
        await db.running(),
        await db.ready(),
    )
    others, elsewhere = await db.queued(user=OTTO), await db.queued(guild=2)
    untouched = [await db.get(job.id) for job in (running, ready, others, elsewhere)]
    ended = await allow(db, "member", MIRA, 0)
    assert {job.id for job in ended} == {received.id, queued.id}
    for job in (received, queued):
        now = await db.get(job.id)
        assert (now.state, now.error_code, now.error_data) == (State.FAILING, Cancelled.code, {"by": ADA})
        assert now.due_ms == db.now
    assert await db.ledger(queued) == [("reserve", 8), ("refund", -8)]
    assert await db.ledger(received) == []
    assert [await db.get(job.id) for job in untouched] == untouched


async def test_an_allowance_that_is_not_zero_and_a_role_of_zero_cancel_nothing(db: DbFixture) -> None:
    queued = await db.queued(roles=(PAINTERS,))
    assert await allow(db, "member", MIRA, 1) == []
    assert await allow(db, "role", PAINTERS, 0) == []
    assert (await db.get(queued.id)).state is State.QUEUED


async def test_a_request_in_hand_when_its_member_is_blocked_is_lost_to_whoever_has_it(db: DbFixture) -> None:
    job = await db.claim(await db.receive())
    await allow(db, "member", MIRA, 0)
    with pytest.raises(LostLease):
        await db.charge(job)
    assert await db.used() == 0
