"""A community in which everything happens in any order: members, admins, workers, crashes and late answers."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.db.database import Row
from bot.db.leases import Room
from bot.db.member_ids import Ids
from bot.db.schema import SERVER
from bot.db.store import Defaults
from bot.domain.job import (
    ACTIVE_STATES,
    TRANSITIONS,
    Job,
    Kind,
    State,
)
from bot.domain.periods import Period
from bot.domain.storyboard import first_missing, latest
from bot.errors import Blocked, GrantToBlocked, JobRemoved, LostLease, ServerLeft, ServerOutOfCredits, TooFewCredits
from tests.support.db_engines import SqliteEngine
from tests.support.db_fixture import DAY_MS, LEASE_MS, DbFixture, room

T = TypeVar("T")

GUILDS = st.sampled_from([1, 2])
USERS = st.sampled_from([11, 12, 13])
ROLES = st.sets(st.sampled_from([21, 22]), max_size=2).map(tuple[int, ...])
CREDITS = st.sampled_from([24, 60, 10, 8, 2, 0])
LEASES = st.sampled_from(["one", "two"])
KINDS = st.sampled_from([Kind.VIDEO, Kind.VIDEO, Kind.IMAGINE, Kind.ACTION, Kind.DESCRIBE, Kind.SEED])
ANY = st.integers(0, 1_000_000)


class StoreMachine(RuleBasedStateMachine):
    """Hold a store, what everybody remembers of its jobs, and what each job should have cost."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.seen: list[Job] = []
        self.states: dict[str, State] = {}
        self.paid: dict[str, int] = {}
        self.ended: set[str] = set()
        self.removed: set[str] = set()

    def run(self, doing: Awaitable[T]) -> T:
        async def do() -> T:
            return await doing

        # The runner's own way sets a signal's handler each time, which takes longer than a read.
        return self.runner.get_loop().run_until_complete(do())

    @initialize(server_credits=st.sampled_from([0, 60, 14]), credits=CREDITS)
    def open(self, server_credits: int, credits: int) -> None:
        self.db = self.run(self.open_store(Defaults(credits, Period.DAY, server_credits)))
        for user in (11, 11, 11, 12, 13):
            self.ask(user, 1, (), 2, None)

    async def open_store(self, defaults: Defaults) -> DbFixture:
        folder = self.stack.enter_context(TemporaryDirectory())
        return await self.stack.enter_async_context(SqliteEngine(Path(folder)).open_store(defaults=defaults))

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()

    # What members and admins do.

    @rule(
        user=USERS,
        guild=GUILDS,
        roles=ROLES,
        clips=st.sampled_from([1, 2, 4]),
        click=st.sampled_from([None, "a"]),
        kind=KINDS,
    )
    def ask(
        self, user: int, guild: int, roles: tuple[int, ...], clips: int, click: str | None, kind: Kind = Kind.VIDEO
    ) -> None:
        key = f"{user}:{click}" if click else None
        new = self.db.new_job(user=user, guild=guild, roles=roles, clips=clips, dedupe_key=key, kind=kind)
        job = self.run(self.db.store.jobs.receive(new))
        assert (job.id == new.id) == (new.id not in self.states and job.id not in self.states)
        if job.id != new.id:
            assert job.dedupe_key == key
            assert job.state in ACTIVE_STATES
        self.seen.append(job)

    @rule(user=USERS, guild=GUILDS, shots=st.integers(2, 4))
    def make_storyboard(self, user: int, guild: int, shots: int) -> None:
        storyboard = self.run(self.db.storyboard(shots, user=user, guild=guild))
        self.seen += self.run(self.db.make(storyboard))[:1]
        assert self.run(self.db.make(storyboard)) == []

    @rule(choice=ANY)
    def go_on_with_storyboard(self, choice: int) -> None:
        rows = self.read("select id from storyboard order by id")
        if not rows:
            return
        storyboard = self.run(self.db.store.storyboards.get(rows[choice % len(rows)]["id"]))
        assert storyboard is not None
        jobs = self.run(self.db.store.storyboards.jobs(storyboard.id))
        missing = first_missing(storyboard, jobs)
        first = choice % len(storyboard.shots) if missing is None else missing
        parent = latest(jobs)[first - 1] if first else None
        written = self.run(self.db.make(storyboard, first, parent))
        assert len(written) == (0 if missing is None else len(storyboard.shots) - missing)
        self.seen += written[:1]

    def claim_one(self, lease: str) -> Job:
        """Claim one of the due jobs, whatever is to be done with it."""
        for only in (Room(1, 0, 0, 1000), Room(0, 1, 0, 1000), Room(0, 0, 1, 1000)):
            for job in self.run(self.db.store.leases.claim(lease, self.db.now, self.db.now + LEASE_MS, only)):
                return job
        raise AssertionError("nothing was due")

    @rule(choice=ANY)
    def cancel(self, choice: int) -> None:
        waiting = [job for job, _ in self.run(self.db.store.queue.positions("ttapi", 20))]
        if waiting:
            self.fail(waiting[choice % len(waiting)], choice)

    @rule(guild=GUILDS, role=st.booleans(), user=USERS, credits=CREDITS)
    def allow(self, guild: int, role: bool, user: int, credits: int) -> None:
        subject, subject_id = ("role", user + 10) if role else ("member", user)
        waits = [
            row["id"]
            for row in self.read(
                "select id from job where guild_id = $1 and user_id = $2 and state in ('received', 'queued')",
                guild,
                user,
            )
        ]
        ended = self.run(self.db.store.accounts.set_allowance(guild, subject, subject_id, credits, self.db.now))
        assert {job.id for job in ended} == (set(waits) if not role and credits == 0 else set())
        self.remember_refunds(ended)

    @rule(guild=GUILDS, user=USERS)
    def disallow(self, guild: int, user: int) -> None:
        self.run(self.db.store.accounts.clear_allowance(guild, "member", user))

    @rule(guild=GUILDS, credits=CREDITS, period=st.sampled_from([None, *Period]))
    def set_default(self, guild: int, credits: int, period: Period | None) -> None:
        self.run(self.db.store.guild_settings.set_default(guild, credits, period, self.db.now))

    @rule(guild=GUILDS, user=USERS, credits=CREDITS, request=st.sampled_from(["grant 1", "grant 2", "grant 3"]))
    def grant(self, guild: int, user: int, credits: int, request: str) -> None:
        accounts = self.db.store.accounts
        before = self.run(accounts.balance(guild, user, (), self.db.now))
        given_before = self.read("select 1 from ledger where request_id = $1", request)
        own = self.read(
            """select 1 from allowance where guild_id = $1 and subject_id in ($2, $3) and credits = 0
               union all select 1 from block where guild_id = $1 and user_id in ($2, $3)
                   and (until_ms is null or until_ms > $4)""",
            guild,
            *self.ids(guild, user),
            self.db.now,
        )
        try:
            after = self.run(accounts.grant(guild, user, (), credits, request, self.db.now))
        except GrantToBlocked:
            assert own
            return
        assert not own
        if given_before:
            assert after.left == before.left
        elif before.used <= max(before.cap, before.base) + before.granted:
            assert after.left == before.left + credits
        else:
            assert after.left == credits

    @rule(guild=GUILDS, user=USERS)
    def forget_the_name(self, guild: int, user: int) -> None:
        """Let a member's sums stand under no name, whatever they have under way."""
        self.run(self.db.store.forgettings.ask(guild, user, self.db.now))
        for forgetting in self.run(self.db.store.forgettings.take(9, self.db.now, self.db.now + DAY_MS)):
            self.run(self.db.store.forgettings.rename(forgetting))
        for table in ("account", "ledger"):
            named = f"select 1 from {table} where guild_id = $1 and user_id = $2"  # noqa: S608  # our own table names
            assert not self.read(named, guild, user)

    def ids(self, guild: int, user: int) -> Ids:
        """Give the ids that a member's rows may stand under."""
        return self.run(self.db.store.member_ids.of(self.db.database, guild, user))

    @rule(guild=GUILDS)
    def remove_the_bot(self, guild: int) -> None:
        self.remember_refunds(self.run(self.db.store.waiting.leave(guild, ServerLeft(), self.db.now)))

    def remember_refunds(self, ended: list[Job]) -> None:
        for job in ended:
            if job.id in self.paid:
                self.paid[job.id] = 0
            self.ended.add(job.id)

    @rule(milliseconds=st.sampled_from([1, 5000, LEASE_MS, DAY_MS]))
    def let_time_pass(self, milliseconds: int) -> None:
        self.db.now += milliseconds

    # What workers do, and what becomes of them.

    @rule(lease=LEASES, most=st.integers(1, 4))
    def claim(self, lease: str, most: int) -> None:
        now = self.db.now
        self.seen += self.run(self.db.store.leases.claim(lease, now, now + LEASE_MS, room(most)))

    @rule(lease=LEASES, running=st.integers(1, 3), per_user=st.integers(1, 2))
    def look_at_the_queue(self, lease: str, running: int, per_user: int) -> None:
        self.admit(lease, running, per_user)

    @rule(lease=LEASES)
    def crash(self, lease: str) -> None:
        self.run(self.db.store.leases.release(lease, self.db.now))

    @precondition(lambda self: self.seen)
    @rule(which=ANY, lease_ms=st.integers(1, LEASE_MS))
    def renew(self, which: int, lease_ms: int) -> None:
        job = self.pick(which)
        assert self.run(self.db.store.leases.renew(job, self.db.now + lease_ms)) == self.holds(job)

    @precondition(lambda self: self.seen)
    @rule(which=ANY, hint=st.sampled_from([None, "a hint"]))
    def wake(self, which: int, hint: str | None) -> None:
        self.run(self.db.store.jobs.wake(self.pick(which).id, self.db.now, hint))

    @precondition(lambda self: self.seen)
    @rule(which=ANY, choice=ANY)
    def do_anything(self, which: int, choice: int) -> None:
        """Let somebody who has, or had, a job in hand try any step with it."""
        steps = (self.charge, self.turn_away, self.put_back, self.accept, self.succeed, self.fail, self.finish)
        steps[choice % len(steps)](self.pick(which), choice)

    @rule(lease=LEASES, choices=st.lists(ANY, min_size=4, max_size=12))
    def work(self, lease: str, choices: list[int]) -> None:
        """Let a worker go on for a while: wait for the next due job, and take a step that fits its state.

        Whoever had the job before tries the same step first, too late.
        """
        for choice in choices:
            self.admit(lease, 3, 2)
            self.every_step_is_one_of_the_domain()
            claimable = "select min(due_ms) as due from job where state <> 'queued'"
            due = self.run(self.db.database.fetch(claimable))[0]["due"]
            if due is None:
                return
            self.db.now = max(self.db.now, due)
            job = self.claim_one(lease)
            steps = {
                State.RECEIVED: (self.charge,),
                State.SUBMITTING: (self.accept, self.turn_away, self.fail),
                State.RUNNING: (self.succeed, self.fail, self.succeed, self.put_back),
                State.READY: (self.finish,),
                State.FAILING: (self.finish, self.accept),
                State.FAILED: (self.accept, self.find_nothing),
            }[job.state]
            for late in [seen for seen in self.seen if (seen.id, seen.state) == (job.id, job.state)][-2:]:
                steps[choice % len(steps)](late, choice)
            self.seen.append(job)
            steps[choice % len(steps)](job, choice)
            self.every_step_is_one_of_the_domain()

    @rule(choice=ANY)
    def show_again(self, choice: int) -> None:
        unfinished = "select storyboard_id from job where state not in ('done', 'failed') and storyboard_id is not null"
        shown = {row["storyboard_id"] for row in self.read(unfinished)}
        done = [
            job
            for job in self.seen
            if self.states[job.id] is State.DONE and job.id not in self.removed and job.storyboard_id not in shown
        ]
        if done:
            self.seen.append(self.run(self.db.show_again(done[choice % len(done)])))

    @rule(choice=ANY)
    def find_an_answer_after_all(self, choice: int) -> None:
        ends = (State.FAILING, State.FAILED)
        failed = [job for job in self.seen if job.client_token and self.states[job.id] in ends]
        if failed:
            self.accept(failed[choice % len(failed)], choice)

    def admit(self, lease: str, running: int, per_user: int) -> None:
        waiting = [job for job, _ in self.run(self.db.store.queue.positions("ttapi", 20))]
        if not waiting:
            return
        admitted = self.run(self.db.admit(*waiting, lease=lease, running=running, per_user=per_user))
        self.seen += admitted
        rows = self.read("select user_id from job where state in ('submitting', 'running')")
        if admitted:
            assert len(rows) <= running
            assert all(Counter(row["user_id"] for row in rows)[job.user_id] <= per_user for job in admitted)

    def charge(self, job: Job, _: int) -> None:
        if job.state is not State.RECEIVED:
            return
        try:
            charged = self.move(job, State.QUEUED, lambda job: self.db.charge(job))
        except (Blocked, TooFewCredits, ServerOutOfCredits):
            self.move(job, State.FAILING, lambda job: self.db.fail(job))
            return
        if charged is not None:
            self.paid[job.id] = charged.cost
            shots = "select id, cost from job where storyboard_id = $1 and period is not null"
            for row in self.read(shots, job.storyboard_id) if job.storyboard_id is not None else ():
                self.paid.setdefault(row["id"], row["cost"])
            accounts = self.read(
                "select * from account where guild_id = $1 and period = $2 and user_id in ($3, $4, $5)",
                job.guild_id,
                charged.period,
                SERVER,
                *self.ids(job.guild_id, job.user_id),
            )
            assert len(accounts) == 2
            assert all(
                account["used"] <= max(account["cap"], account["base"]) + account["granted"] for account in accounts
            )

    def turn_away(self, job: Job, wait: int) -> None:
        if job.state is not State.SUBMITTING:
            return
        due = self.db.now + wait % 9000
        if job.id not in self.removed:
            self.move(job, State.QUEUED, lambda job: self.db.store.jobs.requeue(job, due))
            return
        # What is removed does not wait again.
        with pytest.raises(JobRemoved if self.in_hand(job) else LostLease):
            self.run(self.db.store.jobs.requeue(job, due))

    def put_back(self, job: Job, wait: int) -> None:
        holds = self.holds(job) and job.state is self.run(self.db.get(job.id)).state
        self.expect(holds, job.state, self.db.store.leases.reschedule(job, self.db.now + wait % 9000))

    def find_nothing(self, job: Job, _: int) -> None:
        holds = self.holds(job) and job.state is self.run(self.db.get(job.id)).state
        self.expect(holds, job.state, self.db.store.leases.reschedule(job, None))

    def accept(self, job: Job, _: int) -> None:
        if job.client_token is None:
            return
        row = self.run(self.db.get(job.id))
        open_still = row.client_token == job.client_token and row.remote_id is None
        accepted = self.run(self.db.store.jobs.mark_running(job.client_token, f"remote {job.id}", self.db.now))
        assert (accepted is not None) == (open_still and State.RUNNING in TRANSITIONS[row.state])

    def succeed(self, job: Job, clips: int) -> None:
        clips = clips % job.params.clips + 1
        if self.move(job, State.READY, lambda job: self.db.succeed(job, clips)) and job.id not in self.ended:
            self.paid[job.id] = job.cost if not job.kind.makes_video else 2 * clips
            self.ended.add(job.id)

    def fail(self, job: Job, _: int) -> None:
        if (
            self.move(job, State.FAILING, lambda job: self.db.fail(job))
            and job.id in self.paid
            and job.id not in self.ended
        ):
            self.paid[job.id] = 0
            self.ended.add(job.id)
        self.remember_ended_shots(job)

    def remember_ended_shots(self, job: Job) -> None:
        """Remember that the shots behind one that failed got their credits back with it."""
        later = "select id, state from job where storyboard_id = $1 and shot > $2"
        for row in self.read(later, job.storyboard_id, job.shot) if job.storyboard_id is not None else ():
            if row["state"] == State.FAILING and row["id"] not in self.ended:
                self.paid |= {row["id"]: 0} if row["id"] in self.paid else {}
                self.ended.add(row["id"])

    def finish(self, job: Job, reached: int) -> None:
        to = State.DONE if job.state is State.READY else State.FAILED
        self.move(job, to, lambda job: self.db.store.jobs.finish(job, undeliverable=bool(reached % 2)))

    @invariant()
    def every_step_is_one_of_the_domain(self) -> None:
        states = {row["id"]: State(row["state"]) for row in self.read("select id, state from job")}
        for job_id, state in states.items():
            before = self.states.get(job_id, State.RECEIVED)
            assert state in ({before} | TRANSITIONS[before])
        self.states = states

    # How the rules do it.

    def read(self, sql: str, *values: Any) -> list[Row]:
        return self.run(self.db.database.fetch(sql, *values))

    def pick(self, which: int) -> Job:
        """Choose among what workers have, or had, in hand, the latest first."""
        latest = self.seen[::-1][:12]
        return latest[which % len(latest)]

    def holds(self, job: Job) -> bool:
        """Tell whether the lease under which somebody remembers a job is still theirs."""
        row = self.run(self.db.get(job.id))
        return job.lease is not None and (job.lease, job.epoch) == (row.lease, row.epoch)

    def in_hand(self, job: Job) -> bool:
        """Tell whether a job may be moved as somebody remembers it; a waiting one needs no lease."""
        row = self.run(self.db.get(job.id))
        waits = job.state is State.QUEUED and job.epoch == row.epoch
        return job.state is row.state and (waits or self.holds(job))

    def move(self, job: Job, to: State, moving: Callable[[Job], Awaitable[Job]]) -> Job | None:
        """Try a step that the domain knows, and check that it is taken exactly when the job is in hand."""
        if to not in TRANSITIONS[job.state]:
            return None
        return self.expect(self.in_hand(job), to, moving(job))

    def expect(self, possible: bool, to: State, moving: Awaitable[Job]) -> Job | None:
        try:
            moved = self.run(moving)
        except LostLease:
            assert not possible
            return None
        assert possible
        assert moved.state is to
        self.seen.append(moved)
        return moved
