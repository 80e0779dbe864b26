"""Each transition of a job, T0 to T8 (DESIGN, section 4): what one transaction writes."""

import pytest

from bot.db.schema import SERVER
from bot.domain.job import ACTIVE_STATES, Clip, Frame, State
from bot.errors import LostLease
from tests.support.db_fixture import HOUR_MS, LEASE_MS, MIRA, DbFixture, room


async def test_t0_writes_a_job_that_is_due_at_once_and_costs_nothing(db: DbFixture) -> None:
    new = db.new_job(dedupe_key="extend:11:abc:1:low", message_id=7, roles=(3, 4), file_limit=5)
    job = await db.store.jobs.receive(new)
    assert job == await db.get(job.id)
    assert (job.state, job.due_ms, job.lease, job.epoch, job.cost) == (State.RECEIVED, db.now, None, 0, 0)
    for field in ("id", "request_id", "dedupe_key", "message_id", "roles", "file_limit", "params", "token", "kind"):
        assert getattr(job, field) == getattr(new, field)
    assert not job.charged
    assert await db.ledger(job) == []
    assert await db.used() == 0


async def test_t0_of_the_same_interaction_gives_the_job_that_exists(db: DbFixture) -> None:
    first = await db.receive(request_id="same")
    again = await db.receive(request_id="same")
    assert again == first
    assert len(await db.store.history.unfinished()) == 1


async def test_t0_of_the_same_interaction_gives_its_job_in_every_state(db: DbFixture) -> None:
    for state in State:
        job = await db.in_state(state)
        assert (await db.receive(request_id=job.request_id)).id == job.id


@pytest.mark.parametrize("state", ACTIVE_STATES)
async def test_t0_of_the_same_click_gives_the_first_while_it_is_being_made(db: DbFixture, state: State) -> None:
    first = await db.in_state(state)
    await set_dedupe_key(db, first.id, "click")
    second = await db.receive(dedupe_key="click")
    assert second.id == first.id
    assert second.request_id == first.request_id


@pytest.mark.parametrize("state", [state for state in State if state not in ACTIVE_STATES])
async def test_t0_of_the_same_click_makes_a_second_job_when_the_first_is_made(db: DbFixture, state: State) -> None:
    first = await db.in_state(state)
    await set_dedupe_key(db, first.id, "click")
    assert (await db.receive(dedupe_key="click")).id != first.id


@pytest.mark.parametrize("state", State)
async def test_t0_of_an_id_that_is_taken_gives_the_job_that_has_it(db: DbFixture, state: State) -> None:
    standing = await db.in_state(state)
    again = await db.receive(id=standing.id, dedupe_key="click")
    assert (again.id, again.request_id, again.state) == (standing.id, standing.request_id, state)


async def test_t0_repeated_gives_its_own_job_even_when_a_later_click_is_being_made(db: DbFixture) -> None:
    first = await db.done(dedupe_key="click", request_id="first request")
    second = await db.receive(dedupe_key="click", request_id="a second request")
    assert first.id != second.id
    assert (await db.receive(dedupe_key="click", request_id="first request")).id == first.id
    assert (await db.receive(dedupe_key="click", request_id="a second request")).id == second.id


async def test_t1_reserves_for_member_and_server_and_keeps_the_frames(db: DbFixture) -> None:
    job = await db.claim(await db.receive())
    frames = (Frame(job.id, "start", f"{job.id}/start.png"), Frame(job.id, "end", f"{job.id}/end.png"))
    queued = await db.charge(job, frames)
    assert queued == await db.get(job.id)
    assert (queued.state, queued.cost, queued.period) == (State.QUEUED, 8, "2026-11-18")
    assert (queued.due_ms, queued.lease, queued.tries) == (None, None, 0)
    assert (await db.used(), await db.used(SERVER)) == (8, 8)
    assert await db.ledger(job) == [("reserve", 8)]
    assert await db.store.clips.frames(job.id) == {frame.role: frame for frame in frames}


async def test_t1_after_a_crash_keeps_the_frames_that_were_made_anew(db: DbFixture) -> None:
    job = await db.claim(await db.receive())
    await db.db_write("insert into frame (job_id, role, media_file) values ($1, 'start', 'old.png')", job.id)
    await db.charge(job, (Frame(job.id, "start", "new.png"),))
    assert (await db.store.clips.frames(job.id))["start"].media_file == "new.png"


async def test_t2_leases_due_jobs_raises_the_epoch_and_looks_again_when_the_lease_ends(db: DbFixture) -> None:
    job = await db.receive()
    (claimed,) = await db.store.leases.claim("one", db.now, db.now + LEASE_MS, room(10))
    assert claimed == await db.get(job.id)
    assert (claimed.lease, claimed.epoch, claimed.due_ms) == ("one", 1, db.now + LEASE_MS)
    assert claimed.state is State.RECEIVED


async def test_t3_fixes_token_callback_lease_and_deadline_before_any_call(db: DbFixture) -> None:
    queued = await db.queued()
    (job,) = await db.admit(queued)
    assert job == await db.get(job.id)
    assert (job.state, job.lease, job.epoch) == (State.SUBMITTING, "one", queued.epoch + 1)
    assert job.client_token is not None
    assert job.callback_hash is not None
    assert job.due_ms == db.now + LEASE_MS
    assert (job.submitted_ms, job.deadline_ms) == (db.now, db.now + HOUR_MS)


async def test_t3b_puts_a_refused_job_back_with_its_credits_still_reserved(db: DbFixture) -> None:
    job = await db.submitting()
    queued = await db.store.jobs.requeue(job, db.now + 60_000)
    assert queued == await db.get(job.id)
    assert (queued.state, queued.due_ms, queued.tries, queued.lease) == (State.QUEUED, db.now + 60_000, 1, None)
    assert (queued.client_token, queued.callback_hash, queued.submitted_ms, queued.deadline_ms) == (None,) * 4
    assert await db.ledger(job) == [("reserve", 8)]
    assert await db.used() == 8


async def test_t4_writes_the_providers_id_and_the_first_poll(db: DbFixture) -> None:
    job = await db.submitting()
    running = await db.store.jobs.mark_running(job.client_token or "", "remote", db.now + 5000)
    assert running == await db.get(job.id)
    assert running is not None
    assert (running.state, running.remote_id, running.due_ms) == (State.RUNNING, "remote", db.now + 5000)
    assert (running.lease, running.tries) == (None, 0)


async def test_t4_is_fenced_by_the_client_token_alone(db: DbFixture) -> None:
    job = await db.submitting()
    db.now += LEASE_MS
    await db.claim(job, lease="another")
    assert (await db.accept(job)).state is State.RUNNING


async def test_t4_happens_once(db: DbFixture) -> None:
    job = await db.submitting()
    await db.accept(job)
    before = await db.everything()
    assert await db.store.jobs.mark_running(job.client_token or "", "another remote", db.now) is None
    assert await db.everything() == before


@pytest.mark.parametrize("token", ["", "unknown"])
async def test_t4_of_a_token_that_no_job_has_writes_nothing(db: DbFixture, token: str) -> None:
    for state in State:
        await db.in_state(state)
    before = await db.everything()
    assert await db.store.jobs.mark_running(token, "remote", db.now) is None
    assert await db.everything() == before


async def test_t4_of_a_job_that_was_turned_away_and_waits_again_writes_nothing(db: DbFixture) -> None:
    job = await db.submitting()
    await db.store.jobs.requeue(job, db.now)
    assert await db.store.jobs.mark_running(job.client_token or "", "remote", db.now) is None


async def test_t4_of_an_id_that_another_job_has_writes_nothing(db: DbFixture) -> None:
    first = await db.running()
    job = await db.submitting()
    before = await db.everything()
    assert await db.store.jobs.mark_running(job.client_token or "", first.remote_id or "", db.now) is None
    assert await db.everything() == before
    elsewhere = await db.submitting(provider="acedata")
    assert await db.store.jobs.mark_running(elsewhere.client_token or "", first.remote_id or "", db.now) is not None


async def test_t5_keeps_the_clips_and_settles_the_price(db: DbFixture) -> None:
    job = await db.claim(await db.running())
    ready = await db.succeed(job)
    assert ready == await db.get(job.id)
    assert (ready.state, ready.due_ms, ready.finished_ms) == (State.READY, db.now, db.now)
    assert (ready.lease, ready.tries, ready.progress) == (None, 0, 100)
    assert (ready.extend_ref, ready.provider_cost) == (f"remote {job.id}", "40")
    assert await db.store.clips.clips(job.id) == [
        Clip(job.id, slot, f"https://cdn.example/{job.id}/{slot}.mp4") for slot in range(4)
    ]
    assert await db.ledger(job) == [("reserve", 8), ("settle", 0)]
    assert (await db.used(), await db.used(SERVER)) == (8, 8)


async def test_t5_with_fewer_clips_gives_the_difference_back(db: DbFixture) -> None:
    job = await db.claim(await db.running())
    await db.succeed(job, clips=3)
    assert await db.ledger(job) == [("reserve", 8), ("settle", -2)]
    assert (await db.used(), await db.used(SERVER)) == (6, 6)


@pytest.mark.parametrize("state", [State.QUEUED, State.SUBMITTING, State.RUNNING])
async def test_t6_gives_all_credits_back_and_keeps_the_reason(db: DbFixture, state: State) -> None:
    job = await db.in_state(state)
    failing = await db.fail(job)
    assert failing == await db.get(job.id)
    assert (failing.state, failing.due_ms, failing.finished_ms) == (State.FAILING, db.now, db.now)
    assert (failing.lease, failing.tries, failing.error_code) == (None, 0, "job_failed")
    assert failing.error_data == {"reason": "upstream", "provider": "TTAPI", "final": True}
    assert await db.ledger(job) == [("reserve", 8), ("refund", -8)]
    assert (await db.used(), await db.used(SERVER)) == (0, 0)


async def test_t6_of_a_job_that_reserved_nothing_writes_no_line(db: DbFixture) -> None:
    job = await db.in_state(State.RECEIVED)
    assert (await db.fail(job)).state is State.FAILING
    assert await db.ledger(job) == []


@pytest.mark.parametrize(("state", "end"), [(State.READY, State.DONE), (State.FAILING, State.FAILED)])
async def test_t7_ends_a_job_and_forgets_the_interaction(db: DbFixture, state: State, end: State) -> None:
    ended = await db.store.jobs.finish(await db.in_state(state))
    assert ended == await db.get(ended.id)
    assert (ended.state, ended.due_ms, ended.lease) == (end, None, None)
    assert (ended.token, ended.token_until_ms) == (None, 0)


async def test_t7_without_a_way_to_the_member_keeps_the_result_and_says_so(db: DbFixture) -> None:
    done = await db.store.jobs.finish(await db.in_state(State.READY), undeliverable=True)
    assert (done.state, done.error_code) == (State.DONE, "undeliverable")
    assert len(await db.store.clips.clips(done.id)) == 4
    assert await db.used() == 8


async def test_t7_of_a_failure_that_cannot_be_told_keeps_its_reason(db: DbFixture) -> None:
    failed = await db.store.jobs.finish(await db.in_state(State.FAILING), undeliverable=True)
    assert (failed.state, failed.error_code) == (State.FAILED, "job_failed")


@pytest.mark.parametrize("state", [State.FAILING, State.FAILED])
async def test_t8_an_answer_found_after_all_revives_the_job_free_for_the_member(db: DbFixture, state: State) -> None:
    job = await db.in_state(state)
    revived = await db.accept(job)
    assert revived == await db.get(job.id)
    assert (revived.state, revived.lease, revived.due_ms) == (State.RUNNING, None, db.now + 5000)
    assert (revived.error_code, revived.error_data, revived.finished_ms) == (None, None, None)

    await db.succeed(await db.claim(revived))
    assert await db.ledger(job) == [("reserve", 8), ("refund", -8)]
    assert await db.used() == 0


async def test_t8_of_a_revived_job_that_fails_again_refunds_nothing_more(db: DbFixture) -> None:
    revived = await db.accept(await db.failed())
    await db.running()
    await db.fail(await db.claim(revived))
    assert await db.ledger(revived) == [("reserve", 8), ("refund", -8)]
    assert await db.used(MIRA) == 8


async def test_t8_is_not_stopped_by_the_same_click_made_anew_after_the_refund(db: DbFixture) -> None:
    lost = await db.failed(dedupe_key="click")
    again = await db.running(dedupe_key="click")
    assert again.id != lost.id
    revived = await db.accept(lost)
    assert revived.remote_id == f"remote {lost.id}"
    assert (await db.receive(dedupe_key="click")).id == again.id


async def test_t8_gives_the_job_a_new_deadline(db: DbFixture) -> None:
    job = await db.failed()
    found = db.now + 24 * HOUR_MS
    revived = await db.store.jobs.mark_running(job.client_token or "", "remote", found, found + HOUR_MS)
    assert revived is not None
    assert revived.deadline_ms == found + HOUR_MS


async def test_t8_never_revives_a_job_that_has_its_result(db: DbFixture) -> None:
    for state in (State.READY, State.DONE):
        job = await db.in_state(state)
        assert await db.store.jobs.mark_running(job.client_token or "", "another", db.now) is None


async def test_a_settle_is_never_followed_by_a_refund(db: DbFixture) -> None:
    job = await db.claim(await db.running())
    await db.succeed(job)
    with pytest.raises(LostLease):
        await db.fail(job)
    assert await db.ledger(job) == [("reserve", 8), ("settle", 0)]


async def test_a_refund_goes_to_the_period_that_paid(db: DbFixture) -> None:
    job = await db.submitting()
    db.now += 24 * HOUR_MS
    await db.queued()
    await db.fail(await db.claim(job))
    rows = await db.database.fetch("select period, user_id, used from account order by period, user_id")
    assert [tuple(dict(row).values()) for row in rows] == [
        ("2026-11-18", SERVER, 0),
        ("2026-11-18", MIRA, 0),
        ("2026-11-19", SERVER, 8),
        ("2026-11-19", MIRA, 8),
    ]


async def set_dedupe_key(db: DbFixture, job_id: str, key: str) -> None:
    await db.db_write("update job set dedupe_key = $2 where id = $1", job_id, key)
