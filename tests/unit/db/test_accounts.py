"""Credits: who may spend how much, what refuses, what admins grant, and the sums that are shown."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio

from bot.db.allowances import NO_LIMIT, server_cap
from bot.db.schema import SERVER
from bot.db.store import Defaults
from bot.domain.credits import Balance, Usage
from bot.domain.periods import Period
from bot.errors import ServerOutOfCredits, TooFewCredits
from tests.support.db_engines import Engine
from tests.support.db_fixture import DAY_MS, GUILD, MIRA, NOON, OTTO, PAINTERS, SAILORS, DbFixture

MIDNIGHT = NOON + DAY_MS // 2


@pytest_asyncio.fixture(loop_scope="session")
async def db(engine: Engine) -> AsyncGenerator[DbFixture]:
    async with engine.open_store(defaults=Defaults(credits=24, period=Period.DAY, server_credits=40)) as db:
        yield db


async def allow(db: DbFixture, subject: str, subject_id: int, credits: int, guild: int = GUILD) -> None:
    await db.store.accounts.set_allowance(guild, subject, subject_id, credits, db.now)


async def balance(db: DbFixture, *roles: int, user: int = MIRA, guild: int = GUILD) -> Balance:
    return await db.store.accounts.balance(guild, user, roles, db.now)


async def cap(db: DbFixture, *roles: int, user: int = MIRA) -> int:
    return (await balance(db, *roles, user=user)).cap


async def set_server_credits(db: DbFixture, credits: int | None) -> None:
    await db.db_write(
        """insert into guild (guild_id, server_credits, updated_ms) values ($1, $2, 0)
           on conflict (guild_id) do update set server_credits = excluded.server_credits""",
        GUILD,
        credits,
    )


async def refused(db: DbFixture, error: type[TooFewCredits | ServerOutOfCredits], **fields: Any) -> tuple[int, int]:
    """Try to charge a new job, check that nothing was written, and give what was needed and left."""
    job = await db.claim(await db.receive(**fields))
    before = await db.everything()
    with pytest.raises(error) as refusal:
        await db.charge(job)
    assert await db.everything() == before
    assert refusal.value.renews_ms == MIDNIGHT
    return refusal.value.needed, refusal.value.left


async def test_without_a_word_from_an_admin_the_settings_decide(db: DbFixture) -> None:
    assert await cap(db, PAINTERS) == 24


async def test_the_servers_default_goes_before_the_settings(db: DbFixture) -> None:
    await db.store.guild_settings.set_default(GUILD, 5, None, db.now)
    assert await cap(db) == 5


async def test_a_default_of_zero_is_a_word_too(db: DbFixture) -> None:
    await db.store.guild_settings.set_default(GUILD, 0, None, db.now)
    assert await cap(db) == 0


async def test_the_highest_of_a_members_roles_goes_before_the_servers_default(db: DbFixture) -> None:
    await db.store.guild_settings.set_default(GUILD, 100, None, db.now)
    await allow(db, "role", PAINTERS, 6)
    await allow(db, "role", SAILORS, 8)
    assert await cap(db) == 100
    assert await cap(db, PAINTERS) == 6
    assert await cap(db, PAINTERS, SAILORS) == await cap(db, SAILORS, PAINTERS) == 8


async def test_a_members_own_allowance_goes_before_their_roles(db: DbFixture) -> None:
    await allow(db, "role", PAINTERS, 50)
    await allow(db, "member", MIRA, 2)
    assert await cap(db, PAINTERS) == 2
    assert await cap(db, PAINTERS, user=OTTO) == 50


async def test_a_role_and_a_member_of_the_same_id_are_two(db: DbFixture) -> None:
    await allow(db, "role", MIRA, 3)
    assert await cap(db) == 24
    assert await cap(db, MIRA) == 3


async def test_what_one_server_says_is_nothing_to_another(db: DbFixture) -> None:
    await allow(db, "member", MIRA, 2, guild=99)
    await db.store.guild_settings.set_default(99, 3, Period.NEVER, db.now)
    assert await cap(db) == 24


async def test_an_allowance_that_is_cleared_is_forgotten_once(db: DbFixture) -> None:
    await allow(db, "member", MIRA, 2)
    assert await db.store.accounts.clear_allowance(GUILD, "member", MIRA)
    assert not await db.store.accounts.clear_allowance(GUILD, "member", MIRA)
    assert await cap(db) == 24


async def test_allowances_are_listed_with_their_newest_word(db: DbFixture) -> None:
    await allow(db, "role", PAINTERS, 6)
    await allow(db, "member", MIRA, 2)
    await allow(db, "member", MIRA, 3)
    await allow(db, "member", MIRA, 4, guild=99)
    listed = await db.store.accounts.allowances(GUILD)
    assert [(said.subject, said.subject_id, said.credits) for said in listed] == [
        ("member", MIRA, 3),
        ("role", PAINTERS, 6),
    ]


async def test_too_few_credits_of_a_member_are_refused_and_nothing_is_written(db: DbFixture) -> None:
    await allow(db, "member", MIRA, 10)
    await db.queued()
    assert await refused(db, TooFewCredits) == (8, 2)
    await db.queued(clips=1)


async def test_too_few_credits_of_the_server_are_refused_and_nothing_is_written(db: DbFixture) -> None:
    for user in (MIRA, MIRA, OTTO, OTTO):
        await db.queued(user=user)
    await db.queued(user=OTTO, clips=1)
    assert await refused(db, ServerOutOfCredits) == (8, 6)
    assert await db.used(SERVER) == 34
    await db.queued(guild=2)


async def test_the_smaller_of_a_servers_own_limit_and_the_settings_counts_and_none_of_its_own_is_none(
    db: DbFixture,
) -> None:
    await set_server_credits(db, 8)
    await db.queued()
    assert await refused(db, ServerOutOfCredits) == (8, 0)
    await set_server_credits(db, 1_000)
    assert (await balance(db)).server_left == 32
    await set_server_credits(db, 0)
    assert (await balance(db)).server_left == 0
    await set_server_credits(db, None)
    assert (await balance(db)).server_left == 32


@pytest.mark.parametrize(
    ("setting", "own", "counts"),
    [(0, None, NO_LIMIT), (0, 5, 5), (0, 0, 0), (40, None, 40), (40, 5, 5), (40, 50, 40), (40, 0, 0)],
)
def test_zero_is_no_limit_as_a_setting_and_a_limit_as_a_servers_word(
    setting: int, own: int | None, counts: int
) -> None:
    assert server_cap(Defaults(24, Period.DAY, setting), own) == counts


async def test_the_roles_that_count_are_those_of_the_moment_of_asking(db: DbFixture) -> None:
    await allow(db, "role", PAINTERS, 4)
    assert await refused(db, TooFewCredits, roles=(PAINTERS,)) == (8, 4)
    await db.queued(roles=(SAILORS,))


async def test_a_cap_lowered_below_what_was_used_refuses_until_enough_came_back(db: DbFixture) -> None:
    job = await db.running()
    await db.queued()
    await allow(db, "member", MIRA, 10)
    assert (await balance(db)).left == 0
    assert await refused(db, TooFewCredits, clips=1) == (2, 0)
    await db.fail(await db.claim(job))
    assert (await balance(db)).left == 2
    await db.queued(clips=1)


async def test_a_raised_cap_counts_at_once(db: DbFixture) -> None:
    await allow(db, "member", MIRA, 4)
    assert await refused(db, TooFewCredits) == (8, 4)
    await allow(db, "member", MIRA, 8)
    await db.queued()


async def test_the_last_credit_may_be_spent(db: DbFixture) -> None:
    for _ in range(3):
        await db.queued()
    assert await balance(db) == Balance(0, 24, 24, 0, MIDNIGHT, Period.DAY, 16)


async def test_a_new_period_begins_with_all_credits(db: DbFixture) -> None:
    for _ in range(3):
        await db.queued()
    assert await refused(db, TooFewCredits) == (8, 0)
    db.now = MIDNIGHT - 1
    assert (await balance(db)).left == 0
    db.now = MIDNIGHT
    assert await balance(db) == Balance(24, 0, 24, 0, MIDNIGHT + DAY_MS, Period.DAY, 40)
    await db.queued()
    assert await db.used() == 32


async def test_a_job_of_the_evening_that_is_charged_after_midnight_is_paid_by_the_new_day(db: DbFixture) -> None:
    job = await db.receive()
    db.now = MIDNIGHT
    queued = await db.charge(await db.claim(job))
    assert queued.period == "2026-11-19"


async def test_another_kind_of_period_starts_an_account_of_its_own(db: DbFixture) -> None:
    job = await db.running()
    await db.store.guild_settings.set_default(GUILD, 24, Period.NEVER, db.now)
    assert await balance(db) == Balance(24, 0, 24, 0, None, Period.NEVER, 40)
    await db.fail(await db.claim(job))
    assert (await balance(db)).used == 0
    assert await db.used() == 0


async def test_a_default_without_a_period_keeps_the_one_that_was_set(db: DbFixture) -> None:
    await db.store.guild_settings.set_default(GUILD, 24, Period.MONTH, db.now)
    await db.store.guild_settings.set_default(GUILD, 30, None, db.now)
    assert (await balance(db)).period is Period.MONTH
    assert await cap(db) == 30


async def test_a_grant_raises_what_a_member_may_spend_in_this_period_only(db: DbFixture) -> None:
    granted = await db.store.accounts.grant(GUILD, MIRA, (), 6, "grant 1", db.now)
    assert granted == Balance(30, 0, 24, 6, MIDNIGHT, Period.DAY, 40)
    for clips in (4, 4, 4, 1, 2):
        await db.queued(clips=clips)
    assert await refused(db, TooFewCredits, clips=1) == (2, 0)
    db.now = MIDNIGHT
    assert (await balance(db)).left == 24


async def test_the_same_grant_twice_is_given_once(db: DbFixture) -> None:
    for _ in range(2):
        granted = await db.store.accounts.grant(GUILD, MIRA, (), 6, "grant 1", db.now)
        assert granted.granted == 6
    granted = await db.store.accounts.grant(GUILD, MIRA, (), 6, "grant 2", db.now)
    assert granted.granted == 12


async def test_a_grant_repeated_after_midnight_is_not_given_again(db: DbFixture) -> None:
    await db.store.accounts.grant(GUILD, MIRA, (), 6, "grant 1", db.now)
    db.now = MIDNIGHT
    assert (await db.store.accounts.grant(GUILD, MIRA, (), 6, "grant 1", db.now)).granted == 0


async def test_a_grant_does_not_count_as_use(db: DbFixture) -> None:
    await db.store.accounts.grant(GUILD, MIRA, (), 6, "grant 1", db.now)
    assert await db.used() == 0
    assert (await db.store.accounts.usage(GUILD, db.now)).used == 0


async def test_reading_a_balance_writes_nothing(db: DbFixture) -> None:
    before = await db.everything()
    await balance(db)
    assert await db.everything() == before


async def test_usage_lists_who_spent_most_with_what_the_vendor_charged(db: DbFixture) -> None:
    await db.ready()
    await db.queued(user=OTTO)
    await db.ready(user=OTTO, clips=2)
    await db.failing(user=OTTO)
    await db.store.accounts.grant(GUILD, 13, (), 6, "grant 1", db.now)
    await db.queued(user=OTTO, guild=2)
    report = await db.store.accounts.usage(GUILD, db.now)
    assert report.members == (
        Usage(OTTO, used=12, granted=0, jobs=3, charged=(("ttapi", 40.0),)),
        Usage(MIRA, used=8, granted=0, jobs=1, charged=(("ttapi", 40.0),)),
        Usage(13, used=0, granted=6, jobs=0),
    )
    assert report.used == 20
    assert [usage.user_id for usage in (await db.store.accounts.usage(GUILD, db.now, most=1)).members] == [OTTO]


async def test_what_providers_charge_is_told_for_each_in_its_own_unit(db: DbFixture) -> None:
    await db.ready()
    await db.ready(provider="apimart", clips=2)
    [mira] = (await db.store.accounts.usage(GUILD, db.now)).members
    assert mira == Usage(MIRA, used=12, granted=0, jobs=2, charged=(("apimart", 40.0), ("ttapi", 40.0)))


async def test_usage_tells_what_applies_to_everybody(db: DbFixture) -> None:
    report = await db.store.accounts.usage(GUILD, db.now)
    assert (report.default, report.period, report.renews_ms, report.server_cap) == (24, Period.DAY, MIDNIGHT, 40)
    await db.store.guild_settings.set_default(GUILD, 5, Period.NEVER, db.now)
    await set_server_credits(db, 7)
    report = await db.store.accounts.usage(GUILD, db.now)
    assert (report.default, report.period, report.renews_ms, report.server_cap) == (5, Period.NEVER, None, 7)


async def test_usage_is_that_of_this_period(db: DbFixture) -> None:
    await db.ready()
    db.now = MIDNIGHT
    await db.ready(clips=1)
    [mira] = (await db.store.accounts.usage(GUILD, db.now)).members
    assert (mira.used, mira.jobs, mira.charged) == (2, 1, (("ttapi", 40.0),))


async def test_two_jobs_charged_at_once_cannot_both_take_the_last_credits(db: DbFixture, engine: Engine) -> None:
    await allow(db, "member", MIRA, 8)
    jobs = [await db.claim(await db.receive(), lease=f"lease {number}") for number in range(2)]
    async with engine.open_store() as other:
        outcomes = await asyncio.gather(db.charge(jobs[0]), other.charge(jobs[1]), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Job", "TooFewCredits"]
    assert await db.used() == 8
