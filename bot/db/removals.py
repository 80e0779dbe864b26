"""Jobs are removed for good: struck in one transaction, from which on no query that shows or uses jobs finds them.

What is left to do, at Discord and in the media store, stands in the removal table until it is done (`removal_work`).
"""

from collections.abc import Mapping, Sequence

from bot.db import ledger
from bot.db.database import Database, Row, Transaction, Value, WriteTransaction, parameters
from bot.db.descent import clips_after
from bot.db.erased import STANDING, not_removed, remember_board_films
from bot.db.mod_log import add_event
from bot.db.reports import settle_reports
from bot.db.rows import dump, to_job
from bot.db.shares import take_down
from bot.db.shot_moves import end_later_shots
from bot.domain.job import Job, State
from bot.domain.mod_log import EventKind
from bot.domain.removal import WAITING, Removed
from bot.errors import Cancelled, SourceRemoved

LOOK_AGAIN_MS = 15_000
"""How long after a removal what was on its way to Discord has arrived, so that it is looked for once more."""

IN_HAND_MS = 120_000
"""The same where somebody had the job in hand: longer than a lease, with which their step ends."""

_WAITING = ", ".join(f"'{state}'" for state in WAITING)


class Removals:
    """Strike jobs, and tell which of a member's a removal would take."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def strike(
        self,
        guild_id: int,
        job_ids: Sequence[str],
        by_user_id: int,
        reason: str,
        now_ms: int,
        *,
        logged: bool = True,
    ) -> Removed:
        """Strike jobs of a server, each with all shots that share its card; what was struck before is left out.

        What was erased for its age is struck too: its card may stand.
        What waits is ended and refunded, also what waits to go on from a struck job. What is at its provider goes on.
        Unless it is `logged` the mod log is told nothing of it, and reports stay for moderators to decide about.
        """
        async with self._db.transaction() as tx:
            ids = await _with_shots(tx, guild_id, job_ids)
            waiting = await _waiting_children(tx, ids)
            # All in one go, in the order in which everybody locks them.
            locked = await _lock(tx, [*ids, *waiting, *await _later_shots(tx, waiting)])
            struck = await not_removed(tx, [row for row in locked if row["id"] in ids])
            if not struck:
                return Removed(())
            jobs = await _strike(tx, [row["id"] for row in struck], Cancelled(by_user_id), now_ms)
            refunded = [after for before, after in zip(struck, jobs, strict=True) if before["state"] in WAITING]
            refunded += await _end_children(tx, [row["id"] for row in locked if row["id"] in waiting], now_ms)
            await ledger.lock_accounts(tx, guild_id, refunded)
            for job in refunded:
                await ledger.refund(tx, job, now_ms)
            await _write_down(tx, struck, by_user_id, reason, now_ms)
            await _let_go(tx, [job.id for job in jobs])
            await take_down(tx, [job.id for job in jobs], now_ms)
            if logged:
                await settle_reports(tx, jobs, by_user_id)
                await _tell_moderators(tx, guild_id, jobs, by_user_id, reason, now_ms)
            await tx.wake()
        return Removed(tuple(jobs), tuple(refunded))

    async def of_member(self, guild_id: int, user_id: int, since_ms: int, most: int) -> list[str]:
        """Name a member's jobs that were asked for since a moment, newest first."""
        rows = await self._db.fetch(
            f"""select id from job where guild_id = $1 and user_id = $2 and created_ms >= $3 and {STANDING}
               order by created_ms desc, id desc limit $4""",
            guild_id,
            user_id,
            since_ms,
            most,
        )
        return [row["id"] for row in rows]

    async def count_of_member(self, guild_id: int, user_id: int, since_ms: int) -> int:
        """Count them."""
        rows = await self._db.fetch(
            f"""select count(*) as jobs from job
               where guild_id = $1 and user_id = $2 and created_ms >= $3 and {STANDING}""",
            guild_id,
            user_id,
            since_ms,
        )
        return rows[0]["jobs"]


async def _with_shots(tx: Transaction, guild_id: int, job_ids: Sequence[str]) -> list[str]:
    """Name jobs of a server with all shots of their storyboards, to which no more are added until the end."""
    named = parameters(job_ids, 2)
    await tx.fetch(
        f"""select 1 from storyboard where id in (
                select storyboard_id from job where guild_id = $1 and id in ({named})) order by id for update""",
        guild_id,
        *job_ids,
    )
    rows = await tx.fetch(
        f"""select id from job where guild_id = $1 and id in ({named})
            union select other.id from job cross join job as other
            where job.guild_id = $1 and job.id in ({named}) and other.storyboard_id = job.storyboard_id
                and other.storyboard_id is not null""",
        guild_id,
        *job_ids,
    )
    return [row["id"] for row in rows]


async def _waiting_children(tx: Transaction, ids: Sequence[str]) -> list[str]:
    """Name what waits to go on from jobs, or to start from one of their images."""
    if not ids:
        return []
    rows = await tx.fetch(
        f"""select id from job where parent_job_id in ({parameters(ids)}) and state in ({_WAITING})
            union select job.id from frame cross join job
            where substr(frame.media_file, 1, 14) in ({parameters(ids)}) and job.id = frame.job_id
                and job.state in ({_WAITING})""",
        *ids,
    )
    return [row["id"] for row in rows if row["id"] not in ids]


async def _later_shots(tx: Transaction, ids: Sequence[str]) -> list[str]:
    """Name the shots that end with those among some waiting jobs."""
    if not ids:
        return []
    rows = await tx.fetch(
        f"""select later.id from job cross join job as later
            where job.id in ({parameters(ids)}) and later.storyboard_id = job.storyboard_id
                and job.storyboard_id is not null and later.shot > job.shot and later.state in ({_WAITING})""",
        *ids,
    )
    return [row["id"] for row in rows if row["id"] not in ids]


async def _lock(tx: Transaction, ids: Sequence[str]) -> list[Row]:
    if not ids:
        return []
    return await tx.fetch(f"select * from job where id in ({parameters(ids)}) order by created_ms, id for update", *ids)


async def _strike(tx: Transaction, ids: Sequence[str], reason: Cancelled, now_ms: int) -> list[Job]:
    """Strike locked jobs, and give them in their order.

    Whoever has one in hand loses it, but for those at a provider: there its answer is to be written down.
    """
    ends = f"state in ({_WAITING})"
    at_provider = "state in ('submitting', 'running')"
    rows = await tx.fetch(
        f"""update job set removed_ms = $1, dedupe_key = null, undelivered = 0, untold = 0,
               state = case when {ends} then 'failing' else state end,
               error_code = case when {ends} then $2 else error_code end,
               error_data = case when {ends} then $3 else error_data end,
               finished_ms = case when {ends} then $1 else finished_ms end,
               due_ms = case when {at_provider} then due_ms when state in ('done', 'failed') then null else $1 end,
               wake_ms = case when {at_provider} then wake_ms end,
               lease = case when {at_provider} then lease end,
               tries = case when {at_provider} then tries else 0 end
           where id in ({parameters(ids, 4)}) returning *""",
        now_ms,
        reason.code,
        dump(reason.data),
        *ids,
    )
    return sorted((to_job(row) for row in rows), key=lambda job: (job.created_ms, job.id))


async def _end_children(tx: Transaction, ids: Sequence[str], now_ms: int) -> list[Job]:
    """T6 for locked jobs that wait for what is gone now, and for the shots behind them."""
    if not ids:
        return []
    reason = SourceRemoved()
    rows = await tx.fetch(
        f"""update job set state = 'failing', error_code = $2, error_data = $3, finished_ms = $1, due_ms = $1,
               lease = null, wake_ms = null, tries = 0
           where id in ({parameters(ids, 4)}) and state in ({_WAITING}) returning *""",
        now_ms,
        reason.code,
        dump(reason.data),
        *ids,
    )
    ended = [to_job(row) for row in rows]
    for job in list(ended):
        if job.storyboard_id is not None:
            ended += await end_later_shots(tx, job, reason, now_ms)
    return ended


async def _write_down(tx: WriteTransaction, struck: Sequence[Row], by_user_id: int, reason: str, now_ms: int) -> None:
    """Write down what is still to be done."""
    values: list[Value] = []
    for row in struck:
        in_hand = row["lease"] is not None and row["state"] not in (State.DONE, State.FAILED)
        look_again_ms = now_ms + (IN_HAND_MS if in_hand else LOOK_AGAIN_MS)
        values += [row["id"], row["guild_id"], by_user_id, reason, now_ms, row["message_id"], look_again_ms, now_ms]
    lines = ", ".join(f"({parameters(range(8), 1 + 8 * number)})" for number, _ in enumerate(struck))
    await tx.fetch(
        f"""insert into removal (job_id, guild_id, by_user_id, reason, at_ms, card_id, look_again_ms, due_ms)
            values {lines} on conflict do nothing""",
        *values,
    )


async def _let_go(tx: Transaction, ids: Sequence[str]) -> None:
    """Forget what leads to struck jobs: stars, words, pings, previews, and the films that they are part of."""
    named = parameters(ids)
    for table in ("ping", "favourite", "job_word"):
        await tx.fetch(f"delete from {table} where job_id in ({named})", *ids)
    await tx.fetch(f"delete from region_preview where id in ({named})", *ids)
    await remember_board_films(tx, ids)
    await tx.fetch(f"delete from storyboard where id in (select storyboard_id from job where id in ({named}))", *ids)
    await _let_go_of_films(tx, await clips_after(tx, ids))
    await tx.fetch(f"update film set due_ms = null, token = null where job_id in ({named})", *ids)


async def _let_go_of_films(tx: Transaction, struck_by_part: Mapping[str, str]) -> None:
    """Forget the films that struck jobs are part of; where they are posted is known as a message that shows those.

    A wish for one is fulfilled without them, if there is another film then.
    """
    rows = await tx.fetch(
        f"""select * from film where job_id in ({parameters(list(struck_by_part))})
                and (media_file is not null or message_id is not null)
            order by job_id, slot for update""",
        *struck_by_part,
    )
    for row in rows:
        if row["message_id"] is not None:
            await tx.fetch(
                """insert into shown_message (job_id, channel_id, message_id) values ($1, $2, $3)
                   on conflict do nothing""",
                struck_by_part[row["job_id"]],
                row["channel_id"],
                row["message_id"],
            )
        await tx.fetch(
            """update film set media_file = null, parts = null, channel_id = null, message_id = null
               where job_id = $1 and slot = $2""",
            row["job_id"],
            row["slot"],
        )


async def _tell_moderators(
    tx: Transaction, guild_id: int, jobs: Sequence[Job], by_user_id: int, reason: str, now_ms: int
) -> None:
    """Tell the mod log, of each member by themselves."""
    for user_id in dict.fromkeys(job.user_id for job in jobs):
        theirs = [job.id for job in jobs if job.user_id == user_id]
        data = {"by": by_user_id, "jobs": theirs, "member": user_id, "reason": reason or None}
        await add_event(tx, guild_id, EventKind.REMOVED, data, now_ms)
