"""Credits: who may spend how much, what refuses, what admins grant, and the sums that are shown."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from bot.db.migrations import SERVER
from bot.db.store import Defaults
from bot.domain.credits import Balance, Usage
from bot.domain.periods import Period
from bot.errors import ServerOutOfCredits, TooFewCredits
from tests.support.db_fixture import (
    DAY_MS,
    GUILD,
    MIRA,
    NOON,
    OTTO,
    PAINTERS,
    SAILORS,
    Stage,
    open_stage,
)

MIDNIGHT = NOON + DAY_MS // 2


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    async with open_stage(
        tmp_path / "animatic.db", Defaults(credits=24, period=Period.DAY, server_credits=40)
    ) as stage:
        yield stage


async def allow(stage: Stage, subject: str, subject_id: int, credits: int, guild: int = GUILD) -> None:
    await stage.store.accounts.set_allowance(guild, subject, subject_id, credits, stage.now)


async def balance(stage: Stage, *roles: int, user: int = MIRA, guild: int = GUILD) -> Balance:
    return await stage.store.accounts.balance(guild, user, roles, stage.now)


async def cap(stage: Stage, *roles: int, user: int = MIRA) -> int:
    return (await balance(stage, *roles, user=user)).cap


async def set_server_credits(stage: Stage, credits: int | None) -> None:
    await stage.db_write(
        """insert into guild (guild_id, server_credits, updated_ms) values ($1, $2, 0)
           on conflict (guild_id) do update set server_credits = excluded.server_credits""",
        GUILD,
        credits,
    )


async def refused(stage: Stage, error: type[TooFewCredits | ServerOutOfCredits], **fields: Any) -> tuple[int, int]:
    """Try to charge a new job, check that nothing was written, and give what was needed and left."""
    job = await stage.claim(await stage.receive(**fields))
    before = await stage.everything()
    with pytest.raises(error) as refusal:
        await stage.charge(job)
    assert await stage.everything() == before
    assert refusal.value.renews_ms == MIDNIGHT
    return refusal.value.needed, refusal.value.left


async def test_without_a_word_from_an_admin_the_settings_decide(stage: Stage) -> None:
    assert await cap(stage, PAINTERS) == 24


async def test_the_servers_default_goes_before_the_settings(stage: Stage) -> None:
    await stage.store.guild_settings.set_default(GUILD, 5, None, stage.now)
    assert await cap(stage) == 5


async def test_a_default_of_zero_is_a_word_too(stage: Stage) -> None:
    await stage.store.guild_settings.set_default(GUILD, 0, None, stage.now)
    assert await cap(stage) == 0


async def test_the_highest_of_a_members_roles_goes_before_the_servers_default(stage: Stage) -> None:
    await stage.store.guild_settings.set_default(GUILD, 100, None, stage.now)
    await allow(stage, "role", PAINTERS, 6)
    await allow(stage, "role", SAILORS, 8)
    assert await cap(stage) == 100
    assert await cap(stage, PAINTERS) == 6
    assert await cap(stage, PAINTERS, SAILORS) == await cap(stage, SAILORS, PAINTERS) == 8


async def test_a_members_own_allowance_goes_before_their_roles(stage: Stage) -> None:
    await allow(stage, "role", PAINTERS, 50)
    await allow(stage, "member", MIRA, 2)
    assert await cap(stage, PAINTERS) == 2
    assert await cap(stage, PAINTERS, user=OTTO) == 50


async def test_a_role_and_a_member_of_the_same_id_are_two(stage: Stage) -> None:
    await allow(stage, "role", MIRA, 3)
    assert await cap(stage) == 24
    assert await cap(stage, MIRA) == 3


async def test_what_one_server_says_is_nothing_to_another(stage: Stage) -> None:
    await allow(stage, "member", MIRA, 2, guild=99)
    await stage.store.guild_settings.set_default(99, 3, Period.NEVER, stage.now)
    assert await cap(stage) == 24


async def test_an_allowance_that_is_cleared_is_forgotten_once(stage: Stage) -> None:
    await allow(stage, "member", MIRA, 2)
    assert await stage.store.accounts.clear_allowance(GUILD, "member", MIRA)
    assert not await stage.store.accounts.clear_allowance(GUILD, "member", MIRA)
    assert await cap(stage) == 24


async def test_allowances_are_listed_with_their_newest_word(stage: Stage) -> None:
    await allow(stage, "role", PAINTERS, 6)
    await allow(stage, "member", MIRA, 2)
    await allow(stage, "member", MIRA, 3)
    await allow(stage, "member", MIRA, 4, guild=99)
    listed = await stage.store.accounts.allowances(GUILD)
    assert [(said.subject, said.subject_id, said.credits) for said in listed] == [
        ("member", MIRA, 3),
        ("role", PAINTERS, 6),
    ]


async def test_too_few_credits_of_a_member_are_refused_and_nothing_is_written(stage: Stage) -> None:
    await allow(stage, "member", MIRA, 10)
    await stage.queued()
    assert await refused(stage, TooFewCredits) == (8, 2)
    await stage.queued(clips=1)


async def test_too_few_credits_of_the_server_are_refused_and_nothing_is_written(stage: Stage) -> None:
    for user in (MIRA, MIRA, OTTO, OTTO):
        await stage.queued(user=user)
    await stage.queued(user=OTTO, clips=1)
    assert await refused(stage, ServerOutOfCredits) == (8, 6)
    assert await stage.used(SERVER) == 34
    await stage.queued(guild=2)


async def test_a_servers_own_word_goes_before_the_settings_and_zero_is_no_limit(stage: Stage) -> None:
    await set_server_credits(stage, 8)
    await stage.queued()
    assert await refused(stage, ServerOutOfCredits) == (8, 0)
    await set_server_credits(stage, 0)
    await stage.queued()
    await set_server_credits(stage, None)
    assert (await balance(stage)).server_left == 24


@pytest.mark.parametrize("subject", ["member", "role"])
async def test_an_allowance_of_zero_blocks(stage: Stage, subject: str) -> None:
    await allow(stage, subject, MIRA, 0)
    assert await refused(stage, TooFewCredits, clips=1, roles=(MIRA,)) == (2, 0)


async def test_the_roles_that_count_are_those_of_the_moment_of_asking(stage: Stage) -> None:
    await allow(stage, "role", PAINTERS, 0)
    assert await refused(stage, TooFewCredits, roles=(PAINTERS,)) == (8, 0)
    await stage.queued(roles=(SAILORS,))


async def test_a_cap_lowered_below_what_was_used_refuses_until_enough_came_back(stage: Stage) -> None:
    job = await stage.running()
    await stage.queued()
    await allow(stage, "member", MIRA, 10)
    assert (await balance(stage)).left == 0
    assert await refused(stage, TooFewCredits, clips=1) == (2, 0)
    await stage.fail(await stage.claim(job))
    assert (await balance(stage)).left == 2
    await stage.queued(clips=1)


async def test_a_raised_cap_counts_at_once(stage: Stage) -> None:
    await allow(stage, "member", MIRA, 4)
    assert await refused(stage, TooFewCredits) == (8, 4)
    await allow(stage, "member", MIRA, 8)
    await stage.queued()


async def test_the_last_credit_may_be_spent(stage: Stage) -> None:
    for _ in range(3):
        await stage.queued()
    assert await balance(stage) == Balance(0, 24, 24, 0, MIDNIGHT, Period.DAY, 16)


async def test_a_new_period_begins_with_all_credits(stage: Stage) -> None:
    for _ in range(3):
        await stage.queued()
    assert await refused(stage, TooFewCredits) == (8, 0)
    stage.now = MIDNIGHT - 1
    assert (await balance(stage)).left == 0
    stage.now = MIDNIGHT
    assert await balance(stage) == Balance(24, 0, 24, 0, MIDNIGHT + DAY_MS, Period.DAY, 40)
    await stage.queued()
    assert await stage.used() == 32


async def test_a_job_of_the_evening_that_is_charged_after_midnight_is_paid_by_the_new_day(stage: Stage) -> None:
    job = await stage.receive()
    stage.now = MIDNIGHT
    queued = await stage.charge(await stage.claim(job))
    assert queued.period == "2026-11-19"


async def test_another_kind_of_period_starts_an_account_of_its_own(stage: Stage) -> None:
    job = await stage.running()
    await stage.store.guild_settings.set_default(GUILD, 24, Period.NEVER, stage.now)
    assert await balance(stage) == Balance(24, 0, 24, 0, None, Period.NEVER, 40)
    await stage.fail(await stage.claim(job))
    assert (await balance(stage)).used == 0
    assert await stage.used() == 0


async def test_a_default_without_a_period_keeps_the_one_that_was_set(stage: Stage) -> None:
    await stage.store.guild_settings.set_default(GUILD, 24, Period.MONTH, stage.now)
    await stage.store.guild_settings.set_default(GUILD, 30, None, stage.now)
    assert (await balance(stage)).period is Period.MONTH
    assert await cap(stage) == 30


async def test_a_grant_raises_what_a_member_may_spend_in_this_period_only(stage: Stage) -> None:
    granted = await stage.store.accounts.grant(GUILD, MIRA, (), 6, "grant 1", stage.now)
    assert granted == Balance(30, 0, 24, 6, MIDNIGHT, Period.DAY, 40)
    for clips in (4, 4, 4, 1, 2):
        await stage.queued(clips=clips)
    assert await refused(stage, TooFewCredits, clips=1) == (2, 0)
    stage.now = MIDNIGHT
    assert (await balance(stage)).left == 24


async def test_the_same_grant_twice_is_given_once(stage: Stage) -> None:
    for _ in range(2):
        granted = await stage.store.accounts.grant(GUILD, MIRA, (), 6, "grant 1", stage.now)
        assert granted.granted == 6
    granted = await stage.store.accounts.grant(GUILD, MIRA, (), 6, "grant 2", stage.now)
    assert granted.granted == 12


async def test_a_grant_repeated_after_midnight_is_not_given_again(stage: Stage) -> None:
    await stage.store.accounts.grant(GUILD, MIRA, (), 6, "grant 1", stage.now)
    stage.now = MIDNIGHT
    assert (await stage.store.accounts.grant(GUILD, MIRA, (), 6, "grant 1", stage.now)).granted == 0


async def test_a_grant_lets_a_blocked_member_spend_just_that(stage: Stage) -> None:
    await allow(stage, "member", MIRA, 0)
    await stage.store.accounts.grant(GUILD, MIRA, (), 8, "grant 1", stage.now)
    await stage.queued()
    assert await refused(stage, TooFewCredits, clips=1) == (2, 0)


async def test_a_grant_does_not_count_as_use(stage: Stage) -> None:
    await stage.store.accounts.grant(GUILD, MIRA, (), 6, "grant 1", stage.now)
    assert await stage.used() == 0
    assert await stage.store.accounts.server_used(GUILD, stage.now) == 0


async def test_reading_a_balance_writes_nothing(stage: Stage) -> None:
    before = await stage.everything()
    await balance(stage)
    assert await stage.everything() == before


async def test_usage_lists_who_spent_most_with_what_the_vendor_charged(stage: Stage) -> None:
    await stage.ready()
    await stage.queued(user=OTTO)
    await stage.ready(user=OTTO, clips=2)
    await stage.failing(user=OTTO)
    await stage.store.accounts.grant(GUILD, 13, (), 6, "grant 1", stage.now)
    await stage.queued(user=OTTO, guild=2)
    assert await stage.store.accounts.usage(GUILD, stage.now) == [
        Usage(OTTO, used=12, granted=0, jobs=3, vendor=40.0),
        Usage(MIRA, used=8, granted=0, jobs=1, vendor=40.0),
        Usage(13, used=0, granted=6, jobs=0, vendor=0.0),
    ]
    assert await stage.store.accounts.server_used(GUILD, stage.now) == 20
    assert [usage.user_id for usage in await stage.store.accounts.usage(GUILD, stage.now, most=1)] == [OTTO]


async def test_usage_is_that_of_this_period(stage: Stage) -> None:
    await stage.ready()
    stage.now = MIDNIGHT
    await stage.ready(clips=1)
    assert await stage.store.accounts.usage(GUILD, stage.now) == [Usage(MIRA, used=2, granted=0, jobs=1, vendor=40.0)]


async def test_two_jobs_charged_at_once_cannot_both_take_the_last_credits(stage: Stage, tmp_path: Path) -> None:
    await allow(stage, "member", MIRA, 8)
    jobs = [await stage.claim(await stage.receive(), lease=f"lease {number}") for number in range(2)]
    async with open_stage(tmp_path / "animatic.db") as other:
        outcomes = await asyncio.gather(stage.charge(jobs[0]), other.charge(jobs[1]), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Job", "TooFewCredits"]
    assert await stage.used() == 8
