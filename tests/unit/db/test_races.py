"""Eight connections at once on PostgreSQL: whatever meets whatever, the books are right and nothing is made twice."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from bot.db import lock_names
from bot.db.database import Database, Row, Value, WriteTransaction
from bot.db.leases import Room
from bot.db.open_requests import PREVIEW_MS
from bot.db.postgres import open_postgres
from bot.db.queue import Ticket
from bot.db.region_previews import RegionPreview
from bot.db.schema import SERVER
from bot.db.store import Defaults, Store
from bot.domain.job import ACTIVE_STATES, Job, Kind, State
from bot.domain.periods import Period
from bot.errors import (
    Blocked,
    GrantToBlocked,
    LostLease,
    ServerLeft,
    ServerOutOfCredits,
    TooFewCredits,
    TooManyOpen,
)
from tests.support.db_engines import PostgresEngine
from tests.support.db_fixture import GUILD, HOUR_MS, LEASE_MS, DbFixture
from tests.support.db_invariants import check_invariants

pytestmark = [
    pytest.mark.slow,  # 2,000 operations, and all tables are read after each hundred
    pytest.mark.postgres,
]

CONNECTIONS = 8
OPERATIONS, BETWEEN_LOOKS = 2_000, 100
FASHION = 0.7
"""How likely it is that one does what all the others do now."""
MEMBERS = (11, 12, 13, 14, 15)
FRUGAL = (14, 15)
"""Members of whom no admin says anything: they never spend more than the settings give."""
PROVIDERS = ("ttapi", "acedata")
CREDITS, SERVER_CREDITS = 60, 220
RUNNING, PER_USER, MOST_OPEN, STEPS_PER_USER = 3, 2, 6, 2

REFUSALS = (Blocked, GrantToBlocked, LostLease, ServerOutOfCredits, TooFewCredits, TooManyOpen)
"""What may be answered to anybody; all else, such as a deadlock, fails the test."""


@dataclass
class World:
    """Hold what is known of all jobs together."""

    jobs: list[Job] = field(default_factory=list[Job])
    sent: Counter[str] = field(default_factory=Counter[str])
    turned_away: Counter[str] = field(default_factory=Counter[str])
    previews: int = 0
    operations: int = 0
    fashion: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(0))


class Process:
    """Do what a process does, on a connection of its own."""

    def __init__(self, name: str, db: DbFixture, world: World, chance: random.Random) -> None:
        self.name = name
        self.db = db
        self.store = db.store
        self.world = world
        self.chance = chance

    async def do_anything(self) -> None:
        doings: dict[Callable[[], Awaitable[object]], int] = {
            self.ask: 8,
            self.work: 24,
            self.admit: 8,
            self.answer_late: 2,
            self.wake: 3,
            self.crash: 1,
            self.cancel: 1,
            self.allow: 2,
            self.grant: 2,
            self.preview: 1,
            self.move: 1,
            self.leave: 1,
        }
        # Mostly all do the same at the same time: that is when they meet.
        meant = self.world.chance.choices(list(range(len(doings))), list(doings.values()))[0]
        if self.world.operations % CONNECTIONS == 0:
            self.world.fashion = meant
        self.world.operations += 1
        doing = list(doings)[self.world.fashion if self.chance.random() < FASHION else meant]
        with suppress(*REFUSALS):
            await doing()

    async def ask(self) -> None:
        user = self.chance.choice(MEMBERS)
        click = self.chance.choice([None, f"{user}:a", f"{user}:b"])
        kind = self.chance.choice([Kind.VIDEO, Kind.VIDEO, Kind.IMAGINE])
        job = self.db.new_job(
            user=user,
            clips=self.chance.choice([1, 2, 4]),
            provider=self.chance.choice(PROVIDERS),
            dedupe_key=click,
            kind=kind,
            request_id=f"{self.name} {self.db.requests} {self.chance.choice('ab')}",
        )
        self.world.jobs.append(await self.store.jobs.receive(job))

    async def work(self) -> None:
        room = Room(*(self.chance.randint(0, 2) for _ in range(3)), per_user=STEPS_PER_USER)
        claimed = await self.store.leases.claim(self.name, self.db.now, self.db.now + LEASE_MS, room)
        self.world.jobs += claimed
        if self.chance.random() < 0.3:
            return  # it has them in hand for a while
        for job in [*claimed, *self.chance.sample(self.world.jobs, min(2, len(self.world.jobs)))]:
            with suppress(LostLease):
                await self.step(job)

    async def step(self, job: Job) -> None:
        """Take a step that fits what is remembered of a job, true or not."""
        match job.state:
            case State.RECEIVED:
                try:
                    await self.db.charge(job)
                except (Blocked, TooFewCredits, ServerOutOfCredits):
                    await self.db.fail(job)
            case State.SUBMITTING:
                await self.chance.choice([self.accept, self.accept, self.turn_away, self.db.fail])(job)
            case State.RUNNING:
                await self.chance.choice([self.db.succeed, self.db.succeed, self.db.fail, self.put_back])(job)
            case State.READY | State.FAILING:
                await self.store.jobs.finish(job)
            case State.FAILED:
                await self.store.leases.reschedule(job, None)
            case _:
                pass

    async def accept(self, job: Job) -> None:
        """Write an id down; now and then one that another job is given too."""
        shared = f"remote {self.world.operations // CONNECTIONS}"
        remote = shared if self.chance.random() < 0.2 else f"remote {job.id}"
        await self.store.jobs.mark_running(job.client_token or "", remote, self.db.now)

    async def turn_away(self, job: Job) -> None:
        await self.store.jobs.requeue(job, self.db.now)
        self.world.turned_away[job.id] += 1

    async def put_back(self, job: Job) -> None:
        await self.store.leases.reschedule(job, self.db.now)

    async def admit(self) -> None:
        provider = self.chance.choice(PROVIDERS)
        waiting = await self.store.queue.next_in_line(provider, RUNNING, PER_USER, self.db.now)
        waiting = self.chance.sample(waiting, min(len(waiting), 2))
        admitted = await self.store.queue.admit(
            provider,
            [Ticket(job_id, f"{job_id} {self.name} {self.chance.random()}", None) for job_id in waiting],
            running=RUNNING,
            per_user=PER_USER,
            lease=self.name,
            now_ms=self.db.now,
            lease_until_ms=self.db.now + LEASE_MS,
            deadline_ms=self.db.now,
            alone=self.chance.random() < 0.2,
        )
        self.world.jobs += admitted
        self.world.sent.update(job.id for job in admitted)

    async def answer_late(self) -> None:
        sent = [job for job in self.world.jobs[-60:] if job.client_token]
        if sent:
            await self.accept(self.chance.choice(sent))

    async def wake(self) -> None:
        if self.world.jobs:
            job = self.chance.choice(self.world.jobs[-60:])
            await self.store.jobs.wake(job.id, self.db.now, self.chance.choice([None, "a hint"]))

    async def crash(self) -> None:
        """Let somebody find that this process is gone, while it is not."""
        for name in (await self.store.leases.look(self.db.now)).holders:
            if self.chance.random() < 0.5:
                await self.store.leases.release(name, self.db.now)

    async def cancel(self) -> None:
        for job, _ in (await self.store.queue.positions(self.chance.choice(PROVIDERS), 1))[:1]:
            await self.db.fail(job)

    async def allow(self) -> None:
        user = self.chance.choice([user for user in MEMBERS if user not in FRUGAL])
        if self.chance.random() < 0.5:
            await self.store.accounts.clear_allowance(GUILD, "member", user)
        else:
            await self.store.accounts.set_allowance(GUILD, "member", user, self.chance.choice([0, 40, 80]), self.db.now)

    async def grant(self) -> None:
        user = self.chance.choice([user for user in MEMBERS if user not in FRUGAL])
        await self.store.accounts.grant(GUILD, user, (), 8, f"grant {user} {self.chance.randint(1, 20)}", self.db.now)

    async def preview(self) -> None:
        if self.world.jobs:
            self.world.previews += 1
            user = self.chance.choice(MEMBERS)
            parent = self.chance.choice(self.world.jobs).id
            name = f"preview {self.world.previews}"
            await self.store.region_previews.add(RegionPreview(name, GUILD, user, parent, "", (), self.db.now))

    async def move(self) -> None:
        for job, _ in (await self.store.queue.positions("ttapi", 2))[:1]:
            await self.store.queue.exclude_provider(job, "ttapi")
            await self.store.queue.move(job, "acedata", job.params)

    async def leave(self) -> None:
        if self.chance.random() < 0.3:
            await self.store.waiting.leave(GUILD, ServerLeft(), self.db.now)


async def check(db: DbFixture, world: World) -> None:
    """Read all tables, while nobody writes."""
    await check_invariants(db.database, db.now + LEASE_MS)
    for job_id, times in world.sent.items():
        assert times <= 1 + world.turned_away[job_id], f"{job_id} was sent again"
    # A job that was given up and is had after all was refunded, and may be one too many.
    refunded = {row["job_id"] for row in await db.database.fetch("select job_id from ledger where kind = 'refund'")}
    rows = await db.database.fetch("select id, user_id, provider, state, lease, due_ms from job")
    running = [row for row in rows if row["state"] in ("submitting", "running") and row["id"] not in refunded]
    assert all(count <= RUNNING for count in Counter(row["provider"] for row in running).values())
    assert all(count <= PER_USER for count in Counter((row["provider"], row["user_id"]) for row in running).values())
    for state in (State.RECEIVED, State.READY):
        in_hand = [row for row in rows if row["state"] == state and row["lease"] and row["due_ms"] > db.now]
        held = Counter(row["user_id"] for row in in_hand)
        assert all(count <= STEPS_PER_USER for count in held.values())
    active = Counter(
        row["user_id"] for row in rows if State(row["state"]) in ACTIVE_STATES and row["id"] not in refunded
    )
    blocked = {row["subject_id"] for row in await db.database.fetch("select * from allowance where credits = 0")}
    # What was at a provider when its member was blocked, and was turned away there, waits again.
    waiting = [row for row in rows if row["state"] == "queued" and not world.turned_away[row["id"]]]
    assert not [row for row in waiting if row["user_id"] in blocked]
    shown = "select user_id from region_preview where created_ms > $1"
    previews = Counter(row["user_id"] for row in await db.database.fetch(shown, db.now - PREVIEW_MS))
    assert all(count <= MOST_OPEN for count in (active + previews).values())
    for row in await db.database.fetch("select * from account"):
        if row["user_id"] in FRUGAL:
            assert row["used"] <= CREDITS
        if row["user_id"] == SERVER:
            assert row["used"] <= SERVER_CREDITS


@asynccontextmanager
async def stores(defaults: Defaults) -> AsyncGenerator[list[DbFixture]]:
    """Open as many stores as there are connections, each on one of its own."""
    async with AsyncExitStack() as stack:
        url = await PostgresEngine(stack).url(migrated=True)
        opened: list[DbFixture] = []
        for number in range(CONNECTIONS):
            database = await stack.enter_async_context(open_postgres(url, pool_size=1))
            opened.append(DbFixture(database, Store(database, defaults), requests=1000 * number))
        yield opened


@pytest.mark.parametrize("seed", [1])
async def test_eight_connections_at_once_keep_the_books(seed: int) -> None:
    defaults = Defaults(credits=CREDITS, period=Period.DAY, server_credits=SERVER_CREDITS, most_open=MOST_OPEN)
    world = World()
    async with stores(defaults) as opened:
        processes = [
            Process(f"process {number}", db, world, random.Random(seed * 100 + number))
            for number, db in enumerate(opened)
        ]
        for _ in range(OPERATIONS // BETWEEN_LOOKS):
            left = BETWEEN_LOOKS

            async def take_part(process: Process) -> None:
                nonlocal left
                while left > 0:
                    left -= 1
                    await process.do_anything()

            await asyncio.gather(*(take_part(process) for process in processes))
            await check(processes[0].db, world)
            for process in processes:
                process.db.now += 5 * HOUR_MS  # some get new credits meanwhile
        rows = await processes[0].db.database.fetch("select state, count(*) as jobs from job group by state")
        states = {row["state"]: row["jobs"] for row in rows}
        # It was no race if hardly anything ran to its end.
        assert states[State.DONE] > 15
        assert states[State.FAILED] > 15
        assert world.turned_away


async def test_charges_and_refunds_of_the_same_accounts_never_wait_for_each_other_in_a_circle() -> None:
    async with stores(Defaults(credits=10_000, period=Period.DAY)) as opened:
        first = opened[0]
        for _ in range(4):
            waiting = [await first.queued(user=user) for user in MEMBERS[:2] for _ in range(2)]
            received = [await first.receive(user=user) for user in MEMBERS[:2] for _ in range(3)]
            claimed = await first.store.leases.claim("one", first.now, first.now + LEASE_MS, Room(9, 0, 0, 9))
            assert len(claimed) == len(received)
            ends = await asyncio.gather(
                *(db.fail(job) for db, job in zip(opened, waiting, strict=False)),
                *(db.charge(job) for db, job in zip(opened[4:] + opened, claimed, strict=False)),
                opened[3].store.waiting.leave(GUILD, ServerLeft(), first.now),
                return_exceptions=True,
            )
            assert {type(end) for end in ends} <= {Job, list, LostLease}
            await check_invariants(first.database, first.now + LEASE_MS)


async def test_what_is_blocked_is_never_queued_after_it() -> None:
    async with stores(Defaults(credits=10_000, period=Period.DAY)) as opened:
        first = opened[0]
        for user in range(100, 110):
            jobs = [await first.claim(await first.receive(user=user)) for _ in range(4)]
            late = [await first.receive(user=user) for _ in range(2)]
            accounts = opened[7].store.accounts
            ends = await asyncio.gather(
                *(db.charge(job) for db, job in zip(opened, jobs, strict=False)),
                accounts.set_allowance(GUILD, "member", user, 0, first.now),
                return_exceptions=True,
            )
            assert {type(end) for end in ends} <= {Job, list, Blocked, LostLease}
            states = {(await first.get(job.id)).state for job in (*jobs, *late)}
            assert State.QUEUED not in states
            await check_invariants(first.database, first.now + LEASE_MS)


async def test_a_charge_waits_for_the_word_of_an_admin_that_is_being_written() -> None:
    async with stores(Defaults(credits=10_000, period=Period.DAY)) as opened:
        first, other = opened[:2]
        job = await first.claim(await first.receive())
        async with other.database.transaction() as tx:
            await tx.lock(lock_names.member(GUILD, job.user_id))
            await tx.fetch("insert into allowance values ($1, 'member', $2, 0, 0)", GUILD, job.user_id)
            charging = asyncio.create_task(first.charge(job))
            await asyncio.wait({charging}, timeout=0.3)
            assert not charging.done()
        with pytest.raises(Blocked):
            await charging


async def test_processes_that_claim_at_once_keep_the_bound_of_a_member_together() -> None:
    async with stores(Defaults(credits=10_000, period=Period.DAY)) as opened:
        first = opened[0]
        for user in MEMBERS:
            for _ in range(4):
                await first.receive(user=user)
        room = Room(1, 0, 0, per_user=2)
        claims = await asyncio.gather(
            *(
                db.store.leases.claim(f"process {number}", first.now, first.now + LEASE_MS, room)
                for number, db in enumerate([*opened, *opened, *opened])
            )
        )
        held = Counter(job.user_id for some in claims for job in some)
        assert held == dict.fromkeys(MEMBERS, 2)


async def test_an_id_that_two_jobs_are_given_at_once_is_one_jobs() -> None:
    async with stores(Defaults(credits=10_000, period=Period.DAY)) as opened:
        first = opened[0]
        for round_ in range(5):
            jobs = [await first.submitting(user=user) for user in MEMBERS]
            accepted = await asyncio.gather(
                *(
                    db.store.jobs.mark_running(job.client_token or "", f"remote {round_}", first.now)
                    for db, job in zip(opened, jobs, strict=False)
                )
            )
            assert len([job for job in accepted if job is not None]) == 1


async def test_processes_that_admit_at_once_keep_the_bounds_together() -> None:
    async with stores(Defaults(credits=10_000, period=Period.DAY)) as opened:
        first = opened[0]
        for _ in range(3):
            waiting = [await first.queued(user=user) for user in (*MEMBERS, *MEMBERS)]
            # Each knows of other jobs, so that none of them stands in another's way.
            admitted = await asyncio.gather(
                *(db.admit(job, lease=db_lease, running=3, per_user=1) for db, db_lease, job in turns(opened, waiting))
            )
            taken = [job for some in admitted for job in some]
            assert len(taken) <= 3
            for job in taken:
                await first.fail(job)


def turns(opened: list[DbFixture], jobs: list[Job]) -> list[tuple[DbFixture, str, Job]]:
    return [(db, f"process {number}", job) for number, (db, job) in enumerate(zip(opened, jobs, strict=False))]


async def test_who_ends_what_waits_holds_all_its_accounts_before_the_servers() -> None:
    async with stores(Defaults(credits=10_000, period=Period.DAY)) as opened:
        first, other = opened[:2]
        for user in MEMBERS[:2]:
            await first.queued(user=user)
        async with other.database.transaction() as tx:
            await tx.fetch("select 1 from account where user_id = $1 for update", MEMBERS[1])
            leaving = asyncio.create_task(first.store.waiting.leave(GUILD, ServerLeft(), first.now))
            await asyncio.wait({leaving}, timeout=0.3)
            assert not leaving.done()
            # As a charge of that member would go on; one of the two would have to be ended if the other had it.
            await tx.fetch("update account set used = used where user_id = $1", SERVER)
        assert len(await leaving) == 2


class Interrupted:
    """Pass all to a database, and let something happen before one statement."""

    def __init__(self, db: Database, beginning: str, happen: Callable[[], Awaitable[object]]) -> None:
        self._db = db
        self._beginning = beginning
        self._happen: Callable[[], Awaitable[object]] | None = happen

    @asynccontextmanager
    async def transaction(self, *, patient: bool = False) -> AsyncGenerator[WriteTransaction]:
        async with self._db.transaction(patient=patient) as tx:
            self._tx = tx
            yield self

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        if sql.startswith(self._beginning) and self._happen is not None:
            happen, self._happen = self._happen, None
            await happen()
        return await self._tx.fetch(sql, *values)

    async def lock(self, name: str) -> None:
        await self._tx.lock(name)

    async def wake(self) -> None:
        await self._tx.wake()

    async def tables(self) -> set[str]:
        return await self._db.tables()


async def test_a_click_whose_first_job_is_made_at_the_same_moment_makes_a_second_one() -> None:
    defaults = Defaults(credits=10_000, period=Period.DAY)
    async with stores(defaults) as opened:
        first, other = opened[:2]
        standing = await first.claim(await first.running(dedupe_key="click"))
        store = Store(Interrupted(other.database, "select * from job", lambda: first.succeed(standing)), defaults)
        new = other.new_job(dedupe_key="click")
        assert (await store.jobs.receive(new)).id == new.id
