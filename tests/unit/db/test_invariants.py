"""What is always true of the store: looked at in all tables after each step of a community's life, on both engines."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from bot.db.leases import Room
from bot.db.schema import SERVER
from bot.db.store import Defaults
from bot.domain.job import TRANSITIONS, Job, State
from bot.errors import Blocked, LostLease, ServerOutOfCredits, TooFewCredits
from tests.support import db_invariants
from tests.support.db_builders import CREDITS, GUILDS, USERS, StoreMachine
from tests.support.db_fixture import LEASE_MS, DbFixture, PostgresEngine

T = TypeVar("T")


class Invariants(StoreMachine):
    """Hold what must be true of jobs, accounts and ledger together."""

    bases: Mapping[tuple[Any, ...], int] = MappingProxyType({})

    @invariant()
    def used_is_what_the_jobs_cost_and_the_sum_of_the_ledger(self) -> None:
        self.run(db_invariants.check_used(self.db.database))
        costs = {
            row["job_id"]: row["cost"]
            for row in self.read(
                "select job_id, sum(amount) as cost from ledger where job_id is not null group by job_id"
            )
        }
        assert costs == self.paid

    @invariant()
    def granted_is_the_sum_of_the_grants(self) -> None:
        self.run(db_invariants.check_granted(self.db.database))

    @invariant()
    def a_base_never_falls_and_was_once_used(self) -> None:
        people = {(guild, self.ids(guild, user).hashed): user for guild in (1, 2) for user in (11, 12, 13)}
        bases = {
            (row["guild_id"], people.get((row["guild_id"], row["user_id"]), row["user_id"]), row["period"]): row["base"]
            for row in self.read("select * from account")
        }
        assert all(bases[key] >= base for key, base in self.bases.items())
        assert all(base == 0 for (_, user_id, _), base in bases.items() if user_id == SERVER)
        self.bases = bases

    @invariant()
    def a_job_that_reserved_ends_once(self) -> None:
        self.run(db_invariants.check_ends(self.db.database))

    @invariant()
    def every_live_job_is_due_or_leased_or_waits(self) -> None:
        self.run(db_invariants.check_due(self.db.database, self.db.now + LEASE_MS))

    @invariant()
    def a_shot_follows_the_one_before_it(self) -> None:
        self.run(db_invariants.check_shots(self.db.database))

    @invariant()
    def the_same_click_is_made_once_at_a_time(self) -> None:
        self.run(db_invariants.check_clicks(self.db.database))


class RacingInvariants(Invariants):
    """Let three processes on PostgreSQL try each step at once: one of them takes it, if anybody may."""

    async def open_store(self, defaults: Defaults) -> DbFixture:
        engine = PostgresEngine(self.stack)
        self.all = [await self.stack.enter_async_context(engine.open_store(defaults=defaults)) for _ in range(3)]
        return self.all[0]

    def at_once(self, doing: Callable[[DbFixture], Awaitable[T]]) -> list[T | BaseException]:
        """Do the same through every connection, together."""

        async def do() -> list[T | BaseException]:
            return await asyncio.gather(*(doing(db) for db in self.all), return_exceptions=True)

        first = self.db
        for db in self.all:
            db.now, db.requests = first.now, first.requests
        return self.runner.run(do())

    def move(self, job: Job, to: State, moving: Callable[[Job], Awaitable[Job]]) -> Job | None:
        if to not in TRANSITIONS[job.state]:
            return None
        possible, first = self.in_hand(job), self.db

        def move(db: DbFixture) -> Awaitable[Job]:
            self.db = db
            return moving(job)

        ends = self.at_once(move)
        self.db = first
        won = [end for end in ends if isinstance(end, Job)]
        lost = [end for end in ends if not isinstance(end, Job)]
        for end in lost:
            if isinstance(end, Blocked | TooFewCredits | ServerOutOfCredits):
                assert possible
                assert not won
                raise end
            assert isinstance(end, LostLease), repr(end)
        assert len(won) == possible
        for moved in won:
            assert moved.state is to
            self.seen.append(moved)
        return won[0] if won else None

    @rule(most=st.integers(1, 4))
    def claim_at_once(self, most: int) -> None:
        now = self.db.now
        room = Room(most, most, most, 2)
        names = iter(("one", "two", "three"))
        claims = self.at_once(lambda db: db.store.leases.claim(next(names), now, now + LEASE_MS, room))
        taken: list[Job] = []
        for some in claims:
            assert isinstance(some, list), repr(some)
            taken += some
        assert len({job.id for job in taken}) == len(taken)
        self.seen += taken

    @rule(user=USERS, guild=GUILDS)
    def click_at_once(self, user: int, guild: int) -> None:
        key = f"{user}:together"
        requests = iter(range(self.db.requests + 1, self.db.requests + 4))

        def ask(db: DbFixture) -> Awaitable[Job]:
            number = next(requests)
            new = db.new_job(user=user, guild=guild, dedupe_key=key, request_id=f"together {number}")
            return db.store.jobs.receive(new)

        jobs = self.at_once(ask)
        self.db.requests += 3
        ids: set[str] = set()
        for job in jobs:
            assert isinstance(job, Job), repr(job)
            ids.add(job.id)
        assert len(ids) == 1
        self.seen.append(next(job for job in jobs if isinstance(job, Job)))

    @rule(guild=GUILDS, user=USERS, credits=CREDITS, request=st.sampled_from(["grant 4", "grant 5"]))
    def grant_at_once(self, guild: int, user: int, credits: int, request: str) -> None:
        granted = "select coalesce(sum(granted), 0) as granted from account"
        before = self.read(granted)[0]["granted"]
        known = self.read("select 1 from ledger where request_id = $1", request)
        self.at_once(lambda db: db.store.accounts.grant(guild, user, (), credits, request, db.now))
        given = self.read("select 1 from ledger where request_id = $1", request)
        expected = credits if given and not known else 0
        assert self.read(granted)[0]["granted"] == before + expected


TestInvariants = Invariants.TestCase
TestInvariants.settings = settings(max_examples=settings().max_examples * 2 // 5, stateful_step_count=60)

TestRacingInvariants = RacingInvariants.TestCase
TestRacingInvariants.settings = settings(max_examples=max(2, settings().max_examples // 10), stateful_step_count=40)
