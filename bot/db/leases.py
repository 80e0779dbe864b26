"""Who has which job in hand: a claim (T2) is for one step, and ends by itself when its holder does not renew it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from bot.db import lock_names
from bot.db.card_edits import CardEdits, counted_edit
from bot.db.database import Database, Row, Transaction
from bot.db.gathered import Gathered
from bot.db.given_rows import given_rows
from bot.db.rows import to_job
from bot.domain.clock import FARTHEST_MS
from bot.domain.job import Job, State
from bot.errors import LostLease

DUE_STATES = (State.RECEIVED, State.SUBMITTING, State.RUNNING, State.READY, State.FAILING, State.FAILED)
"""The states that the claim looks at; the partial index job_due names the same. A failed job is due when a late
answer is to be checked."""

_IN_DUE_STATES = ", ".join(f"'{state}'" for state in DUE_STATES)


PREPARING, DELIVERING = State.RECEIVED, State.READY
"""The states whose step moves files, for as long as somebody's link takes: those are shared out between members."""


@dataclass(frozen=True)
class Room:
    """Hold how many steps may be begun: those that prepare, those that deliver, and all others.

    Of the first two, one member has as many as `per_user` in hand at once, in all processes together.
    """

    preparing: int
    delivering: int
    others: int
    per_user: int


@dataclass(frozen=True)
class Outlook:
    """Hold what there is to do at a moment, and when there will be more."""

    due: frozenset[State]
    """The states of jobs that can be claimed."""
    next_due_ms: int | None
    """When the next job becomes due after that moment, leased and waiting ones included."""
    waited_for: tuple[str, ...]
    """The providers that somebody waits for."""
    holders: tuple[str, ...]
    """Everyone who holds a lease."""
    pings_due: bool = False
    """Whether somebody is to be told now that their job has ended."""
    log_due: bool = False
    """Whether a mod log is to be written to now."""


GATHERED_SECONDS = 0.05
"""How long a lease that is given back waits for others: jobs that were asked for together are written down together."""

GATHERED = 8
"""How many are enough: half of the steps that a process takes at a time, so that the other half goes on meanwhile."""


@dataclass(frozen=True)
class _StillMade:
    job: Job
    due_ms: int
    progress: int | None


class Leases:
    """Claim due jobs, keep them, and give them back."""

    def __init__(self, db: Database, card_edits: CardEdits) -> None:
        self._db = db
        self._card_edits = card_edits
        self._ask_again = Gathered(self._write_still_made, GATHERED_SECONDS, GATHERED)

    async def look(self, now_ms: int) -> Outlook:
        """Tell what there is to do, in one statement, so that a round in which there is nothing costs no more."""
        rows = await self._db.fetch(
            f"""select 'due' as what, state as name, max(due_ms) as at from job
                where due_ms is not null and (due_ms <= $1 or due_ms > $2) and state in ({_IN_DUE_STATES})
                group by state
                union all select 'next', '', min(due_ms) from job where due_ms > $1 and state in ({_IN_DUE_STATES})
                union all select 'next', '', min(due_ms) from job where state = 'queued' and due_ms > $1
                union all select 'next', '', min(due_ms) from ping where due_ms > $1
                union all select 'ping', '', max(due_ms) from ping where due_ms <= $1 or due_ms > $2
                union all select 'next', '', min(due_ms) from log_event where due_ms > $1
                union all select 'log', '', max(due_ms) from log_event where due_ms <= $1 or due_ms > $2
                union all select 'waited for', provider, 0 from (
                    select distinct provider from job where state = 'queued') as line
                union all select 'holder', lease, 0 from (
                    select distinct lease from job where lease is not null) as leases""",
            now_ms,
            now_ms + FARTHEST_MS,
        )
        found = [(row["what"], row["name"], row["at"]) for row in rows]
        return Outlook(
            due=frozenset(State(name) for what, name, _ in found if what == "due"),
            next_due_ms=min((at for what, _, at in found if what == "next" and at is not None), default=None),
            waited_for=tuple(name for what, name, _ in found if what == "waited for"),
            holders=tuple(name for what, name, _ in found if what == "holder"),
            pings_due=any(what == "ping" and at is not None for what, _, at in found),
            log_due=any(what == "log" and at is not None for what, _, at in found),
        )

    async def claim(
        self,
        lease: str,
        now_ms: int,
        lease_until_ms: int,
        room: Room,
        due: Collection[State] = DUE_STATES,
    ) -> list[Job]:
        """T2, within what there is room for: those go first of whose member fewest are in hand.

        One that is due farther ahead than any job can be is due now: a wrong clock wrote that. Only those in the states
        of `due` are looked for.
        """
        async with self._db.transaction() as tx:
            rows: list[Row] = []
            shared = [
                (state, most)
                for state, most in ((PREPARING, room.preparing), (DELIVERING, room.delivering))
                if most > 0 and state in due
            ]
            if shared:
                await tx.lock(lock_names.CLAIMS)
            for state, most in shared:
                rows += await _claim_in_turn(tx, lease, now_ms, lease_until_ms, state, most, room.per_user)
            if room.others > 0 and not set(due) <= {PREPARING, DELIVERING}:
                rows += await tx.fetch(
                    f"""with picked as (
                            select id from job
                            where due_ms is not null and (due_ms <= $2 or due_ms > $5)
                                and state in ({_IN_DUE_STATES}) and state not in ('{PREPARING}', '{DELIVERING}')
                            order by due_ms limit $4 for update skip locked)
                        update job set lease = $1, epoch = epoch + 1, due_ms = $3, wake_ms = null
                        where id in (select id from picked) returning *""",
                    lease,
                    now_ms,
                    lease_until_ms,
                    room.others,
                    now_ms + FARTHEST_MS,
                )
        return [to_job(row) for row in rows]

    async def renew(self, job: Job, lease_until_ms: int) -> bool:
        """Lengthen the lease of a job in hand; False when it was lost."""
        async with self._db.transaction() as tx:
            return bool(
                await tx.fetch(
                    "update job set due_ms = $4 where id = $1 and lease = $2 and epoch = $3 returning 1",
                    job.id,
                    job.lease,
                    job.epoch,
                    lease_until_ms,
                )
            )

    async def reschedule(self, job: Job, due_ms: int | None, *, tries: int = 0, progress: int | None = None) -> Job:
        """Give a lease back without a change of state: a poll that found nothing new, or a step to try again."""
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """update job set lease = null, due_ms = coalesce(wake_ms, $5), wake_ms = null, tries = $6,
                       progress = coalesce($7, progress)
                   where id = $1 and state = $2 and lease = $3 and epoch = $4 returning *""",
                job.id,
                job.state,
                job.lease,
                job.epoch,
                due_ms,
                tries,
                progress,
            )
        return row_or_lost_lease(job, rows)

    async def ask_again(self, job: Job, due_ms: int, progress: int | None) -> None:
        """Give the lease of a job back that is still being made; an edit of its card may follow, and is counted.

        Those that come at about the same time are written together.
        """
        if not await self._ask_again(_StillMade(job, due_ms, progress)):
            raise LostLease(job.id)
        if job.storyboard_id is None:
            self._card_edits.counted(job.id)

    async def _write_still_made(self, still_made: Sequence[_StillMade]) -> list[bool]:
        rows, values = given_rows(
            ("text", "text", "bigint", "bigint", "bigint"),
            [(one.job.id, one.job.lease, one.job.epoch, one.due_ms, one.progress) for one in still_made],
            2,
        )
        async with self._db.transaction() as tx:
            written = await tx.fetch(
                f"""with given (job_id, holder, epoch_then, due, percent) as ({rows}),
                        picked as (
                            select id from job where id in (select job_id from given)
                            order by created_ms, id for update)
                    update job set lease = null, due_ms = coalesce(wake_ms, due), wake_ms = null, tries = 0,
                        progress = coalesce(percent, progress), {counted_edit("$1")}
                    from given
                    where id = job_id and id in (select id from picked)
                        and state = '{State.RUNNING}' and lease = holder and epoch = epoch_then
                    returning id""",
                self._card_edits.marker,
                *values,
            )
        ids = {row["id"] for row in written}
        return [one.job.id in ids for one in still_made]

    async def release(self, lease: str, now_ms: int) -> int:
        """Give back all leases of a name, because its holder stops or is gone; tells how many.

        What a submit counted as tries were refusals; now its answer is lost, and looking for it begins anew.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """update job set lease = null, due_ms = $2,
                       tries = case when state = 'submitting' then 0 else tries end
                   where id in (select id from job where lease = $1 order by created_ms, id for update)
                   returning id""",
                lease,
                now_ms,
            )
            await tx.wake()
        return len(rows)


async def _claim_in_turn(
    tx: Transaction, lease: str, now_ms: int, lease_until_ms: int, state: State, most: int, per_user: int
) -> list[Row]:
    # A job's turn is its place among its member's due ones, behind those that are in hand.
    return await tx.fetch(
        f"""with busy as (
                select user_id, count(*) as steps from job
                where lease is not null and state = '{state}' and due_ms > $2 and due_ms <= $6 group by user_id
            ), line as (
                select job.id, job.due_ms, coalesce(busy.steps, 0) + row_number() over (
                    partition by job.user_id order by job.due_ms, job.id) as turn
                from job left join busy on busy.user_id = job.user_id
                where job.due_ms is not null and (job.due_ms <= $2 or job.due_ms > $6)
                    and job.state in ({_IN_DUE_STATES}) and job.state = '{state}'
            ), picked as (
                select job.id from line join job on job.id = line.id
                where line.turn <= $4 and job.state = '{state}' and (job.due_ms <= $2 or job.due_ms > $6)
                order by line.turn, line.due_ms, line.id limit $5 for update of job skip locked
            )
            update job set lease = $1, epoch = epoch + 1, due_ms = $3, wake_ms = null
            where id in (select id from picked) returning *""",
        lease,
        now_ms,
        lease_until_ms,
        per_user,
        most,
        now_ms + FARTHEST_MS,
    )


def row_or_lost_lease(job: Job, rows: Sequence[Any]) -> Job:
    """Read the row that a fenced update gave back; raise `LostLease` when there is none."""
    if not rows:
        raise LostLease(job.id)
    return to_job(rows[0])
