"""A forgotten member leaves sums under no name, exact, and finds neither a new allowance nor a way out of a block."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest

from bot.db.member_ids import EVERYWHERE, Ids
from bot.db.region_previews import RegionPreview
from bot.db.schema import SERVER
from bot.db.store import Store
from bot.domain.blocks import MemberBlock, Source
from bot.domain.film import Film
from bot.domain.forgetting import Forgetting
from bot.domain.job import Job, State
from bot.domain.member_settings import Preset
from bot.domain.reports import Outcome
from bot.errors import Blocked, Cancelled, TooFewCredits
from tests.support import db_invariants
from tests.support.db_engines import Engine
from tests.support.db_fixture import DAY_MS, DEFAULTS, GUILD, LEASE_MS, MIRA, OTTO, DbFixture
from tests.support.db_tables import TABLES
from tests.unit.db.test_plans import Recorder

MODERATOR = 77


async def asked(db: DbFixture, user: int = MIRA, guild: int = GUILD) -> Forgetting:
    await db.store.forgettings.ask(guild, user, db.now)
    [forgetting] = await db.store.forgettings.take(1, db.now, db.now + 1000)
    return forgetting


async def strike_all(db: DbFixture, forgetting: Forgetting) -> None:
    hashed = await db.store.forgettings.hashed(forgetting)
    while ids := await db.store.forgettings.to_remove(forgetting, 2):
        await db.store.removals.strike(forgetting.guild_id, ids, hashed, "", db.now, logged=False)


async def forget(db: DbFixture, user: int = MIRA, guild: int = GUILD) -> Forgetting:
    """Do what the worker does at once."""
    forgetting = await asked(db, user, guild)
    await strike_all(db, forgetting)
    await db.store.forgettings.rename(forgetting)
    return forgetting


async def finish_removals(db: DbFixture) -> None:
    """Let all cards be gone, as the remover would write down."""
    for removal in await db.store.removal_work.take(1000, db.now, db.now + 1000):
        job = await db.store.removal_work.job(removal.job_id)
        if job.state in (State.DONE, State.FAILED):
            await db.store.removal_work.forget_content(job)
            await db.store.removal_work.put_off(removal, None)
        else:
            await db.store.removal_work.put_off(removal, db.now)


async def ids_of(db: DbFixture, user: int = MIRA, guild: int = GUILD) -> Ids:
    return await db.store.member_ids.of(db.database, guild, user)


async def check(db: DbFixture) -> None:
    await db_invariants.check_invariants(db.database, db.now + LEASE_MS)


async def end_all(db: DbFixture) -> None:
    """Bring all that was refunded to its end."""
    for row in await db.database.fetch("select id from job where state in ('ready', 'failing')"):
        await db.store.jobs.finish(await db.claim(await db.get(row["id"])))


async def test_sums_stay_exact_under_no_name(db: DbFixture) -> None:
    await db.done()
    await db.queued(user=OTTO)
    running = await db.running()
    waiting = await db.queued()
    await db.store.accounts.grant(GUILD, MIRA, (), 5, "grant", db.now)
    await forget(db)
    await check(db)
    own, hashed = await ids_of(db)
    assert await db.used(own) == 0
    assert await db.used(hashed) == 16
    assert await db.used(SERVER) == 24
    assert await db.ledger(waiting) == [("reserve", 8), ("refund", -8)]
    for table in ("account", "ledger", "allowance", "strike", "block"):
        column = "subject_id" if table == "allowance" else "user_id"
        assert not await db.database.fetch(f"select 1 from {table} where {column} = $1", MIRA)  # noqa: S608  # our own names
    # What runs goes on, and is paid for by who is forgotten.
    ready = await db.succeed(await db.claim(running), clips=2)
    assert ready.user_id == MIRA
    assert await db.used(hashed) == 12
    await check(db)


async def test_nobody_forgets_themselves_into_a_new_allowance(engine: Engine) -> None:
    async with engine.open_store(defaults=DEFAULTS.__class__(10, DEFAULTS.period)) as db:
        await db.done()
        await forget(db)
        job = await db.claim(await db.receive())
        with pytest.raises(TooFewCredits):
            await db.charge(job)
        assert (await db.store.accounts.balance(GUILD, MIRA, (), db.now)).left == 2
        await db.store.accounts.grant(GUILD, MIRA, (), 6, "grant", db.now)
        queued = await db.charge(await db.claim(job))
        assert queued.user_id == MIRA
        _, hashed = await ids_of(db)
        assert await db.used(hashed) == 16
        await check(db)


async def test_who_comes_back_in_the_next_period_has_plain_rows_again(db: DbFixture) -> None:
    await db.done()
    await forget(db)
    db.now += DAY_MS
    await db.done()
    own, hashed = await ids_of(db)
    assert (await db.used(own), await db.used(hashed)) == (8, 8)
    # Being forgotten again takes these too, and leaves the others as they are.
    await end_all(db)
    await forget(db)
    assert (await db.used(own), await db.used(hashed)) == (0, 16)
    await check(db)


async def test_nobody_forgets_themselves_out_of_a_block(db: DbFixture) -> None:
    await db.store.member_blocks.put(GUILD, MemberBlock(MIRA, db.now + DAY_MS, "spam", MODERATOR, db.now), db.now)
    await forget(db)
    found = await db.store.blocks.find(GUILD, MIRA, (), db.now)
    assert found is not None
    assert (found.source, found.reason) == (Source.MODERATOR, "spam")
    standing = await db.store.member_blocks.get(GUILD, MIRA, db.now)
    assert standing is not None
    assert standing.user_id < 0
    with pytest.raises(Blocked):
        await db.charge(await db.claim(await db.receive()))
    assert await db.store.blocks.find(GUILD, MIRA, (), db.now + DAY_MS) is None
    # It is one block that moderators see, replace and lift.
    await db.store.member_blocks.put(GUILD, MemberBlock(MIRA, None, "again", MODERATOR, db.now), db.now)
    assert [block.user_id for block in await db.store.member_blocks.of_server(GUILD, db.now, 9)] == [MIRA]
    await forget(db)
    assert await db.store.member_blocks.lift(GUILD, MIRA, by=MODERATOR, wall_ms=db.now, now_ms=db.now) is not None
    assert await db.store.blocks.find(GUILD, MIRA, (), db.now) is None


async def test_an_ended_block_is_forgotten_with_its_member(db: DbFixture) -> None:
    await db.store.member_blocks.put(GUILD, MemberBlock(MIRA, db.now + 1, "spam", MODERATOR, db.now), db.now)
    db.now += DAY_MS
    await forget(db)
    assert await db.database.fetch("select 1 from block") == []


async def test_of_two_blocks_the_last_one_stands_whoever_was_known_as_whom(db: DbFixture) -> None:
    _, hashed = await ids_of(db)
    blocks = db.store.member_blocks
    await blocks.put(GUILD, MemberBlock(MIRA, db.now + DAY_MS, "short", MODERATOR, db.now), db.now)
    await blocks.put(GUILD, MemberBlock(hashed, None, "a report of then", MODERATOR, db.now + 1), db.now)
    await forget(db)
    standing = await blocks.get(GUILD, MIRA, db.now)
    assert standing is not None
    assert (standing.user_id, standing.until_ms) == (hashed, None)


async def test_an_own_allowance_counts_on_and_may_be_replaced_and_cleared(db: DbFixture) -> None:
    accounts = db.store.accounts
    await accounts.set_allowance(GUILD, "member", MIRA, 0, db.now)
    await forget(db)
    found = await db.store.blocks.find(GUILD, MIRA, (), db.now)
    assert found is not None
    assert found.source is Source.MEMBER
    await accounts.set_allowance(GUILD, "member", MIRA, 7, db.now)
    assert [one.subject_id for one in await accounts.allowances(GUILD)] == [MIRA]
    await forget(db)
    assert (await accounts.balance(GUILD, MIRA, (), db.now)).cap == 7
    assert await accounts.clear_allowance(GUILD, "member", MIRA)
    assert (await accounts.balance(GUILD, MIRA, (), db.now)).cap == DEFAULTS.credits


async def test_strikes_of_all_servers_are_counted_on(db: DbFixture) -> None:
    day = "2026-11-18"
    for guild in (GUILD, GUILD + 1):
        await db.store.strikes.add(await db.failed(guild=guild), day)
    await forget(db)
    assert await db.store.strikes.count(MIRA, day) == 2
    assert (await db.store.conduct.sums(GUILD, MIRA, day, day)).strikes_today == 1
    _, everywhere = await db.store.member_ids.of(db.database, EVERYWHERE, MIRA)
    rows = await db.database.fetch("select user_id from strike order by user_id")
    assert [row["user_id"] for row in rows] == [everywhere, MIRA]


async def test_moderators_are_told_of_who_was_forgotten_what_still_counts_and_no_more(db: DbFixture) -> None:
    day, next_day = "2026-11-18", "2026-11-19"
    await db.store.strikes.add(await db.done(), day)
    await forget(db)
    store = db.store
    sums = await store.conduct.sums(GUILD, MIRA, day, day)
    assert (sums.used, sums.strikes, sums.strikes_today) == (8, 1, 1)
    info = await store.usage.of_member(GUILD, MIRA, day, day)
    assert (info.spent, info.strikes, info.strikes_today) == (8, 1, 1)
    sums = await store.conduct.sums(GUILD, MIRA, next_day, next_day)
    assert (sums.used, sums.strikes, sums.strikes_today) == (0, 0, 0)
    info = await store.usage.of_member(GUILD, MIRA, next_day, next_day)
    assert (info.spent, info.strikes, info.strikes_today) == (0, 0, 0)


async def test_what_a_member_chose_is_erased_and_others_keep_theirs(db: DbFixture) -> None:
    theirs = await db.done(user=OTTO)
    for user in (MIRA, OTTO):
        await db.store.member_settings.change(GUILD, user, {"motion": "high", "notify": "direct"})
        await db.store.presets.save(GUILD, user, Preset("boat", "words"), 25, db.now)
        await db.store.favourites.add(GUILD, user, theirs.id, db.now)
        await db.storyboard(2, user=user)
    mine = await db.done()
    forgetting = await forget(db)
    for table in ("member_settings", "preset", "favourite", "storyboard", "job_word", "ping"):
        rows = await db.database.fetch(f"select distinct user_id from {table}")  # noqa: S608  # our own names
        assert {row["user_id"] for row in rows} <= {OTTO}
    # What was sent to them directly is still found, and deleted.
    assert await db.store.removal_work.told_directly(mine)
    assert not await db.store.forgettings.end(Forgetting(**{**vars(forgetting), "renamed": 1}))


async def test_open_reports_go_on_without_a_name_and_others_are_gone(db: DbFixture) -> None:
    reports = db.store.reports
    still_told, settled, later = [await db.done(user=OTTO) for _ in range(3)]
    for job in (still_told, settled):
        assert await reports.add(job, MIRA, "spam", db.now)
    found = await reports.get(GUILD, settled.id, MIRA)
    assert found is not None
    assert await reports.settle(found, Outcome.DISMISSED, OTTO)
    forgetting = await asked(db)
    db.now += 1
    assert await reports.add(later, MIRA, "spam too", db.now)
    await db.store.forgettings.rename(forgetting)
    assert await reports.get(GUILD, settled.id, MIRA) is None
    kept = await reports.get(GUILD, later.id, MIRA)
    assert kept is not None
    assert kept.user_id == MIRA
    await db.db_write("insert into guild (guild_id, mod_log_channel_id, updated_ms) values ($1, 5, 0)", GUILD)
    db.now += DAY_MS
    [batch] = await db.store.mod_log.take(db.now)
    _, hashed = await ids_of(db)
    told = {report.job_id: (report.user_id, report.reason) for report in await reports.in_message(batch.id)}
    assert told == {still_told.id: (hashed, ""), later.id: (MIRA, "spam too")}
    [event] = [event for event in batch.events if event.data["job"] == still_told.id]
    assert (event.data["by"], event.data["reason"]) == (hashed, "")
    assert not await reports.add(still_told, MIRA, "once more", db.now)
    # Being forgotten again finds all of it as it is.
    await forget(db)
    assert {report.user_id for report in await reports.in_message(batch.id)} == {hashed}


async def test_in_the_end_no_row_names_the_member_nor_says_what_they_asked_for(db: DbFixture) -> None:
    await db.share(await db.done())
    await db.failed()
    await db.running()
    await db.store.strikes.add(await db.failed(), "2026-11-18")
    forgetting = await forget(db)
    await finish_removals(db)
    assert await db.store.forgettings.let_go(forgetting, 2) == 2
    while await db.store.forgettings.let_go(forgetting, 2):
        pass
    assert not await db.store.forgettings.end(forgetting)
    [row] = await db.database.fetch("select id from job where state = 'running'")
    ready = await db.succeed(await db.claim(await db.get(row["id"])))
    await db.store.jobs.finish(await db.claim(ready))
    await finish_removals(db)
    assert await db.store.forgettings.let_go(forgetting, 2) == 1
    assert await db.store.forgettings.end(forgetting)
    assert await db.store.forgettings.next_due_ms() is None
    everything = repr(await db.everything())
    assert f" {MIRA}," not in everything
    assert "paper boat" not in everything
    await check(db)


async def end_forgetting(db: DbFixture, forgetting: Forgetting) -> None:
    """Forget all that is left, now that it is at its end."""
    await strike_all(db, forgetting)
    await end_all(db)
    await finish_removals(db)
    while await db.store.forgettings.let_go(forgetting, 9):
        pass
    assert await db.store.forgettings.end(forgetting)


async def test_a_moderator_who_is_forgotten_is_not_named_by_the_jobs_that_they_took_back(db: DbFixture) -> None:
    theirs, later = await db.queued(), await db.queued(user=OTTO)
    block = MemberBlock(MIRA, None, "spam", MODERATOR, db.now)
    await db.store.member_blocks.put(GUILD, block, db.now)
    await db.store.jobs.fail_all(later, Cancelled(OTTO), db.now)
    await end_all(db)
    forgetting = await forget(db, MODERATOR)
    await end_forgetting(db, forgetting)
    _, hashed = await ids_of(db, MODERATOR)
    assert (await db.get(theirs.id)).error_data == {"by": hashed}
    assert (await db.get(later.id)).error_data == {"by": OTTO}
    assert f"{MODERATOR}" not in repr([row[1:] for row in (await db.everything())["job"]]).replace(str(hashed), "")


async def first_writes(db: DbFixture, do: Callable[[DbFixture], Awaitable[object]]) -> list[str]:
    """Name the tables that are written to, in the order in which that begins."""
    recorder = Recorder(db.database)
    await do(DbFixture(db.database, Store(recorder, DEFAULTS), db.now, db.requests))
    written = (re.match(r"\s*(?:update|insert into|delete from) (\w+)", sql) for sql in recorder.statements)
    return list(dict.fromkeys(found[1] for found in written if found))


async def test_forgetting_a_moderator_and_removing_a_job_hold_what_both_touch_in_one_order(db: DbFixture) -> None:
    job = await db.done()
    await db.share(job)
    await db.store.reports.add(job, MODERATOR, "not nice", db.now)
    assert await db.store.films.ask(Film(job.id, 0, MODERATOR, token_until_ms=0, asked_ms=db.now)) is not None
    forgetting = await asked(db, MODERATOR)
    forgetting_in = await first_writes(db, lambda other: other.store.forgettings.rename(forgetting))
    removing_in = await first_writes(
        db, lambda other: other.store.removals.strike(GUILD, [job.id], OTTO, "", other.now)
    )
    both = [table for table in removing_in if table in forgetting_in]
    assert {"job", "removal", "favourite", "film", "share", "report"} <= set(both)
    assert [table for table in forgetting_in if table in both] == both


async def test_a_shot_that_was_made_anew_goes_under_no_name_with_the_card_that_it_shares(db: DbFixture) -> None:
    one, *_ = await db.queued_shots(1)
    done = await db.finish_shot(one)
    forgetting = await asked(db)
    db.now += 5
    again = await db.done()
    await db.db_write("update job set storyboard_id = $2, shot = 0 where id = $1", again.id, done.storyboard_id)
    await strike_all(db, forgetting)
    await db.store.forgettings.rename(forgetting)
    assert (await db.get(again.id)).removed_ms is not None
    assert not await db.store.forgettings.end(forgetting)
    await end_forgetting(db, forgetting)
    _, hashed = await ids_of(db)
    assert (await db.get(again.id)).user_id == (await db.get(done.id)).user_id == hashed
    await check(db)


async def test_what_was_charged_while_they_were_forgotten_stands_under_no_name(db: DbFixture) -> None:
    forgetting = await forget(db)
    # It was asked for before, and its charge came last.
    late = await db.queued()
    await end_forgetting(db, forgetting)
    own, hashed = await ids_of(db)
    assert (await db.get(late.id)).user_id == hashed
    for table in ("account", "ledger"):
        rows = await db.database.fetch(f"select user_id from {table} where user_id <> $1", SERVER)  # noqa: S608  # our own names
        assert {row["user_id"] for row in rows} == {hashed}
    assert await db.used(own) == 0
    await check(db)


async def test_previews_of_afterwards_and_those_of_which_a_job_came_keep_their_files(db: DbFixture) -> None:
    source = await db.done(user=OTTO)
    confirmed = await db.done(user=OTTO)
    for preview_id in ("a draft", confirmed.id):
        await db.store.region_previews.add(RegionPreview(preview_id, GUILD, MIRA, source.id, "words", (), db.now))
    forgetting = await asked(db)
    later = RegionPreview("a later draft", GUILD, MIRA, source.id, "words", (), db.now + 1)
    await db.store.region_previews.add(later)
    assert await db.store.forgettings.previews(forgetting) == ["a draft"]


async def test_what_is_asked_for_afterwards_stays(db: DbFixture) -> None:
    old = await db.done()
    forgetting = await asked(db)
    db.now += 1
    new = await db.done()
    await strike_all(db, forgetting)
    await db.store.forgettings.rename(forgetting)
    await finish_removals(db)
    await db.store.forgettings.let_go(forgetting, 9)
    assert await db.store.forgettings.end(forgetting)
    assert (await db.get(old.id)).user_id < 0
    assert await db.store.jobs.get(new.id) == new
    await check(db)


async def test_a_part_that_was_done_is_not_done_again(db: DbFixture) -> None:
    await db.done()
    forgetting = await forget(db)
    db.now += DAY_MS
    await db.done()
    await db.store.forgettings.rename(forgetting)
    own, hashed = await ids_of(db)
    assert (await db.used(own), await db.used(hashed)) == (8, 8)


async def test_a_server_tells_members_apart_and_hides_who_they_are_elsewhere(db: DbFixture) -> None:
    ids = [await ids_of(db, user, guild) for user in (MIRA, OTTO) for guild in (1, 2)]
    assert len({one.hashed for one in ids}) == 4
    assert all(-(1 << 63) < one.hashed < 0 for one in ids)
    assert TABLES  # the tables that the tests above look at


@pytest.mark.parametrize("turn", range(8))
async def test_books_stay_exact_while_jobs_end_and_are_charged(engine: Engine, turn: int) -> None:
    async with engine.open_store() as one, engine.open_store() as other:
        running = await one.claim(await one.running())
        failing = await one.submitting()
        received = await one.claim(await one.receive())
        other.now, other.requests = one.now, 100
        doing: list[Callable[[], Awaitable[object]]] = [
            lambda: forget(other),
            lambda: one.succeed(running, clips=1),
            lambda: one.fail(failing),
            lambda: one.charge(received),
            lambda: one.store.accounts.grant(GUILD, MIRA, (), 3, "grant", one.now),
        ]
        shifted = doing[turn % len(doing) :] + doing[: turn % len(doing)]
        ends = await asyncio.gather(*(do() for do in shifted), return_exceptions=True)
        assert not [end for end in ends if isinstance(end, BaseException) and "Lost" not in type(end).__name__], ends
        await db_invariants.check_used(one.database)
        await db_invariants.check_granted(one.database)
        await db_invariants.check_ends(one.database)
        own, hashed = await ids_of(one)
        assert await one.used(SERVER) == await one.used(own) + await one.used(hashed)


async def test_a_member_who_moved_house_is_known_again(db: DbFixture) -> None:
    own = await ids_of(db)
    fresh = type(db.store.member_ids)()
    assert await fresh.of(db.database, GUILD, MIRA) == own
    job: Job = await db.done()
    assert job.user_id == own.own
