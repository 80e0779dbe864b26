"""The words of prompts: written with the job, and gone with its prompt."""

from bot.db.database import Database, Transaction
from bot.db.rows import to_job
from bot.domain.job import Job
from bot.domain.search_words import words_of

FILLED_UP_TO = "words filled up to"
"""The name in `metadata` of the last job whose words were written after it."""

AT_ONCE = 100
"""Jobs whose words are written in one transaction."""

_BEYOND = "~"
"""Comes after every job's id."""


class JobWords:
    """Write the words of jobs that have none yet, and forget those of a job."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def fill_in(self) -> bool:
        """Write the words of some jobs that an earlier version took down; tells whether there may be more of those."""
        rows = await self._db.fetch("select value from metadata where name = $1", FILLED_UP_TO)
        after = rows[0]["value"] if rows else ""
        if after == _BEYOND:
            return False
        async with self._db.transaction() as tx:
            jobs = await tx.fetch("select * from job where id > $1 order by id limit $2", after, AT_ONCE)
            for job in map(to_job, jobs):
                if job.removed_ms is None:
                    await insert_words(tx, job)
            await tx.fetch(
                """insert into metadata (name, value) values ($1, $2)
                   on conflict (name) do update set value = excluded.value""",
                FILLED_UP_TO,
                jobs[-1]["id"] if len(jobs) == AT_ONCE else _BEYOND,
            )
        return len(jobs) == AT_ONCE

    async def forget(self, job_id: str) -> None:
        """Forget the words of a job's prompt."""
        async with self._db.transaction() as tx:
            await forget_words(tx, job_id)


async def insert_words(tx: Transaction, job: Job) -> None:
    """Write down the words of a job's prompt, in one statement."""
    words = words_of(job.params.prompt)
    if not words:
        return
    # Filled up with the last one, so that there are few different statements, which servers remember.
    words += words[-1:] * ((1 << (len(words) - 1).bit_length()) - len(words))
    lines = ", ".join(f"($1, $2, ${place}, $3)" for place in range(4, 4 + len(words)))
    await tx.fetch(
        f"insert into job_word (guild_id, user_id, word, job_id) values {lines} on conflict do nothing",
        job.guild_id,
        job.user_id,
        job.id,
        *words,
    )


async def forget_words(tx: Transaction, job_id: str) -> None:
    """Forget the words of a job's prompt, in the transaction that forgets the prompt."""
    await tx.fetch("delete from job_word where job_id = $1", job_id)
