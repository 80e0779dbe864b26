"""Read the bot's database beside it, in plain SQL, and let time pass in it while no bot runs."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
Row = sqlite3.Row

LIFE = ("received", "queued", "submitting", "running", "ready", "done", "failing", "failed")
"""The states in the order in which a job can reach them."""

ENDED = ("done", "failed")

PROOFS = {"queued": "period", "submitting": "submitted_ms", "running": "remote_id"}
"""The column that is filled once a job was in a state, also if it failed after that."""

LOOK_SECONDS = 0.001

HOUR_MS = 3_600_000


def has_reached(job: Row, state: str) -> bool:
    """Tell whether a job is in a state or was; one that failed, or was refused, has reached no good end by that."""
    if job["state"] not in ("failing", "failed"):
        return LIFE.index(job["state"]) >= LIFE.index(state)
    return state in ("received", "failing", job["state"]) or (state in PROOFS and job[PROOFS[state]] is not None)


class BotDatabase:
    """Look at a SQLite file that a living bot writes to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    def read(self, sql: str, *values: str | int) -> list[Row]:
        """Run one query; a file without tables has no rows."""
        if self._connection is None:
            if not self._path.exists():
                return []
            self._connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, isolation_level=None, timeout=10)
            self._connection.row_factory = sqlite3.Row
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise

    def job_of(self, interaction_id: int) -> Row | None:
        """Find the job that an interaction began."""
        found = self.read("select * from job where request_id = ?", str(interaction_id))
        return found[0] if found else None

    def states(self) -> dict[str, int]:
        """Count the jobs by state."""
        return {
            row["state"]: row["jobs"] for row in self.read("select state, count(*) as jobs from job group by state")
        }

    def live(self) -> list[Row]:
        """Give the jobs that have not ended."""
        return self.read("select * from job where state not in ('done', 'failed') order by created_ms")

    def done(self) -> list[Row]:
        """Give the jobs that were delivered."""
        return self.read("select * from job where state = 'done' order by created_ms")

    def drawn(self, *, single: bool = False) -> list[Row]:
        """Give the jobs whose pictures were delivered and are kept; all, or those that make one picture."""
        return self.read(
            """select * from job where state = 'done' and kind in ('imagine', 'action', 'blend', 'region')
                   and exists (select 1 from clip where job_id = job.id and media_file is not null)
                   and (not ? or json_extract(params, '$.clips') = 1)
               order by created_ms""",
            int(single),
        )

    def in_doubt(self) -> list[Row]:
        """Give the jobs of which the bot does not know whether the provider has them."""
        return self.read(
            """select * from job where remote_id is null and client_token is not null and given_up_ms is null
                   and (state = 'submitting' and lease is null or error_code = 'unknown_charge')"""
        )

    def clips(self, job_id: str) -> list[Row]:
        """Give a job's clips in their order."""
        return self.read("select * from clip where job_id = ? order by slot", job_id)

    def state_of(self, job_id: str) -> str:
        """Give a job's state."""
        return self.read("select state from job where id = ?", job_id)[0]["state"]

    async def until(self, look: Callable[[], T | None]) -> T:
        """Look again and again until something is found."""
        while True:
            if found := look():
                return found
            await asyncio.sleep(LOOK_SECONDS)

    def forget_pauses(self) -> None:
        """Let a provider that was left alone be tried again at once."""
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            connection.execute("update provider_health set failures = 0, paused_until_ms = 0")

    def grow_old(self, job_id: str, milliseconds: int = HOUR_MS) -> None:
        """Make one job in doubt look as if it had been asked about for so long; beside a living bot."""
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            connection.execute(
                """update job set submitted_ms = submitted_ms - ?, due_ms = due_ms - ?, tries = tries + 2
                   where id = ? and state = 'submitting' and lease is null""",
                (milliseconds, milliseconds, job_id),
            )

    def pass_time(self, milliseconds: int) -> None:
        """Make every moment that live jobs look back or forward to that much earlier."""
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            for column in ("submitted_ms", "deadline_ms", "due_ms", "wake_ms"):
                connection.execute(
                    f"update job set {column} = {column} - ? where state not in ('done', 'failed')",  # noqa: S608  # our own constants
                    (milliseconds,),
                )
            connection.execute("update provider_health set paused_until_ms = paused_until_ms - ?", (milliseconds,))
            connection.execute(
                "update job set token_until_ms = token_until_ms - ? where token is not null", (milliseconds,)
            )
