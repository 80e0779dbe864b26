"""What a film costs the database: over a network each statement is a round trip.

The rounds in which there was nothing to do are left out, for how many there are is a matter of time; each is one
statement. Cards are counted where they are drawn (`tests/unit/publisher/test_card_cost.py`).
"""

from pathlib import Path

from bot.domain.job import State
from bot.providers.types import RemoteState, Snapshot
from tests.support.counted_database import Statements
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness

POLLS = 4

MOST_STATEMENTS = 60
MOST_TRANSACTIONS = 20
"""Of a film alone, with polls five seconds apart: those of several share claims, answers and what is settled."""

LOOK = "select 'due' as what"


async def test_a_film_with_four_polls_costs_no_more_statements_than_it_may(tmp_path: Path) -> None:
    statements = Statements()
    async with WorkerHarness.open(tmp_path, statements) as harness:
        making = [Snapshot(RemoteState.RUNNING, percent) for percent in (20, 40, 60)]
        harness.provider.polls = Script(*making, Snapshot(RemoteState.SUCCEEDED, 100, harness.clips, "remote 1", "40"))
        async with harness.working():
            statements.by_text.clear()
            job = await harness.request_video()
            await harness.until_state(job, State.RUNNING)
            for snapshot in making:
                await harness.advance_until_due(job)
                percent = snapshot.progress
                await harness.until(job, lambda found, shown=percent: found.progress == shown and found.lease is None)
            await harness.advance_until_due(job)
            await harness.until_state(job, State.DONE)
    # The test itself reads the row again and again.
    own = {text: number for text, number in statements.by_text.items() if not text.startswith(LOOK)}
    own.pop("select * from job where id = $1", None)
    assert sum(own.values()) <= MOST_STATEMENTS, own
    assert statements.transactions <= MOST_TRANSACTIONS, own
