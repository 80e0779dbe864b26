"""A grant adds what it says, whatever was spent before and whatever the allowance is now."""

import pytest

from bot.domain.credits import Balance
from bot.errors import GrantToBlocked, ServerOutOfCredits, TooFewCredits
from tests.support.db_fixture import GUILD, MIRA, PAINTERS, DbFixture


async def allow(db: DbFixture, credits: int) -> None:
    await db.store.accounts.set_allowance(GUILD, "role", PAINTERS, credits, db.now)


async def grant(db: DbFixture, credits: int, request: str = "grant 1") -> Balance:
    return await db.store.accounts.grant(GUILD, MIRA, (PAINTERS,), credits, request, db.now)


async def left(db: DbFixture) -> int:
    return (await db.store.accounts.balance(GUILD, MIRA, (PAINTERS,), db.now)).left


async def spend(db: DbFixture, credits: int) -> None:
    for _ in range(credits // 8):
        await db.queued(roles=(PAINTERS,))


async def test_who_has_spent_more_than_they_get_now_can_still_spend_a_grant(db: DbFixture) -> None:
    await allow(db, 40)
    await spend(db, 40)
    await allow(db, 16)
    assert await left(db) == 0
    granted = await grant(db, 8)
    assert (granted.left, granted.total, granted.granted) == (8, 48, 8)
    await allow(db, 40)
    assert await left(db) == 8
    await spend(db, 8)
    assert await left(db) == 0
    with pytest.raises(TooFewCredits) as refusal:
        await spend(db, 8)
    assert (refusal.value.needed, refusal.value.left) == (8, 0)


async def test_a_grant_is_spent_while_the_allowance_is_smaller_than_what_was_used(db: DbFixture) -> None:
    await allow(db, 40)
    await spend(db, 40)
    await allow(db, 16)
    await grant(db, 8)
    await spend(db, 8)
    with pytest.raises(TooFewCredits) as refusal:
        await spend(db, 8)
    assert (refusal.value.needed, refusal.value.left) == (8, 0)


async def test_each_of_two_grants_adds_what_it_says(db: DbFixture) -> None:
    await allow(db, 40)
    await spend(db, 40)
    await allow(db, 0)
    assert (await grant(db, 8)).left == 8
    assert (await grant(db, 2, "grant 2")).left == 10
    assert (await grant(db, 2, "grant 2")).left == 10
    rows = await db.database.fetch("select amount from ledger where kind = 'grant' order by id")
    assert sorted(row["amount"] for row in rows) == [2, 8]


async def test_what_comes_back_after_a_grant_is_not_lost(db: DbFixture) -> None:
    await allow(db, 8)
    job = await db.submitting(roles=(PAINTERS,))
    await grant(db, 8)
    await db.fail(job)
    assert await left(db) == 16


async def test_the_servers_limit_still_counts(db: DbFixture) -> None:
    await allow(db, 8)
    await db.db_write("insert into guild (guild_id, server_credits, updated_ms) values ($1, 10, 0)", GUILD)
    await spend(db, 8)
    granted = await grant(db, 8)
    assert (granted.left, granted.server_left) == (8, 2)
    with pytest.raises(ServerOutOfCredits):
        await spend(db, 8)


async def test_a_grant_to_a_blocked_member_is_refused_and_writes_nothing(db: DbFixture) -> None:
    await db.store.accounts.set_allowance(GUILD, "member", MIRA, 0, db.now)
    before = await db.everything()
    with pytest.raises(GrantToBlocked):
        await grant(db, 8)
    assert await db.everything() == before


async def test_whom_nothing_renews_is_not_told_that_it_does(db: DbFixture) -> None:
    await allow(db, 0)
    await grant(db, 2)
    with pytest.raises(TooFewCredits) as refusal:
        await spend(db, 8)
    assert refusal.value.renews_ms is None


async def test_nor_is_who_is_refused_before_anything_is_fetched(db: DbFixture) -> None:
    await allow(db, 0)
    await grant(db, 2)
    with pytest.raises(TooFewCredits) as refusal:
        (await db.store.accounts.standing(await db.receive(roles=(PAINTERS,)), db.now)).require(8)
    assert refusal.value.renews_ms is None
