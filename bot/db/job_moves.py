"""How a transition is written: fenced by lease, epoch and state, inside of a transaction that does more."""

from typing import TypedDict

from bot.db.database import Transaction, Value
from bot.db.leases import row_or_lost_lease
from bot.db.rows import to_job
from bot.domain.job import TRANSITIONS, Job, State


class Ending(TypedDict, total=False):
    """Say how a job ends.

    `incomplete` says that the card shows less than was made: then, or if it is `undeliverable`, the job is listed.
    `recheck_ms` makes a failed job due once more, to see whether the provider finishes it after all.
    """

    undeliverable: bool
    incomplete: bool
    recheck_ms: int | None


async def finish(tx: Transaction, job: Job, ending: Ending, **more: Value) -> Job:
    """T7: end a job whose card tells its end, or whose member cannot be reached."""
    state = State.DONE if job.state is State.READY else State.FAILED
    undeliverable, incomplete = ending.get("undeliverable", False), ending.get("incomplete", False)
    changes: dict[str, Value] = {"fetch_until_ms": None, "untold": int(undeliverable), **more}
    if state is State.DONE:
        changes |= {"undelivered": int(undeliverable or incomplete), "untold": 0}
        changes |= {"error_code": "undeliverable"} if undeliverable else {}
    due_ms = ending.get("recheck_ms")
    moved = await move(tx, job, state, due_ms=due_ms, lease=None, token=None, token_until_ms=0, tries=0, **changes)
    if state is State.DONE or moved.remote_id is not None or moved.callback_remote_id is None:
        return moved
    # A late answer that came meanwhile, or could not be looked at before, is looked at next.
    late = await tx.fetch("update job set due_ms = coalesce(wake_ms, finished_ms) where id = $1 returning *", job.id)
    return to_job(late[0])


async def move(tx: Transaction, job: Job, to: State, **changes: Value) -> Job:
    """Write a new state and its columns, if the job is still in hand; raise `LostLease` if not.

    A queued job is in nobody's hands: its epoch and state alone fence it. Raises `ValueError` for a step that the
    domain does not know.
    """
    if to not in TRANSITIONS[job.state]:
        raise ValueError(f"a {job.state} job cannot become {to}")
    columns = ", ".join(f"{column} = ${number}" for number, column in enumerate(["state", *changes], 5))
    rows = await tx.fetch(
        f"""update job set {columns}
            where id = $1 and state = $2 and (lease = $3 or state = 'queued') and epoch = $4 returning *""",
        job.id,
        job.state,
        job.lease,
        job.epoch,
        to,
        *changes.values(),
    )
    return row_or_lost_lease(job, rows)
