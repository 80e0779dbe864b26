"""Where a clip comes from: each extend names the job and the clip that it goes on from."""

from bot.db.database import Database
from bot.db.rows import to_job
from bot.domain.film import Part

LONGEST_CHAIN = 500
"""How many jobs a chain is followed through; nobody has such a one."""


class Lineage:
    """Follow chains of clips."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def parts(self, job_id: str, slot: int) -> list[Part]:
        """Give the clips that lead to one of a job's, the first one first and that one last.

        Whether each is there is not looked at; empty where there is no such job, or it makes no clips.
        """
        rows = await self._db.fetch(
            # A cross join keeps its order on SQLite, which else would walk through all jobs and look for each in the
            # chain.
            """with recursive chain (id, clip, depth) as (
                   select cast($1 as text), cast($2 as bigint), 0
                   union all
                   select job.parent_job_id, job.parent_slot, chain.depth + 1 from chain cross join job
                   where job.id = chain.id and job.kind in ('video', 'extend') and job.parent_job_id is not null
                     and job.parent_slot is not null and chain.depth < $3)
               select job.*, chain.clip as chain_clip from chain cross join job
               where job.id = chain.id and job.kind in ('video', 'extend') order by chain.depth desc""",
            job_id,
            slot,
            LONGEST_CHAIN,
        )
        found = [dict(row) for row in rows]
        return [Part(slot=row.pop("chain_clip"), job=to_job(row)) for row in found]
