"""What is always true of jobs, accounts and ledger together, read from all tables; each raises an `AssertionError`."""

from collections import Counter, defaultdict
from typing import Any

from bot.db.database import Database
from bot.db.schema import SERVER
from bot.domain.job import ACTIVE_STATES, State


async def check_invariants(db: Database, latest_due_ms: int) -> None:
    """Look at all of it; no lease ends later than `latest_due_ms`."""
    await check_used(db)
    await check_granted(db)
    await check_ends(db)
    await check_due(db, latest_due_ms)
    await check_clicks(db)
    await check_shots(db)


async def check_used(db: Database) -> None:
    """What an account has used is the sum of the ledger, for each person and period, and for the server."""
    members: dict[tuple[Any, ...], int] = defaultdict(int)
    servers: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in await db.fetch(
        "select guild_id, user_id, period, amount from ledger where kind in ('reserve', 'settle', 'refund')"
    ):
        members[row["guild_id"], row["user_id"], row["period"]] += row["amount"]
        servers[row["guild_id"], SERVER, row["period"]] += row["amount"]
    for row in await db.fetch("select * from account"):
        sums = servers if row["user_id"] == SERVER else members
        assert row["used"] == sums.pop((row["guild_id"], row["user_id"], row["period"]), 0)
    assert members == servers == {}


async def check_granted(db: Database) -> None:
    """What was granted is the sum of the grants."""
    [row] = await db.fetch(
        """select coalesce(sum(amount), 0) as given, (select coalesce(sum(granted), 0) from account) as granted
           from ledger where kind = 'grant'"""
    )
    assert row["given"] == row["granted"]


async def check_ends(db: Database) -> None:
    """A job that reserved ends once: with one of settle and refund."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for row in await db.fetch("select job_id, kind from ledger where job_id is not null"):
        kinds[row["job_id"]].append(row["kind"])
    for row in await db.fetch("select id, state, period from job"):
        lines = kinds[row["id"]]
        assert lines.count("reserve") == (row["period"] is not None)
        ends = sum(lines.count(kind) for kind in ("settle", "refund"))
        assert ends <= lines.count("reserve")
        if State(row["state"]) in (State.DONE, State.FAILED, State.READY, State.FAILING):
            assert ends == lines.count("reserve")


async def check_due(db: Database, latest_due_ms: int) -> None:
    """Every live job is due, or leased, or waits."""
    for row in await db.fetch("select * from job"):
        match State(row["state"]):
            case State.QUEUED:
                assert row["lease"] is None
                assert row["client_token"] is None
            case State.DONE:
                assert (row["due_ms"], row["lease"], row["token"]) == (None, None, None)
            case State.FAILED:
                assert row["token"] is None
                # Only a late answer makes it due again.
                assert row["due_ms"] is None or row["lease"] or (row["callback_remote_id"] and not row["remote_id"])
            case State.RECEIVED if row["shot"] and row["due_ms"] is None:
                # It is charged with the first of its storyboard's shots.
                assert row["lease"] is None
            case _:
                assert row["due_ms"] is not None
                assert row["lease"] is None or row["due_ms"] <= latest_due_ms


async def check_shots(db: Database) -> None:
    """A shot was sent only once the one before it was made, ends with it, and waits for it to be charged together."""
    jobs = {row["id"]: row for row in await db.fetch("select * from job where storyboard_id is not null")}
    for row in jobs.values():
        former = jobs.get(row["parent_job_id"] or "")
        if former is None:
            continue
        state, before = State(row["state"]), State(former["state"])
        if state in (State.SUBMITTING, State.RUNNING, State.READY, State.DONE):
            assert before in (State.READY, State.DONE)
        if before in (State.FAILING, State.FAILED):
            assert state in (State.FAILING, State.FAILED)
        if state is State.RECEIVED:
            assert before in (State.RECEIVED, State.READY, State.DONE)
        if before is State.RECEIVED:
            assert state is State.RECEIVED


async def check_clicks(db: Database) -> None:
    """The same click is made once at a time."""
    keys = Counter(
        row["dedupe_key"]
        for row in await db.fetch("select dedupe_key, state from job where dedupe_key is not null")
        if State(row["state"]) in ACTIVE_STATES
    )
    assert all(count == 1 for count in keys.values())
