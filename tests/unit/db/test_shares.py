"""What was shared, once a result, and the weeks whose best are shown."""

import asyncio
from dataclasses import replace

import pytest

from bot.db.shares import draw_anew, take_down
from bot.domain.job import Job, Kind
from bot.domain.showcase import Share, week_ends_ms, week_of
from tests.support.db_fixture import GUILD, MIRA, DbFixture

SHOWCASE = 77


def of(db: DbFixture, job: Job, slot: int = 0, **fields: object) -> Share:
    share = Share(job.id, slot, GUILD, MIRA, SHOWCASE, week_of(db.now), db.now, due_ms=db.now, token="a token")
    return replace(share, **fields)  # pyright: ignore[reportArgumentType]  # each test names what it changes


async def shared(db: DbFixture, job: Job | None = None, slot: int = 0, message_id: int = 9) -> Share:
    """Share a result that is posted."""
    asked = await db.store.shares.ask(of(db, job or await db.done(), slot), week_ends_ms(db.now))
    assert asked is not None
    await db.store.shares.settle(asked, message_id)
    return await known(db, asked)


async def known(db: DbFixture, share: Share) -> Share:
    found = await db.store.shares.get(share.job_id, share.slot)
    assert found is not None
    return found


async def test_a_result_is_due_until_it_is_posted_and_then_known(db: DbFixture) -> None:
    job = await db.done()
    asked = await db.store.shares.ask(of(db, job), week_ends_ms(db.now))
    assert asked is not None
    assert asked == of(db, job)
    assert await db.store.shares.waiting(9) == [asked]
    await db.store.shares.settle(asked, 9)
    assert await db.store.shares.waiting(9) == []
    assert await known(db, asked) == replace(asked, message_id=9, due_ms=None, token=None)
    assert await db.store.shares.get(job.id, 1) is None


async def test_while_it_is_under_way_nobody_shares_it_again_and_two_at_once_are_one(db: DbFixture) -> None:
    job = await db.done()
    asked = await asyncio.gather(
        *(db.store.shares.ask(of(db, job, token=str(number)), week_ends_ms(db.now)) for number in range(4))
    )
    [first] = [one for one in asked if one is not None]
    assert await db.store.shares.waiting(9) == [first]


async def test_what_is_posted_stays_where_it_is_for_who_asks_again(db: DbFixture) -> None:
    share = await shared(db)
    db.now += 10 * 24 * 3_600_000
    again = await db.store.shares.ask(
        replace(share, channel_id=78, week="another", shared_ms=db.now, due_ms=db.now, token="b", again=1),
        week_ends_ms(db.now),
    )
    assert again == replace(share, due_ms=db.now, token="b", again=1)
    assert [week.week for week in await db.store.shares.due_weeks(2**60, 9)] == [share.week]


async def test_what_was_given_up_can_be_shared_later_in_another_week(db: DbFixture) -> None:
    job = await db.done()
    asked = await db.store.shares.ask(of(db, job), week_ends_ms(db.now))
    assert asked is not None
    await db.store.shares.settle(asked, None)
    db.now += 10 * 24 * 3_600_000
    again = await db.store.shares.ask(of(db, job, channel_id=78), week_ends_ms(db.now))
    assert again is not None
    assert (again.week, again.channel_id, again.shared_ms) == (week_of(db.now), 78, db.now)


async def test_what_is_posted_anew_counts_in_the_week_and_channel_of_the_new_wish(db: DbFixture) -> None:
    share = await shared(db)
    db.now += 10 * 24 * 3_600_000
    wish = replace(share, channel_id=78, week=week_of(db.now), shared_ms=db.now)
    begun = await db.store.shares.begin_anew(wish, share, week_ends_ms(db.now))
    assert begun == replace(wish, message_id=None)
    assert {week.week for week in await db.store.shares.due_weeks(2**60, 9)} == {share.week, wish.week}
    assert await db.store.shares.begin_anew(wish, share, week_ends_ms(db.now)) is None


async def test_what_was_among_the_best_is_never_again_wherever_it_is_posted_anew(db: DbFixture) -> None:
    share = await shared(db)
    [week] = await db.store.shares.due_weeks(2**60, 9)
    await db.store.shares.choose(week, [(share, 5)], SHOWCASE)
    db.now += 10 * 24 * 3_600_000
    wish = replace(share, channel_id=78, week=week_of(db.now), shared_ms=db.now)
    begun = await db.store.shares.begin_anew(wish, share, week_ends_ms(db.now))
    assert begun is not None
    assert (begun.week, begun.channel_id) == (share.week, 78)
    await db.store.shares.give_up(begun)
    again = await db.store.shares.ask(replace(wish, due_ms=db.now), week_ends_ms(db.now))
    assert again is not None
    assert again.week == share.week


async def test_what_was_taken_down_is_not_posted_anew(db: DbFixture) -> None:
    share = await shared(db)
    async with db.database.transaction() as tx:
        await take_down(tx, [share.job_id], db.now)
    assert await db.store.shares.begin_anew(replace(share, channel_id=78), share, week_ends_ms(db.now)) is None


async def test_what_is_given_up_stays_where_it_is_and_is_due_where_it_changed(db: DbFixture) -> None:
    for message_id in (9, None):
        share = await shared(db)
        if message_id is None:
            await db.store.shares.settle(share, None)
        asked = await db.store.shares.ask(replace(share, due_ms=db.now, token="b"), week_ends_ms(db.now))
        assert asked is not None
        await db.store.history.set_spoiler(share.job_id, 1, db.now)
        await db.store.shares.give_up(asked)
        left = await known(db, share)
        assert (left.message_id, left.due_ms is None, left.token) == (message_id, message_id is None, None)


async def test_a_week_is_due_once_it_is_over(db: DbFixture) -> None:
    share = await shared(db)
    await shared(db)
    ends = week_ends_ms(db.now)
    assert await db.store.shares.due_weeks(ends - 1, 9) == []
    [week] = await db.store.shares.due_weeks(ends, 9)
    assert (week.guild_id, week.week, week.due_ms, week.chosen) == (GUILD, share.week, ends, 0)
    assert share in await db.store.shares.of_week(week)
    await db.store.shares.settle_week(week, SHOWCASE, 10)
    assert await db.store.shares.due_weeks(2**60, 9) == []
    settled = await db.store.shares.week(GUILD, week.week)
    assert settled == replace(week, due_ms=None, channel_id=SHOWCASE, message_id=10)


async def test_a_weeks_best_are_chosen_once(db: DbFixture) -> None:
    one, other = await shared(db), await shared(db)
    [week] = await db.store.shares.due_weeks(2**60, 9)
    await db.store.shares.choose(week, [(other, 5)], SHOWCASE)
    await db.store.shares.choose(week, [(one, 9)], SHOWCASE)
    assert await db.store.shares.best(week) == [replace(other, lifted=1, stars=5)]
    chosen = replace(week, chosen=1, channel_id=SHOWCASE)
    assert await db.store.shares.week(GUILD, week.week) == chosen
    await db.store.shares.move_week(chosen, 78)
    assert await db.store.shares.week(GUILD, week.week) == replace(chosen, channel_id=78)


async def test_the_best_are_listed_by_their_stars_and_then_their_age(db: DbFixture) -> None:
    few, many, late = await shared(db), await shared(db), await shared(db)
    [week] = await db.store.shares.due_weeks(2**60, 9)
    await db.store.shares.choose(week, [(late, 2), (few, 2), (many, 7)], SHOWCASE)
    best = await db.store.shares.best(week)
    assert best[0].job_id == many.job_id
    assert [one.job_id for one in best[1:]] == sorted([few.job_id, late.job_id])


async def test_what_is_shared_of_a_removed_job_is_due_to_go_and_never_comes_back(db: DbFixture) -> None:
    job, other = await db.done(), await db.done()
    shares = [await shared(db, job, slot) for slot in (0, 2)]
    kept = await shared(db, other)
    async with db.database.transaction() as tx:
        await take_down(tx, [job.id, "another"], db.now + 1)
    assert [(one.slot, one.taken_down, one.due_ms) for one in await db.store.shares.waiting(9)] == [
        (0, 1, db.now + 1),
        (2, 1, db.now + 1),
    ]
    assert await known(db, kept) == kept
    [week] = await db.store.shares.due_weeks(2**60, 9)
    assert [one.job_id for one in await db.store.shares.of_week(week)] == [other.id]
    for share in await db.store.shares.waiting(9):
        await db.store.shares.settle(share, None)
    assert await db.store.shares.waiting(9) == []
    assert await db.store.shares.ask(of(db, job), week_ends_ms(db.now)) is None
    assert (await known(db, shares[0])).message_id is None


async def test_striking_a_job_takes_down_what_is_shared_of_it_in_the_same_transaction(db: DbFixture) -> None:
    job = await db.done()
    share, kept = await shared(db, job), await shared(db)
    await db.store.removals.strike(GUILD, [job.id], 12, "", db.now + 5)
    assert await db.store.shares.waiting(9) == [replace(share, taken_down=1, due_ms=db.now + 5)]
    assert await known(db, kept) == kept


async def test_what_is_shared_of_a_job_that_loses_its_prompt_is_drawn_anew(db: DbFixture) -> None:
    film = await db.done()
    child = await db.done(kind=Kind.EXTEND, parent_job_id=film.id, parent_slot=0, message_id=7)
    share = await shared(db, child)
    await db.store.removals.strike(GUILD, [film.id], 12, "", db.now)
    [heir] = [one async for one in db.store.removal_work.heirs(film.id)]
    await db.store.removal_work.disinherit(heir, film.id, db.now + 5)
    assert await db.store.shares.waiting(9) == [replace(share, due_ms=db.now + 5)]


async def test_what_is_removed_while_it_is_being_posted_stays_due_with_its_message(db: DbFixture) -> None:
    asked = await db.store.shares.ask(of(db, await db.done()), week_ends_ms(db.now))
    assert asked is not None
    async with db.database.transaction() as tx:
        await take_down(tx, [asked.job_id], db.now)
    await db.store.shares.settle(asked, 9)
    [left] = await db.store.shares.waiting(9)
    assert (left.message_id, left.taken_down) == (9, 1)


async def test_removing_one_of_a_weeks_best_lets_their_message_be_drawn_anew(db: DbFixture) -> None:
    best, other = await shared(db), await shared(db)
    [week] = await db.store.shares.due_weeks(2**60, 9)
    await db.store.shares.choose(week, [(best, 5)], SHOWCASE)
    await db.store.shares.settle_week(week, SHOWCASE, 10)
    async with db.database.transaction() as tx:
        await take_down(tx, [other.job_id], db.now)
    assert await db.store.shares.due_weeks(2**60, 9) == []
    async with db.database.transaction() as tx:
        await take_down(tx, [best.job_id], db.now)
    [again] = await db.store.shares.due_weeks(db.now, 9)
    assert (again.message_id, await db.store.shares.best(again)) == (10, [])


async def test_a_week_that_showed_nothing_stays_over_when_something_is_removed(db: DbFixture) -> None:
    best = await shared(db)
    [week] = await db.store.shares.due_weeks(2**60, 9)
    await db.store.shares.choose(week, [(best, 5)], SHOWCASE)
    await db.store.shares.settle_week(week, None, None)
    async with db.database.transaction() as tx:
        await take_down(tx, [best.job_id], db.now)
    assert await db.store.shares.due_weeks(2**60, 9) == []


async def test_a_removal_while_the_best_are_being_posted_lets_them_be_seen_to_again(db: DbFixture) -> None:
    best = await shared(db)
    [week] = await db.store.shares.due_weeks(2**60, 9)
    await db.store.shares.choose(week, [(best, 5)], SHOWCASE)
    async with db.database.transaction() as tx:
        await take_down(tx, [best.job_id], db.now)
    await db.store.shares.settle_week(week, SHOWCASE, 10)
    [again] = await db.store.shares.due_weeks(2**60, 9)
    assert (again.due_ms, again.message_id) == (db.now, 10)


async def test_hiding_a_card_lets_what_was_shared_of_it_be_drawn_anew(db: DbFixture) -> None:
    job, given_up = await db.done(), await shared(db)
    share = await shared(db, job)
    await db.store.shares.settle(given_up, None)
    await db.store.history.set_spoiler(job.id, 1, db.now + 5)
    assert (await known(db, share)).due_ms == db.now + 5
    async with db.database.transaction() as tx:
        await draw_anew(tx, given_up.job_id, None, db.now + 7)
    assert await known(db, share) == replace(share, due_ms=db.now + 5)
    assert (await known(db, given_up)).due_ms is None


@pytest.mark.parametrize("later", [0, 5])
async def test_what_is_hidden_while_it_is_being_posted_is_drawn_anew_then(db: DbFixture, later: int) -> None:
    asked = await db.store.shares.ask(of(db, await db.done()), week_ends_ms(db.now))
    assert asked is not None
    async with db.database.transaction() as tx:
        await draw_anew(tx, asked.job_id, None, db.now + later)
    await db.store.shares.settle(asked, 9)
    [left] = await db.store.shares.waiting(9)
    assert (left.message_id, left.token) == (9, None)
    await db.store.shares.put_off(asked, db.now + 50, 2)
    assert await db.store.shares.waiting(9) == [left]


async def test_a_try_again_waits_for_its_time(db: DbFixture) -> None:
    asked = await db.store.shares.ask(of(db, await db.done()), week_ends_ms(db.now))
    assert asked is not None
    await db.store.shares.put_off(asked, db.now + 50, 2)
    assert await db.store.shares.waiting(9) == [replace(asked, due_ms=db.now + 50, tries=2)]
    [week] = await db.store.shares.due_weeks(2**60, 9)
    await db.store.shares.put_off_week(week, week_ends_ms(db.now) + 50, 2)
    assert await db.store.shares.due_weeks(week_ends_ms(db.now) + 49, 9) == []
