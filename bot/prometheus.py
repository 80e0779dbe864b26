"""The metrics in Prometheus' format: a registry of our own, which a page on METRICS_PORT shows (docs/operations.md)."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.domain.clock import Clock
from bot.domain.job import Job, State
from bot.errors import JobFailed
from bot.metrics import JobCount, Metrics, PoolUse, ShardUse

MOST_REMEMBERED = 10_000
"""Jobs and interactions of which is known since when they wait; the oldest are forgotten, for others may end them."""

ACKNOWLEDGED = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
REQUESTED = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
CALLED = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
STAYED = (0.1, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Where the histograms' buckets end. Seconds; Discord waits 3 for an answer."""

WAITING = (State.RECEIVED, State.QUEUED)


class Prometheus(Metrics):
    """Count and measure what is told, and write it down for a scrape."""

    def __init__(self, clock: Clock, seconds: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._seconds = seconds
        self._entered: OrderedDict[str, tuple[State, int]] = OrderedDict()
        self._heard: OrderedDict[int, tuple[float, str]] = OrderedDict()
        self._pool: Callable[[], PoolUse] | None = None
        self._shards: Callable[[], ShardUse] | None = None
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._add_jobs()
        self._add_outside()
        self._add_own()

    def _add_jobs(self) -> None:
        registry = self._registry
        by_kind = ("kind", "provider")
        self._jobs = Gauge("animatic_jobs", "Jobs under way, in all processes.", ("state", *by_kind), registry=registry)
        self._oldest = Gauge(
            "animatic_oldest_job_seconds",
            "How long ago the oldest job of a state was asked for, in all processes.",
            ("state", "provider"),
            registry=registry,
        )
        self._oldest_waiting = Gauge(
            "animatic_oldest_waiting_seconds",
            "How long ago the oldest job was asked for that is not at a provider yet, in all processes.",
            registry=registry,
        )
        self._asked = Counter("animatic_jobs_asked", "Jobs that were written down.", by_kind, registry=registry)
        self._done = Counter("animatic_jobs_done", "Jobs that ended well.", by_kind, registry=registry)
        self._failed = Counter(
            "animatic_jobs_failed", "Jobs that failed, and why.", (*by_kind, "reason"), registry=registry
        )
        self._state_seconds = Histogram(
            "animatic_job_state_seconds",
            "How long jobs were in a state.",
            ("state", "kind"),
            buckets=STAYED,
            registry=registry,
        )
        self._credits = Counter(
            "animatic_credits", "Credits that were reserved, spent or refunded.", ("event", *by_kind), registry=registry
        )
        self._charges = Counter(
            "animatic_provider_charges",
            "What providers say that they charged, each in its own unit.",
            by_kind,
            registry=registry,
        )

    def _add_outside(self) -> None:
        registry = self._registry
        self._calls = Histogram(
            "animatic_provider_call_seconds",
            "How long providers took to answer, and how.",
            ("provider", "call", "outcome"),
            buckets=CALLED,
            registry=registry,
        )
        self._requests = Histogram(
            "animatic_discord_request_seconds",
            "How long Discord took to answer each try of a request, and how.",
            ("route", "method", "status"),
            buckets=REQUESTED,
            registry=registry,
        )
        self._limited = Counter(
            "animatic_discord_rate_limited", "Requests over a rate limit, by its scope.", ("scope",), registry=registry
        )
        self._interactions = Counter("animatic_interactions", "What members asked for.", ("kind",), registry=registry)
        self._acknowledged = Histogram(
            "animatic_acknowledgement_seconds",
            "How long members waited for the first answer.",
            ("kind",),
            buckets=ACKNOWLEDGED,
            registry=registry,
        )

    def _add_own(self) -> None:
        registry = self._registry
        self._database_up = Gauge("animatic_database_up", "1 while the database answers.", registry=registry)
        self._connections = Gauge(
            "animatic_database_connections", "Connections to the database.", ("use",), registry=registry
        )
        self._most_connections = Gauge(
            "animatic_database_connections_most", "Connections that there may be.", registry=registry
        )
        self._all_shards = Gauge("animatic_shards", "Shards in all processes.", registry=registry)
        self._held_shards = Gauge("animatic_shards_held", "Shards that this process holds.", registry=registry)
        self._heartbeats = Gauge(
            "animatic_shard_heartbeat_seconds", "How long Discord took to answer.", ("shard",), registry=registry
        )

    def job_moved(self, job: Job, came_from: State | None, credits: int = 0) -> None:
        """Count a transition, and how long the job was in the state before."""
        names = (job.kind.value, job.provider)
        self._measure_stay(job, came_from)
        match job.state:
            case State.RECEIVED:
                self._asked.labels(*names).inc()
            case State.QUEUED:
                self._credits.labels("reserved", *names).inc(credits)
            case State.READY if came_from is State.RUNNING:
                self._credits.labels("spent", *names).inc(credits)
                self._charges.labels(*names).inc(_number(job.provider_cost))
            case State.FAILING:
                self._credits.labels("refunded", *names).inc(credits)
                self._failed.labels(*names, _reason(job)).inc()
            case State.DONE:
                self._done.labels(*names).inc()
            case _:
                pass

    def _measure_stay(self, job: Job, came_from: State | None) -> None:
        now = self._clock()
        state, since = self._entered.pop(job.id, (came_from, None))
        if came_from is not None and (since is None or state is not came_from):
            state, since = came_from, _since_by_row(job, came_from)
        if state is not None and since is not None:
            self._state_seconds.labels(state.value, job.kind.value).observe(max(0, now - since) / 1000)
        if job.state not in (State.DONE, State.FAILED):
            self._entered[job.id] = job.state, now
            if len(self._entered) > MOST_REMEMBERED:
                self._entered.popitem(last=False)

    def provider_called(self, provider: str, call: str, outcome: str, seconds: float) -> None:
        """Count a call to a provider and how long it took."""
        self._calls.labels(provider, call, outcome).observe(seconds)

    def discord_answered(self, route: str, method: str, status: str, seconds: float, limit: str | None) -> None:
        """Count one try of a request to Discord, and the rate limit that it met."""
        self._requests.labels(route, method, status).observe(seconds)
        if limit is not None:
            self._limited.labels(limit).inc()

    def interaction_heard(self, interaction_id: int, kind: str) -> None:
        """Begin to measure how long a member waits."""
        self._interactions.labels(kind).inc()
        self._heard[interaction_id] = self._seconds(), kind
        if len(self._heard) > MOST_REMEMBERED:
            self._heard.popitem(last=False)

    def interaction_answered(self, interaction_id: int) -> None:
        """Tell how long a member waited for the first answer."""
        heard = self._heard.pop(interaction_id, None)
        if heard is not None:
            since, kind = heard
            self._acknowledged.labels(kind).observe(self._seconds() - since)

    def watch_pool(self, use: Callable[[], PoolUse]) -> None:
        """Look there at each scrape."""
        self._pool = use

    def watch_shards(self, use: Callable[[], ShardUse]) -> None:
        """Look there at each scrape."""
        self._shards = use

    def page(self, jobs: Iterable[JobCount] | None, now_ms: int) -> bytes:
        """Write everything in Prometheus' text format; of jobs that the database does not tell of nothing is said."""
        self._show_jobs(jobs, now_ms)
        self._show_use()
        return generate_latest(self._registry)

    def _show_jobs(self, jobs: Iterable[JobCount] | None, now_ms: int) -> None:
        self._database_up.set(jobs is not None)
        self._jobs.clear()
        self._oldest.clear()
        ages: dict[tuple[str, str], float] = {}
        waited = 0.0
        for count in jobs or ():
            self._jobs.labels(count.state.value, count.kind.value, count.provider).set(count.jobs)
            age = max(0, now_ms - count.oldest_ms) / 1000
            place = count.state.value, count.provider
            ages[place] = max(age, ages.get(place, 0.0))
            waited = max(waited, age) if count.state in WAITING else waited
        for place, age in ages.items():
            self._oldest.labels(*place).set(age)
        self._oldest_waiting.set(waited)

    def _show_use(self) -> None:
        if self._pool is not None:
            use = self._pool()
            self._most_connections.set(use.most)
            self._connections.labels("used").set(use.used)
            self._connections.labels("idle").set(use.open - use.used)
        if self._shards is not None:
            shards = self._shards()
            self._all_shards.set(shards.total)
            self._held_shards.set(len(shards.held))
            self._heartbeats.clear()
            for number, seconds in shards.held.items():
                self._heartbeats.labels(str(number)).set(seconds)


def _since_by_row(job: Job, came_from: State | None) -> int | None:
    """Tell from its row since when a job was in the state before, where another process brought it there."""
    match came_from:
        case State.RECEIVED:
            return job.created_ms
        case State.QUEUED if job.tries == 0:
            # It was received for some of that, which is short. One that was turned away waits since nobody knows when.
            return job.created_ms
        case State.SUBMITTING | State.RUNNING:
            return job.submitted_ms
        case State.FAILING:
            return job.finished_ms
        case _:
            return None


def _reason(job: Job) -> str:
    """Tell why a job failed: the kind of a provider's error, where it is one, else the code of ours."""
    if job.error_code == JobFailed.code and job.error_data is not None:
        return str(job.error_data.get("reason", job.error_code))
    return job.error_code or "unknown"


def _number(cost: str | None) -> float:
    """Read what a provider charged; 0 for what is no number, and for less."""
    try:
        number = float(cost or 0)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) and number > 0 else 0.0
