"""Jobs whose content was erased because it was old: their cards stand until somebody removes them all the same."""

from collections.abc import Sequence

from bot.db.database import Row, Transaction, parameters

STANDING = "(job.removed_ms is null or not exists (select 1 from removal where removal.job_id = job.id))"
"""What is true of jobs that nobody removed: those that were erased have a moment of it, and no removal."""


async def not_removed(tx: Transaction, rows: Sequence[Row]) -> list[Row]:
    """Leave out of locked jobs those that somebody removed."""
    gone = [row["id"] for row in rows if row["removed_ms"] is not None]
    # A statement of its own, after the lock: it sees what whoever held them before has written.
    found = await tx.fetch(f"select job_id from removal where job_id in ({parameters(gone)})", *gone) if gone else []
    removed = {row["job_id"] for row in found}
    return [row for row in rows if row["id"] not in removed]


async def remember_board_films(tx: Transaction, ids: Sequence[str]) -> None:
    """Write down which messages show the films of the jobs' storyboards, before those are deleted."""
    await tx.fetch(
        f"""insert into shown_message (job_id, channel_id, message_id)
            select job.id, job.channel_id, storyboard.film_message_id from job cross join storyboard
            where job.id in ({parameters(ids)}) and storyboard.id = job.storyboard_id
                and storyboard.film_message_id is not null
            on conflict do nothing""",
        *ids,
    )
