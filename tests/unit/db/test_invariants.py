"""What is always true of the store: looked at in all tables after each step of a community's life, on both engines."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from bot.db.leases import Room
from bot.db.member_blocks import Put
from bot.db.schema import SERVER
from bot.db.store import Defaults
from bot.domain.blocks import MemberBlock
from bot.domain.job import TRANSITIONS, Job, State
from bot.domain.removal import WAITING, Removed
from bot.errors import Blocked, LostLease, ServerOutOfCredits, TooFewCredits
from tests.support import db_invariants
from tests.support.db_builders import CREDITS, GUILDS, USERS
from tests.support.db_engines import PostgresEngine
from tests.support.db_fixture import LEASE_MS, DbFixture
from tests.support.db_order import MODERATOR, OrderMachine

T = TypeVar("T")


class Invariants(OrderMachine):
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
        return self.run(do())

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

    def strike_rows(self, guild: int, ids: Sequence[str], by: int, *, logged: bool) -> Removed:
        ends = self.at_once(lambda db: db.store.removals.strike(guild, ids, by, "", db.now, logged=logged))
        done = [end for end in ends if isinstance(end, Removed)]
        assert len(done) == len(ends), repr(ends)
        first, *others = sorted(done, key=lambda removed: len(removed.jobs), reverse=True)
        assert not any(removed.jobs or removed.refunded for removed in others)
        return first

    def put(self, guild: int, block: MemberBlock) -> Put:
        ends = self.at_once(lambda db: db.store.member_blocks.put(guild, block, db.now))
        puts = [end for end in ends if isinstance(end, Put)]
        assert len(puts) == len(ends), repr(ends)
        # Whoever comes second finds the block of the first.
        [before] = {put.before for put in puts} - {block} or {block}
        return Put(before, [job for put in puts for job in put.ended])

    @rule(user=USERS, guild=GUILDS)
    def remove_it_and_block_its_member_while_it_is_charged(self, user: int, guild: int) -> None:
        job = self.run(self.db.claim(self.run(self.db.receive(user=user, guild=guild))))
        waits = {row["id"] for row in self.jobs_of(guild, user) if row["state"] in WAITING}
        block = MemberBlock(user, None, "spam", MODERATOR, self.db.now)

        def charge(db: DbFixture) -> Awaitable[Job | Removed | Put]:
            return db.charge(job)

        def strike(db: DbFixture) -> Awaitable[Job | Removed | Put]:
            return db.store.removals.strike(guild, [job.id], user, "", db.now)

        def put_block(db: DbFixture) -> Awaitable[Job | Removed | Put]:
            return db.store.member_blocks.put(guild, block, db.now)

        steps = iter((charge, strike, put_block))
        charged, struck, put = self.at_once(lambda db: next(steps)(db))
        assert isinstance(struck, Removed), repr(struck)
        assert isinstance(put, Put), repr(put)
        assert [one.id for one in struck.jobs] == [job.id]
        if isinstance(charged, Job):
            self.paid[job.id] = charged.cost
        else:
            assert isinstance(charged, LostLease | Blocked | TooFewCredits | ServerOutOfCredits), repr(charged)
        ended = [*struck.refunded, *put.ended]
        assert sorted(one.id for one in ended) == sorted(waits)
        self.remember_refunds(ended)
        self.removed.add(job.id)
        self.blocks[guild, user] = None

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

TestRacingInvariants = pytest.mark.postgres(RacingInvariants.TestCase)
TestRacingInvariants.settings = settings(max_examples=max(2, settings().max_examples // 10), stateful_step_count=40)
