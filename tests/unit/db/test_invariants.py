"""What is always true of the store: looked at in all tables after each step of a community's life."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hypothesis import settings
from hypothesis.stateful import invariant

from bot.db.migrations import SERVER
from bot.domain.job import ACTIVE_STATES, State
from tests.support.db_builders import StoreMachine
from tests.support.db_fixture import LEASE_MS


class Invariants(StoreMachine):
    """Hold what must be true of jobs, accounts and ledger together."""

    bases: Mapping[tuple[Any, ...], int] = MappingProxyType({})

    @invariant()
    def used_is_what_the_jobs_cost_and_the_sum_of_the_ledger(self) -> None:
        members: dict[tuple[Any, ...], int] = defaultdict(int)
        servers: dict[tuple[Any, ...], int] = defaultdict(int)
        for row in self.read(
            "select guild_id, user_id, period, amount from ledger where kind in ('reserve', 'settle', 'refund')"
        ):
            members[row["guild_id"], row["user_id"], row["period"]] += row["amount"]
            servers[row["guild_id"], SERVER, row["period"]] += row["amount"]
        for row in self.read("select * from account"):
            sums = servers if row["user_id"] == SERVER else members
            assert row["used"] == sums.pop((row["guild_id"], row["user_id"], row["period"]), 0)
        assert members == servers == {}

        costs = {
            row["job_id"]: row["cost"]
            for row in self.read(
                "select job_id, sum(amount) as cost from ledger where job_id is not null group by job_id"
            )
        }
        assert costs == self.paid

    @invariant()
    def granted_is_the_sum_of_the_grants(self) -> None:
        rows = self.read(
            "select sum(amount) as given, (select sum(granted) from account) as granted from ledger "
            "where kind = 'grant'"
        )
        assert (rows[0]["given"] or 0) == (rows[0]["granted"] or 0)

    @invariant()
    def a_base_never_falls_and_was_once_used(self) -> None:
        bases = {
            (row["guild_id"], row["user_id"], row["period"]): row["base"] for row in self.read("select * from account")
        }
        assert all(bases[key] >= base for key, base in self.bases.items())
        assert all(base == 0 for (_, user_id, _), base in bases.items() if user_id == SERVER)
        self.bases = bases

    @invariant()
    def a_job_that_reserved_ends_once(self) -> None:
        kinds: dict[str, list[str]] = defaultdict(list)
        for row in self.read("select job_id, kind from ledger where job_id is not null"):
            kinds[row["job_id"]].append(row["kind"])
        for row in self.read("select id, state, period from job"):
            lines = kinds[row["id"]]
            assert lines.count("reserve") == (row["period"] is not None)
            ends = sum(lines.count(kind) for kind in ("settle", "refund"))
            assert ends <= lines.count("reserve")
            if State(row["state"]) in (State.DONE, State.FAILED, State.READY, State.FAILING):
                assert ends == lines.count("reserve")

    @invariant()
    def every_live_job_is_due_or_leased_or_waits(self) -> None:
        for row in self.read("select * from job"):
            match State(row["state"]):
                case State.QUEUED:
                    assert row["lease"] is None
                    assert row["client_token"] is None
                case State.DONE:
                    assert (row["due_ms"], row["lease"], row["token"]) == (None, None, None)
                case State.FAILED:
                    assert row["token"] is None
                    # Only a late answer makes it due again.
                    assert row["due_ms"] is None or (row["callback_remote_id"] and not row["remote_id"])
                case _:
                    assert row["due_ms"] is not None
                    assert row["lease"] is None or row["due_ms"] <= self.db.now + LEASE_MS

    @invariant()
    def the_same_click_is_made_once_at_a_time(self) -> None:
        keys = Counter(
            row["dedupe_key"]
            for row in self.read("select dedupe_key, state from job where dedupe_key is not null")
            if State(row["state"]) in ACTIVE_STATES
        )
        assert all(count == 1 for count in keys.values())


TestInvariants = Invariants.TestCase
TestInvariants.settings = settings(max_examples=settings().max_examples * 2 // 5, stateful_step_count=60)
