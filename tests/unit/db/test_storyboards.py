"""Storyboards: all shots are written, charged and ended together or not at all, and wait for one another."""

import asyncio
from dataclasses import replace

import pytest

from bot.db.store import Defaults
from bot.domain.job import Frame, Job, State
from bot.domain.periods import Period
from bot.domain.storyboard import Shot, StoryboardState, latest, was_refused
from bot.errors import Cancelled, ServerLeft, ServerOutOfCredits, TooFewCredits, TooManyOpen
from tests.support import db_invariants
from tests.support.db_engines import Engine
from tests.support.db_fixture import DAY_MS, GUILD, MIRA, NOON, DbFixture


def states(jobs: list[Job]) -> list[str]:
    return [job.state for job in jobs]


async def shots_of(db: DbFixture, job: Job) -> list[Job]:
    return await db.store.storyboards.jobs(job.storyboard_id or "")


async def waiting(db: DbFixture) -> list[str]:
    return await db.store.queue.next_in_line("ttapi", 100, 100, db.now)


async def test_a_storyboard_is_read_as_it_was_written(db: DbFixture) -> None:
    storyboard = await db.storyboard()
    assert storyboard.state is StoryboardState.PREVIEWED
    assert [shot.prompt for shot in storyboard.shots] == ["shot 1", "shot 2", "shot 3"]
    assert await db.store.storyboards.get(storyboard.id) == storyboard
    assert await db.store.storyboards.get("another") is None


async def test_a_form_that_is_sent_twice_stays_as_it_was_sent_first(db: DbFixture) -> None:
    storyboard = await db.storyboard(3)
    again = await db.store.storyboards.preview(replace(storyboard, shots=storyboard.shots[:2]), db.now)
    assert again == storyboard


async def test_refused_lines_are_kept_until_some_are_shown_and_only_their_own_members(db: DbFixture) -> None:
    storyboards = db.store.storyboards
    shown = await db.storyboard()
    asked = replace(shown, id="asked", state=StoryboardState.ASKED, shots=())
    await storyboards.add(asked)
    lines = (Shot("a boat\n--v 7"),)
    for storyboard, member in ((asked, MIRA), (asked, MIRA + 1), (shown, MIRA)):
        await storyboards.keep_lines(storyboard.id, member, lines if member == MIRA else ())
    assert await storyboards.get("asked") == replace(asked, shots=lines)
    assert await storyboards.get(shown.id) == shown


async def test_all_shots_are_written_at_once_and_only_the_first_is_due(db: DbFixture) -> None:
    jobs = await db.make(await db.storyboard())
    assert states(jobs) == [State.RECEIVED] * 3
    assert [job.due_ms for job in jobs] == [NOON, None, None]
    assert [job.shot for job in await shots_of(db, jobs[0])] == [0, 1, 2]
    assert await db.used() == 0


async def test_a_second_press_writes_nothing(db: DbFixture) -> None:
    storyboard = await db.storyboard()
    first = await db.make(storyboard)
    assert await db.make(storyboard) == []
    assert await shots_of(db, first[0]) == first


async def test_two_presses_at_once_write_one_storyboard(engine: Engine) -> None:
    async with engine.open_store("shared") as one, engine.open_store("shared") as other:
        storyboard = await one.storyboard()
        other.requests = 100
        written = await asyncio.gather(one.make(storyboard), other.make(storyboard))
        assert sorted(len(jobs) for jobs in written) == [0, 3]
        assert len(await one.store.storyboards.jobs(storyboard.id)) == 3


async def test_a_storyboard_that_was_discarded_cannot_be_made(db: DbFixture) -> None:
    storyboard = await db.storyboard()
    await db.store.storyboards.discard(storyboard.id)
    assert await db.make(storyboard) == []


async def test_one_that_is_made_is_not_discarded_or_forgotten(db: DbFixture) -> None:
    storyboard = await db.storyboard()
    await db.make(storyboard)
    await db.store.storyboards.discard(storyboard.id)
    await db.store.storyboards.forget(db.now + DAY_MS)
    assert await db.store.storyboards.get(storyboard.id) is not None


async def test_old_forms_and_previews_are_forgotten(db: DbFixture) -> None:
    storyboard = await db.storyboard()
    await db.store.storyboards.forget(NOON)
    assert await db.store.storyboards.get(storyboard.id) is not None
    await db.store.storyboards.forget(NOON + 1)
    assert await db.store.storyboards.get(storyboard.id) is None


async def test_all_shots_are_charged_together_each_with_its_own_line(db: DbFixture) -> None:
    jobs = await db.queued_shots()
    assert states(jobs) == [State.QUEUED] * 3
    assert [await db.ledger(job) for job in jobs] == [[("reserve", 2)]] * 3
    assert [job.due_ms for job in jobs] == [None] * 3
    assert await db.used() == 6


@pytest.mark.parametrize(
    ("defaults", "refusal"),
    [
        (Defaults(credits=5, period=Period.DAY), TooFewCredits),
        (Defaults(credits=100, period=Period.DAY, server_credits=5), ServerOutOfCredits),
    ],
)
async def test_one_that_is_too_dear_charges_no_shot(
    engine: Engine, defaults: Defaults, refusal: type[Exception]
) -> None:
    async with engine.open_store(defaults=defaults) as db:
        first, *_ = await db.make(await db.storyboard(3))
        claimed = await db.claim(first)
        with pytest.raises(refusal):
            await db.charge(claimed)
        assert states(await shots_of(db, first)) == [State.RECEIVED] * 3
        assert await db.used() == 0
        await db.fail(claimed)
        assert states(await shots_of(db, first)) == [State.FAILING] * 3
        assert await db.used() == 0


async def test_a_storyboard_counts_as_one_open_request_however_many_shots_it_has(engine: Engine) -> None:
    async with engine.open_store(defaults=Defaults(100, Period.DAY, most_open=3)) as db:
        await db.receive()
        assert len(await db.make(await db.storyboard(8))) == 8
        await db.receive()
        with pytest.raises(TooManyOpen):
            await db.receive()


async def test_one_that_is_made_when_too_much_is_open_stays_a_preview(engine: Engine) -> None:
    async with engine.open_store(defaults=Defaults(100, Period.DAY, most_open=2)) as db:
        storyboard = await db.storyboard(4)
        await db.db_write("update storyboard set created_ms = 0")
        await db.receive()
        await db.receive()
        with pytest.raises(TooManyOpen):
            await db.make(storyboard)
        assert await db.store.storyboards.jobs(storyboard.id) == []
        found = await db.store.storyboards.get(storyboard.id)
        assert found is not None
        assert found.state is StoryboardState.PREVIEWED


async def test_a_preview_counts_as_one_open_request(engine: Engine) -> None:
    async with engine.open_store(defaults=Defaults(100, Period.DAY, most_open=2)) as db:
        await db.receive()
        await db.storyboard()
        with pytest.raises(TooManyOpen):
            await db.storyboard()


async def test_a_shot_is_admitted_when_the_one_before_it_is_done(db: DbFixture) -> None:
    one, two, three = await db.queued_shots()
    assert await waiting(db) == [one.id]
    assert await db.admit(two, three) == []
    await db.finish_shot(one)
    assert await waiting(db) == [two.id]
    await db.finish_shot(two)
    assert await waiting(db) == [three.id]


async def test_a_shot_is_admitted_when_the_one_before_it_is_ready_and_its_clip_is_kept(db: DbFixture) -> None:
    one, two, _ = await db.queued_shots()
    (submitting,) = await db.admit(one)
    await db.succeed(await db.claim(await db.accept(submitting)))
    assert await waiting(db) == []
    await db.store.clips.set_file(one.id, 0, f"{one.id}/1.mp4", 1000)
    assert await waiting(db) == [two.id]


async def test_a_shot_is_admitted_once_the_card_shows_its_image_or_nothing_more_comes_on_it(db: DbFixture) -> None:
    one, two, _ = await db.queued_shots()
    (submitting,) = await db.admit(one)
    ready = await db.succeed(await db.claim(await db.accept(submitting)))
    await db.store.clips.add_frame(Frame(two.id, "start", f"{one.id}/1.last.jpg"))
    await db.store.clips.set_file(one.id, 0, f"{one.id}/1.mp4", 1000)
    assert await waiting(db) == []
    await db.db_write("update frame set attachment_id = 7 where job_id = $1", two.id)
    assert await waiting(db) == [two.id]
    await db.db_write("update frame set attachment_id = null where job_id = $1", two.id)
    await db.store.jobs.finish(await db.claim(ready))
    assert await waiting(db) == [two.id]


async def test_shots_that_wait_for_another_keep_nobody_waiting(db: DbFixture) -> None:
    one, two, three = await db.queued_shots()
    db.now += 1000
    alone = await db.queued()
    assert await db.store.queue.next_in_line("ttapi", 100, 2, db.now) == [one.id, alone.id]
    assert [await db.store.queue.position(job) for job in (one, alone, two, three)] == [1, 2, None, None]


async def test_a_shot_that_fails_ends_all_later_ones_each_with_its_refund(db: DbFixture) -> None:
    one, two, three = await db.queued_shots()
    await db.finish_shot(one)
    (submitting,) = await db.admit(two)
    await db.fail(submitting)
    jobs = await shots_of(db, one)
    assert states(jobs) == [State.DONE, State.FAILING, State.FAILING]
    assert [await db.ledger(job) for job in jobs] == [
        [("reserve", 2), ("settle", 0)],
        [("reserve", 2), ("refund", -2)],
        [("reserve", 2), ("refund", -2)],
    ]
    assert jobs[2].error_code == "storyboard_stopped"
    assert await db.used() == 2
    assert await waiting(db) == []
    await db_invariants.check_shots(db.database)
    assert three.id == jobs[2].id


async def test_a_failed_refund_of_a_later_shot_keeps_the_first_from_failing(db: DbFixture) -> None:
    one, _, _ = await db.queued_shots()
    (submitting,) = await db.admit(one)
    # What stands in the way of one of them stands in the way of all.
    await db.db_write("update account set used = used + 0 where user_id = $1", MIRA)
    await db.fail(submitting)
    assert states(await shots_of(db, one)) == [State.FAILING] * 3
    assert await db.used() == 0


async def test_who_takes_a_waiting_shot_back_takes_all_later_ones(db: DbFixture) -> None:
    one, two, _ = await db.queued_shots()
    await db.admit(one)
    await db.store.jobs.fail(two, Cancelled(MIRA), db.now)
    jobs = await shots_of(db, one)
    assert states(jobs) == [State.SUBMITTING, State.FAILING, State.FAILING]
    assert [job.error_code for job in jobs[1:]] == ["cancelled", "cancelled"]
    assert await db.used() == 2


async def test_the_shots_that_wait_in_a_server_that_is_left_are_refunded(db: DbFixture) -> None:
    one, *_ = await db.queued_shots()
    await db.admit(one)
    await db.store.waiting.leave(GUILD, ServerLeft(), db.now)
    assert states(await shots_of(db, one)) == [State.SUBMITTING, State.FAILING, State.FAILING]
    assert await db.used() == 2


async def test_going_on_writes_new_jobs_for_the_rest(db: DbFixture) -> None:
    one, two, _ = await db.queued_shots()
    done = await db.finish_shot(one)
    (submitting,) = await db.admit(two)
    await db.fail(submitting)
    storyboard = await db.store.storyboards.get(one.storyboard_id or "")
    assert storyboard is not None
    rest = await db.make(storyboard, 1, done)
    assert [job.shot for job in rest] == [1, 2]
    assert await db.make(storyboard, 1, done) == []
    await db.charge(await db.claim(rest[0]))
    assert await waiting(db) == [rest[0].id]
    assert await db.used() == 6
    await db_invariants.check_invariants(db.database, db.now + DAY_MS)


async def test_nothing_is_gone_on_with_while_a_shot_is_made(db: DbFixture) -> None:
    one, *_ = await db.queued_shots()
    storyboard = await db.store.storyboards.get(one.storyboard_id or "")
    assert storyboard is not None
    await db.admit(one)
    assert await db.make(storyboard, 1, one) == []


async def test_one_that_was_refused_can_be_made_after_all_with_a_card_of_its_own(db: DbFixture) -> None:
    storyboard = await db.storyboard(2)
    refused = await db.make(storyboard)
    await db.fail(await db.claim(refused[0]))
    for job in refused:
        await db.store.jobs.finish(await db.claim(job))
    assert was_refused(await db.store.storyboards.jobs(storyboard.id))
    await db.db_write("update job set message_id = 7, card_hash = 'gone', unanswered_edits = 1")
    db.now += 1000
    one, two = await db.make(storyboard)
    await db.charge(await db.claim(one))
    facts = await db.store.card_facts.read(two.id)
    assert facts is not None
    assert facts.board is not None
    # The first job keeps the card, wherever that is now.
    assert (facts.job.id, facts.job.message_id, facts.job.card_hash) == (refused[0].id, one.message_id, None)
    assert facts.job.unanswered_edits == 0
    assert [job.id for job in latest(facts.board.jobs).values()] == [one.id, two.id]


async def test_a_shot_that_comes_back_late_and_fails_ends_no_shot_of_a_later_attempt(db: DbFixture) -> None:
    one, two, three = await db.queued_shots()
    done = await db.finish_shot(one)
    (submitting,) = await db.admit(two)
    await db.fail(await db.claim(await db.accept(submitting)))
    for job in (two, three):
        await db.store.jobs.finish(await db.claim(job))
    storyboard = await db.store.storyboards.get(one.storyboard_id or "")
    assert storyboard is not None
    db.now += 1000
    rest = await db.make(storyboard, 1, done)
    await db.charge(await db.claim(rest[0]))
    await db.db_write("update job set due_ms = $2 where id = $1", two.id, db.now)
    late = await db.store.jobs.resume(await db.claim(two), db.now)
    await db.fail(await db.claim(late))
    assert states(await shots_of(db, one))[3:] == [State.QUEUED] * 2


async def test_a_shot_that_waits_for_another_is_shown_nowhere_else(db: DbFixture) -> None:
    one, two, _ = await db.queued_shots()
    await db.finish_shot(one)
    await db.admit(two)
    with pytest.raises(AssertionError):
        await db.show_again(one)
    assert [job.message_id for job in await shots_of(db, one)] == [None] * 3


async def test_shots_that_wait_for_another_are_not_about_to_try_a_provider(db: DbFixture) -> None:
    one, *_ = await db.queued_shots()
    assert await db.store.queue.is_tried("ttapi")
    (submitting,) = await db.admit(one)
    await db.accept(submitting)
    assert not await db.store.queue.is_tried("ttapi")
