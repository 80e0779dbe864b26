"""What a server and a member spent, summed up by the database as the ledger has it."""

from bot.domain.job import Kind
from bot.domain.params import JobParams
from bot.domain.usage import DAY_MS, KindGroup, MemberInfo, Span, Stretch, UsageSum
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture


def today(db: DbFixture) -> Stretch:
    return Stretch.back(Span.WEEK, db.now)


async def test_what_was_given_back_was_not_spent(db: DbFixture) -> None:
    await db.done(user=MIRA)
    await db.failed(user=MIRA)
    fewer = await db.succeed(await db.claim(await db.running(user=OTTO)), clips=1)
    midnight = db.now // DAY_MS * DAY_MS
    usage = await db.store.usage.of_server(GUILD, today(db))
    assert usage.members == {MIRA: UsageSum(8, 2, 40.0), OTTO: UsageSum(2, 1, 40.0)}
    assert usage.providers == {"ttapi": UsageSum(10, 3, 80.0)}
    assert usage.steps == {(midnight, KindGroup.FILMS): UsageSum(10, 3, 80.0)}
    assert usage.total.credits == await db.used(MIRA) + await db.used(OTTO)
    assert fewer.cost == 8  # so that it is the ledger that tells


async def test_each_job_counts_on_the_day_it_was_asked_for_and_as_its_kind(db: DbFixture) -> None:
    await db.done(created_ms=db.now - 2 * DAY_MS)
    await db.done(kind=Kind.IMAGINE, params=JobParams("a boat"))
    usage = await db.store.usage.of_server(GUILD, today(db))
    midnight = db.now // DAY_MS * DAY_MS
    assert {step: one.credits for step, one in usage.steps.items()} == {
        (midnight - 2 * DAY_MS, KindGroup.FILMS): 8,
        (midnight, KindGroup.PICTURES): 1,
    }
    assert usage.credits_at(midnight) == 1


async def test_nothing_counts_that_is_of_another_time_or_server_or_was_never_charged(db: DbFixture) -> None:
    await db.done(created_ms=db.now - 7 * DAY_MS)
    await db.done(guild=2)
    await db.receive()
    usage = await db.store.usage.of_server(GUILD, today(db))
    assert (usage.steps, usage.members, usage.providers) == ({}, {}, {})


async def test_of_a_period_all_that_was_charged_in_it_counts_whenever_it_was_asked_for(db: DbFixture) -> None:
    midnight, key = db.now // DAY_MS * DAY_MS, "2026-11-18"
    late = await db.done(created_ms=midnight - 2_000)
    early = await db.done(created_ms=midnight + 1_000)
    await db.db_write("update job set period = '2026-11' where id = $1", early.id)
    assert late.period == key
    day = Stretch.back(Span.DAY, db.now)
    usage = await db.store.usage.of_server(GUILD, day, key)
    assert usage.steps == {(midnight, KindGroup.FILMS): UsageSum(8, 1, 40.0)}
    assert (await db.store.usage.of_server(GUILD, day)).total == UsageSum(8, 1)
    assert (await db.store.accounts.usage(GUILD, db.now)).key == key


async def test_a_year_is_summed_up_over_all_its_pieces_with_who_spent_most_first(db: DbFixture) -> None:
    for days in (1, 40, 80, 360):
        await db.done(user=OTTO, created_ms=db.now - days * DAY_MS)
    await db.done(user=MIRA)
    usage = await db.store.usage.of_server(GUILD, Stretch.back(Span.YEAR, db.now))
    assert list(usage.members.items()) == [(OTTO, UsageSum(32, 4, 160.0)), (MIRA, UsageSum(8, 1, 40.0))]
    assert len(usage.steps) == 5


async def test_a_members_standing_is_theirs_in_this_server(db: DbFixture) -> None:
    done = await db.done()
    await db.done(kind=Kind.IMAGINE, params=JobParams("a boat"))
    await db.done(kind=Kind.DESCRIBE, params=JobParams(""))
    elsewhere = await db.failed(guild=2)
    refused = await db.failed()
    await db.store.strikes.add(refused, "2026-11-17")
    await db.store.strikes.add(elsewhere, "2026-11-18")
    await db.store.favourites.add(GUILD, MIRA, done.id, db.now)
    await db.done(user=OTTO)
    await db.running()
    await db.queued()
    await db.receive()
    found = await db.store.usage.of_member(GUILD, MIRA, "2026-11-18", "2026-11-18")
    assert found == MemberInfo(
        running=1,
        waiting=2,
        jobs=7,
        films=5,
        pictures=1,
        spent=8 + 1 + 1 + 8 + 8,
        favourites=1,
        strikes=1,
        strikes_today=1,
    )


async def test_of_somebody_who_never_asked_there_is_nothing_to_tell(db: DbFixture) -> None:
    await db.done(user=OTTO)
    found = await db.store.usage.of_member(GUILD, MIRA, "2026-11-18", "2026-11-18")
    assert found == MemberInfo(0, 0, 0, 0, 0, 0, 0, 0, 0)
