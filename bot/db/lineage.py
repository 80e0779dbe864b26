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

        It begins behind one that was removed. Whether each clip is there is not looked at; empty where there is no such
        job, or it makes no clips.
        """
        rows = await self._db.fetch(
            # Not joined with its jobs: SQLite would walk through all there are, to know sooner which it need not look
            # for.
            """with recursive chain (id, depth) as (
                   select cast($1 as text), 0
                   union all
                   select (select job.parent_job_id from job where job.id = chain.id), chain.depth + 1
                   from chain where chain.id is not null and chain.depth < $2)
               select * from job where id in (select id from chain) and removed_ms is null""",
            job_id,
            LONGEST_CHAIN,
        )
        jobs = {row["id"]: to_job(row) for row in rows}
        parts: list[Part] = []
        named, clip = job_id, slot
        while named in jobs and jobs[named].kind.makes_video:
            job = jobs.pop(named)
            parts.insert(0, Part(job, clip))
            if job.parent_job_id is None or job.parent_slot is None:
                break
            named, clip = job.parent_job_id, job.parent_slot
        return parts
