"""Read the bot's database beside it, and let time pass in it while no bot runs."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.chaos.engines import Engine, Row

T = TypeVar("T")

LIFE = ("received", "queued", "submitting", "running", "ready", "done", "failing", "failed")
"""The states in the order in which a job can reach them."""

ENDED = ("done", "failed")

PROOFS = {"queued": "period", "submitting": "submitted_ms", "running": "remote_id"}
"""The column that is filled once a job was in a state, also if it failed after that."""

LOOK_SECONDS = 0.001
"""How long what is looked for may have come before it is seen, where the bot is to be killed in that very moment."""

STALE_SECONDS = 0.1
"""After so long it is looked at what has not changed, too: it may depend on the time."""

HOUR_MS = 3_600_000

WAITED_MS = 31_000
"""After so long a member is told that their job has ended."""


def has_reached(job: Row, state: str) -> bool:
    """Tell whether a job is in a state or was; one that failed, or was refused, has reached no good end by that."""
    if job["state"] not in ("failing", "failed"):
        return LIFE.index(job["state"]) >= LIFE.index(state)
    return state in ("received", "failing", job["state"]) or (state in PROOFS and job[PROOFS[state]] is not None)


class BotDatabase:
    """Look at a database that living bots write to."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.close = engine.close
        self.damage = engine.damage
        self.read = engine.read

    def ledger(self) -> Sequence[Row]:
        """Give all lines of the ledger as they came about."""
        return self.read(f"select * from ledger order by {self._engine.order_of_commits}")  # noqa: S608  # our own words

    def job_of(self, interaction_id: int) -> Row | None:
        """Find the job that an interaction began."""
        found = self.read("select * from job where request_id = $1", str(interaction_id))
        return found[0] if found else None

    def states(self) -> dict[str, int]:
        """Count the jobs by state."""
        return {
            row["state"]: row["jobs"] for row in self.read("select state, count(*) as jobs from job group by state")
        }

    def live(self) -> Sequence[Row]:
        """Give the jobs that have not ended."""
        return self.read("select * from job where state not in ('done', 'failed') order by created_ms")

    def done(self) -> Sequence[Row]:
        """Give the jobs that were delivered."""
        return self.read("select * from job where state = 'done' order by created_ms")

    def drawn(self, *, single: bool = False) -> Sequence[Row]:
        """Give the jobs whose pictures were delivered and are kept; all, or those that make one picture."""
        drawn = self.read(
            """select * from job where state = 'done' and kind in ('imagine', 'action', 'blend', 'region')
                   and exists (select 1 from clip where job_id = job.id and media_file is not null)
               order by created_ms"""
        )
        return [job for job in drawn if not single or json.loads(job["params"])["clips"] == 1]

    def in_doubt(self) -> Sequence[Row]:
        """Give the jobs of which the bot does not know whether the provider has them."""
        return self.read(
            """select * from job where remote_id is null and client_token is not null and given_up_ms is null
                   and (state = 'submitting' and lease is null or error_code = 'unknown_charge')"""
        )

    def clips(self, job_id: str) -> Sequence[Row]:
        """Give a job's clips in their order."""
        return self.read("select * from clip where job_id = $1 order by slot", job_id)

    def state_of(self, job_id: str) -> str:
        """Give a job's state."""
        return self.read("select state from job where id = $1", job_id)[0]["state"]

    async def until(self, look: Callable[[], T | None], every: float = LOOK_SECONDS) -> T:
        """Look again and again until something is found; seconds from look to look."""
        seen, since = None, 0.0
        while True:
            version, now = self._engine.version(), time.monotonic()
            if version != seen or now - since >= STALE_SECONDS:
                if found := look():
                    return found
                seen, since = version, now
            await asyncio.sleep(every)

    def forget_pauses(self) -> None:
        """Let a provider that was left alone be tried again at once."""
        self._engine.write(["update provider_health set failures = 0, paused_until_ms = 0"])

    def films_due(self) -> Sequence[Row]:
        """Give the films that are still to be joined or posted."""
        return self.read("select * from film where due_ms is not null")

    def clearing_up(self) -> Sequence[Row]:
        """Give when what is left of removed jobs and of members to be forgotten is seen to."""
        return self.read("select due_ms from removal where due_ms is not null union all select due_ms from forgetting")

    def let_wait(self, interaction_id: int, milliseconds: int = WAITED_MS) -> None:
        """Make a job look as if it had been asked for so long ago; beside a living bot."""
        sql = "update job set created_ms = created_ms - $1 where request_id = $2"
        self._engine.write([sql], milliseconds, str(interaction_id))

    def grow_old(self, job_id: str, milliseconds: int = HOUR_MS) -> None:
        """Make one job in doubt look as if it had been asked about for so long; beside a living bot."""
        self._engine.write(
            [
                """update job set submitted_ms = submitted_ms - $1, due_ms = due_ms - $1, tries = tries + 2
                   where id = $2 and state = 'submitting' and lease is null"""
            ],
            milliseconds,
            job_id,
        )

    def pass_time(self, milliseconds: int) -> None:
        """Make every moment that live jobs look back or forward to that much earlier."""
        times = ("submitted_ms", "deadline_ms", "due_ms", "wake_ms")
        moves = ", ".join(f"{column} = {column} - $1" for column in times)
        self._engine.write(
            [
                f"update job set {moves} where state not in ('done', 'failed')",  # noqa: S608  # our own constants
                "update provider_health set paused_until_ms = paused_until_ms - $1",
                "update job set token_until_ms = token_until_ms - $1 where token is not null",
                "update film set due_ms = due_ms - $1, token_until_ms = token_until_ms - $1 where due_ms is not null",
                "update ping set due_ms = due_ms - $1",
                """update removal set due_ms = due_ms - $1, look_again_ms = look_again_ms - $1
                   where due_ms is not null""",
                "update forgetting set due_ms = due_ms - $1",
            ],
            milliseconds,
        )
