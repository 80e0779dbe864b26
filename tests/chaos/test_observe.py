"""What the suite takes for a job's progress: a refusal for want of credits is no finish, and no wait for one."""

import sqlite3
from contextlib import closing

import pytest

from tests.chaos.database import LIFE, has_reached
from tests.chaos.engines import Row

GOOD = LIFE[: LIFE.index("done") + 1]


def row(state: str, **columns: object) -> Row:
    """Make a job's row as the suite reads it."""
    values = {"period": None, "submitted_ms": None, "remote_id": None, **columns, "state": state}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        names = ", ".join(f"? as {name}" for name in values)
        return connection.execute(f"select {names}", tuple(values.values())).fetchone()  # our own names


@pytest.mark.parametrize("state", ["failing", "failed"])
@pytest.mark.parametrize("wanted", ["queued", "submitting", "running", "ready", "done"])
def test_a_refusal_for_want_of_credits_has_reached_nothing_but_its_end(state: str, wanted: str) -> None:
    refused = row(state)
    assert not has_reached(refused, wanted)
    assert has_reached(refused, "received")
    assert has_reached(refused, "failing")


@pytest.mark.parametrize("state", GOOD)
def test_a_job_on_its_way_has_reached_all_that_lies_behind_it(state: str) -> None:
    behind = [wanted for wanted in LIFE if has_reached(row(state), wanted)]
    assert behind == list(LIFE[: LIFE.index(state) + 1])


def test_a_job_that_failed_at_the_provider_was_running() -> None:
    failed = row("failed", period="2026-11-18", submitted_ms=1, remote_id="remote 1")
    assert [wanted for wanted in GOOD if has_reached(failed, wanted)] == [
        "received",
        "queued",
        "submitting",
        "running",
    ]
    assert has_reached(failed, "failed")
    assert not has_reached(row("failing"), "failed")
