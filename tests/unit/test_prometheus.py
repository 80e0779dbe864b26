"""What is told while jobs live and members ask becomes figures that Prometheus reads."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from bot.db.store import Store
from bot.domain.job import Kind, State
from bot.errors import ServerLeft
from bot.metrics import JobCount, PoolUse, ShardUse
from bot.prometheus import MOST_REMEMBERED, Prometheus
from tests.support.clock import clock_of
from tests.support.db_fixture import DEFAULTS, GUILD, MIRA, DbFixture, open_db_fixture

VIDEO = {"kind": "video", "provider": "ttapi"}


class Watched:
    """Hold a database whose transitions are heard, on one clock with it, and read the page."""

    def __init__(self, db: DbFixture) -> None:
        self.now = 1000.0
        self.db = db
        self.metrics = Prometheus(clock_of(lambda: self.db.now), lambda: self.now)
        self.db = DbFixture(db.database, Store(db.database, DEFAULTS, self.metrics), db.now)

    def value(self, name: str, **labels: str) -> float | None:
        """Read one sample; None when it is not there."""
        page = self.metrics.page([], self.db.now).decode()
        samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
        return next((one.value for one in samples if (one.name, one.labels) == (name, labels)), None)

    def stayed(self, state: State, kind: str = "video") -> tuple[float | None, float | None]:
        """Tell how many jobs left a state, and how many seconds they were in it together."""
        name, labels = "animatic_job_state_seconds", {"state": state.value, "kind": kind}
        return self.value(f"{name}_count", **labels), self.value(f"{name}_sum", **labels)

    def credits(self, event: str) -> float | None:
        return self.value("animatic_credits_total", event=event, **VIDEO)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncGenerator[Watched]:
    async with open_db_fixture(tmp_path / "animatic.db") as db:
        yield Watched(db)


async def test_a_job_is_counted_and_timed_from_its_request_to_its_end(watched: Watched) -> None:
    db = watched.db
    job = await db.receive()
    db.now += 2_000
    queued = await db.charge(await db.claim(job))
    db.now += 30_000
    (submitting,) = await db.admit(queued)
    db.now += 1_000
    running = await db.accept(submitting)
    db.now += 60_000
    ready = await db.succeed(await db.claim(running))
    db.now += 4_000
    await db.store.jobs.finish(await db.claim(ready))
    assert [watched.stayed(state) for state in (State.RECEIVED, State.QUEUED, State.SUBMITTING)] == [
        (1, 2),
        (1, 30),
        (1, 1),
    ]
    assert [watched.stayed(state) for state in (State.RUNNING, State.READY)] == [(1, 60), (1, 4)]
    assert watched.value("animatic_jobs_asked_total", **VIDEO) == 1
    assert watched.value("animatic_jobs_done_total", **VIDEO) == 1
    assert watched.credits("reserved") == watched.credits("spent") == job.params.clips * 2
    assert watched.credits("refunded") is None


async def test_what_another_process_has_begun_is_timed_from_its_row(watched: Watched) -> None:
    db = watched.db
    elsewhere = DbFixture(db.database, Store(db.database, DEFAULTS), db.now)
    queued = await elsewhere.queued()
    db.now = elsewhere.now + 30_000
    (submitting,) = await db.admit(queued)
    elsewhere.now = db.now
    running = await elsewhere.accept(submitting)
    db.now += 60_000
    await db.succeed(await db.claim(running))
    assert watched.stayed(State.QUEUED) == (1, 30)
    assert watched.stayed(State.RUNNING) == (1, 60)


async def test_fewer_clips_are_fewer_credits_spent(watched: Watched) -> None:
    await watched.db.succeed(await watched.db.claim(await watched.db.running()), clips=1)
    assert (watched.credits("reserved"), watched.credits("spent")) == (8, 2)


async def test_a_failure_is_counted_by_its_reason_and_refunded_once(watched: Watched) -> None:
    db = watched.db
    failed = await db.failed()
    assert watched.value("animatic_jobs_failed_total", **VIDEO, reason="upstream") == 1
    assert watched.credits("refunded") == 8
    # Found after all, it is free, and no credits are spent.
    await db.succeed(await db.claim(await db.accept(failed)))
    assert (watched.credits("spent"), watched.credits("refunded")) == (0, 8)


async def test_what_waits_of_a_server_that_the_bot_left_is_refunded_in_the_figures_too(watched: Watched) -> None:
    await watched.db.queued()
    await watched.db.receive(user=MIRA, request_id="another")
    await watched.db.store.waiting.leave(GUILD, ServerLeft(), watched.db.now)
    assert watched.value("animatic_jobs_failed_total", **VIDEO, reason="server_left") == 2
    assert watched.credits("refunded") == 8


async def test_a_transition_that_is_refused_is_not_counted(watched: Watched) -> None:
    ready = await watched.db.ready()
    with pytest.raises(Exception, match=ready.id):
        await watched.db.succeed(replace(ready, state=State.RUNNING, lease="gone"))
    assert watched.credits("spent") == 8


@pytest.mark.parametrize(("charged", "counted"), [("0.25", 0.25), (None, 0), ("free", 0), ("-3", 0), ("inf", 0)])
async def test_what_a_provider_charged_is_added_up_if_it_is_a_number(
    watched: Watched, charged: str | None, counted: float
) -> None:
    job = await watched.db.claim(await watched.db.running())
    await watched.db.store.jobs.succeed(job, ["link"], 2, watched.db.now, extend_ref=None, provider_cost=charged)
    assert watched.value("animatic_provider_charges_total", **VIDEO) == counted


def lone() -> Prometheus:
    return Prometheus(clock_of(lambda: 0))


async def test_jobs_under_way_and_their_ages_are_those_of_the_last_reading(watched: Watched) -> None:
    metrics, now = watched.metrics, 100_000
    counts = [
        JobCount(State.QUEUED, Kind.VIDEO, "ttapi", 3, 40_000),
        JobCount(State.RUNNING, Kind.VIDEO, "ttapi", 2, 10_000),
        JobCount(State.RUNNING, Kind.EXTEND, "ttapi", 1, 70_000),
    ]
    page = metrics.page(counts, now).decode()
    assert 'animatic_jobs{kind="video",provider="ttapi",state="queued"} 3.0' in page
    assert 'animatic_oldest_job_seconds{provider="ttapi",state="running"} 90.0' in page
    assert "animatic_oldest_waiting_seconds 60.0" in page
    page = metrics.page([], now).decode()
    assert "animatic_jobs{" not in page
    assert "animatic_oldest_waiting_seconds 0.0" in page
    assert "animatic_database_up 1.0" in page


async def test_a_database_that_does_not_tell_is_told_of(watched: Watched) -> None:
    watched.metrics.page([JobCount(State.QUEUED, Kind.VIDEO, "ttapi", 3, 0)], 0)
    page = watched.metrics.page(None, 0).decode()
    assert "animatic_database_up 0.0" in page
    assert "animatic_jobs{" not in page


async def test_the_first_answer_is_timed_from_the_interactions_arrival_and_once(watched: Watched) -> None:
    watched.metrics.interaction_heard(7, "command")
    watched.now += 0.04
    watched.metrics.interaction_answered(7)
    watched.now += 5
    watched.metrics.interaction_answered(7)
    watched.metrics.interaction_answered(8)
    assert watched.value("animatic_acknowledgement_seconds_count", kind="command") == 1
    assert watched.value("animatic_acknowledgement_seconds_sum", kind="command") == pytest.approx(0.04)
    assert watched.value("animatic_interactions_total", kind="command") == 1


async def test_calls_requests_limits_shards_and_connections_are_shown(watched: Watched) -> None:
    metrics = watched.metrics
    metrics.provider_called("ttapi", "submit", "rate_limited", 0.3)
    metrics.discord_answered("channels", "PATCH", "429", 0.2, "user")
    metrics.discord_answered("channels", "PATCH", "200", 0.2, None)
    metrics.watch_pool(lambda: PoolUse(most=10, open=4, used=1))
    metrics.watch_shards(lambda: ShardUse(3, {0: 0.05, 2: 0.07}))
    call = {"provider": "ttapi", "call": "submit", "outcome": "rate_limited"}
    assert watched.value("animatic_provider_call_seconds_count", **call) == 1
    assert watched.value("animatic_discord_rate_limited_total", scope="user") == 1
    request = {"route": "channels", "method": "PATCH", "status": "200"}
    assert watched.value("animatic_discord_request_seconds_count", **request) == 1
    assert watched.value("animatic_database_connections", use="idle") == 3
    assert watched.value("animatic_database_connections_most") == 10
    assert (watched.value("animatic_shards"), watched.value("animatic_shards_held")) == (3, 2)
    assert watched.value("animatic_shard_heartbeat_seconds", shard="2") == 0.07
    metrics.watch_shards(lambda: ShardUse(3, {}))
    assert watched.value("animatic_shard_heartbeat_seconds", shard="2") is None


async def test_what_is_remembered_does_not_grow_for_ever(watched: Watched) -> None:
    job = await watched.db.receive()
    for number in range(MOST_REMEMBERED + 100):
        watched.metrics.interaction_heard(number, "click")
        watched.metrics.job_moved(replace(job, id=str(number)), None)
    for kept in (watched.metrics._heard, watched.metrics._entered):  # pyright: ignore[reportPrivateUsage]
        assert len(kept) <= MOST_REMEMBERED


def test_nothing_is_written_into_the_registry_that_all_share() -> None:
    lone()
    lone()
    assert [family.name for family in REGISTRY.collect() if family.name.startswith("animatic")] == []
