"""Which jobs go on from others, generation after generation."""

from collections.abc import Sequence

from bot.db.database import Transaction, parameters


async def clips_after(reader: Transaction, job_ids: Sequence[str]) -> dict[str, str]:
    """Give the jobs whose clips go on from some jobs', these among them, each with that of these which it goes on from.

    One statement a generation: asked for all at once, SQLite would walk through all jobs to know sooner where not to
    look.
    """
    found = {job_id: job_id for job_id in job_ids}
    above = list(found)
    while above:
        rows = await reader.fetch(
            f"""select id, parent_job_id from job
                where parent_job_id in ({parameters(above)}) and parent_slot is not null""",
            *above,
        )
        below = {row["id"]: found[row["parent_job_id"]] for row in rows if row["id"] not in found}
        found |= below
        above = list(below)
    return found
