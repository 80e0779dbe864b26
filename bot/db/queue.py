"""The waiting line in front of a provider: round-robin between members, within two bounds."""

from dataclasses import dataclass, replace

from bot.db import lock_names
from bot.db.database import Database, Row, Transaction
from bot.db.rows import dump, to_job
from bot.domain.clock import FARTHEST_MS
from bot.domain.job import Job, Kind
from bot.domain.params import JobParams

_IN_LINE = """(coalesce(job.shot, 0) = 0 or exists (
    select 1 from job as former where former.id = job.parent_job_id and (former.state = 'done'
        or (former.state = 'ready' and exists (
            select 1 from clip where clip.job_id = former.id and clip.media_file is not null)
            and not exists (select 1 from frame where frame.job_id = job.id and frame.attachment_id is null)))))"""
"""A shot is in no line before the one that it goes on from is made and kept, and before the card shows its image."""

# A member's next turn is the number of jobs they have at the provider plus the place among their own waiting ones:
# whoever has had least goes first, and then whoever asked first.
_QUEUE_ORDER = f"""
    with busy as (
        select user_id, count(*) as jobs from job
        where provider = $1 and state in ('submitting', 'running') group by user_id
    ), line as (
        select job.id, job.due_ms, job.created_ms, coalesce(busy.jobs, 0) + row_number() over (
            partition by job.user_id order by job.created_ms, job.id) as turn
        from job left join busy on busy.user_id = job.user_id
        where job.provider = $1 and job.state = 'queued' and {_IN_LINE}
    )"""

RECENT = 20
"""How many finished jobs tell how long the next one takes."""


@dataclass(frozen=True)
class Ticket:
    """Hold what a job takes along when it is admitted: its token and the hash of its callback path."""

    job_id: str
    client_token: str
    callback_hash: str | None


class Queue:
    """Admit queued jobs to a provider and tell the others their place."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def next_in_line(self, provider: str, running: int, per_user: int, now_ms: int) -> list[str]:
        """Name the jobs that may go to the provider now, in their order."""
        return await _admissible(self._db, provider, running, per_user, now_ms)

    async def admit(
        self,
        provider: str,
        tickets: list[Ticket],
        *,
        running: int,
        per_user: int,
        lease: str,
        now_ms: int,
        lease_until_ms: int,
        deadline_ms: int,
        alone: bool = False,
    ) -> list[Job]:
        """T3, queued -> submitting: fix token and callback and take the lease, before any call is made.

        The bounds are looked at again inside the transaction, so that two processes together keep them too. `alone`
        admits one job, and none while another one's submit is under way.
        """
        async with self._db.transaction() as tx:
            await tx.lock(lock_names.provider(provider))
            free = await _admissible(tx, provider, running, per_user, now_ms)
            if alone:
                tickets = [] if await _is_submitting(tx, provider) else tickets[:1]
            tickets = [ticket for ticket in tickets if ticket.job_id in free]
            rows = await _submitting(tx, tickets, lease, lease_until_ms, now_ms, deadline_ms) if tickets else []
        admitted = {row["id"]: to_job(row) for row in rows}
        return [admitted[ticket.job_id] for ticket in tickets if ticket.job_id in admitted]

    async def positions(self, provider: str, most: int) -> list[tuple[Job, int]]:
        """Give the waiting jobs with their positions, counted from 1."""
        rows = await self._db.fetch(
            f"""{_QUEUE_ORDER} select job.* from line join job on job.id = line.id
                order by line.turn, line.created_ms, line.id limit $2""",
            provider,
            most,
        )
        return [(to_job(row), position) for position, row in enumerate(rows, 1)]

    async def position(self, job: Job) -> int | None:
        """Tell one job's position, counted from 1; None when it does not wait."""
        rows = await self._db.fetch(
            f"""{_QUEUE_ORDER} select position from (
                    select id, row_number() over (order by turn, created_ms, id) as position from line) as ordered
                where id = $2""",
            job.provider,
            job.id,
        )
        return rows[0]["position"] if rows else None

    async def running(self, provider: str, user_id: int) -> int:
        """Count a member's jobs at a provider."""
        rows = await self._db.fetch(
            """select count(*) as jobs from job
               where provider = $1 and state in ('submitting', 'running') and user_id = $2""",
            provider,
            user_id,
        )
        return rows[0]["jobs"]

    async def is_tried(self, provider: str) -> bool:
        """Tell whether a job is about to show how a provider does: one that waits for it, or is being submitted."""
        waiting = await self._db.fetch(
            # The order only leads to the index of what waits.
            f"select 1 from job where provider = $1 and state = 'queued' and {_IN_LINE} order by user_id limit 1",
            provider,
        )
        return bool(waiting) or await _is_submitting(self._db, provider)

    async def move(self, job: Job, provider: str, params: JobParams) -> bool:
        """Let a waiting job wait for another provider; False when it waits no longer."""
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """update job set provider = $3, params = $4, due_ms = null, tries = 0
                   where id = $1 and provider = $2 and state = 'queued' returning 1""",
                job.id,
                job.provider,
                provider,
                dump(params.to_json()),
            )
        return bool(rows)

    async def exclude_provider(self, job: Job, provider: str) -> Job:
        """Remember that a job is not to be moved to a provider."""
        excluding = replace(job, excluded_providers=(*job.excluded_providers, provider))
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update job set excluded_providers = $2 where id = $1", job.id, " ".join(excluding.excluded_providers)
            )
        return excluding

    async def median_duration_ms(self, provider: str, kind: Kind) -> int | None:
        """Tell how long the provider's recent jobs of a kind took, as a median in milliseconds; None without any."""
        rows: list[Row] = await self._db.fetch(
            """select finished_ms - submitted_ms as took from job
               where provider = $1 and kind = $2 and finished_ms is not null and submitted_ms is not null
                   and state in ('ready', 'done')
               order by finished_ms desc limit $3""",
            provider,
            kind,
            RECENT,
        )
        took = sorted(row["took"] for row in rows)
        return took[len(took) // 2] if took else None


async def _is_submitting(reader: Transaction, provider: str) -> bool:
    rows = await reader.fetch(
        # The two states are those of the index.
        """select 1 from job where provider = $1 and state in ('submitting', 'running')
               and state = 'submitting' and lease is not null limit 1""",
        provider,
    )
    return bool(rows)


async def _submitting(
    tx: Transaction, tickets: list[Ticket], lease: str, lease_until_ms: int, now_ms: int, deadline_ms: int
) -> list[Row]:
    """Move all jobs with tickets in one statement."""
    ids, tokens, hashes = ([f"${place}" for place in range(first, 5 + 3 * len(tickets), 3)] for first in (5, 6, 7))
    token = " ".join(f"when {one} then {value}" for one, value in zip(ids, tokens, strict=True))
    callback_hash = " ".join(f"when {one} then {value}" for one, value in zip(ids, hashes, strict=True))
    return await tx.fetch(
        f"""with picked as (
                select id from job where id in ({", ".join(ids)}) and state = 'queued' for update skip locked)
            update job set state = 'submitting', client_token = case id {token} end,
                callback_hash = case id {callback_hash} end, lease = $1, epoch = epoch + 1, due_ms = $2, wake_ms = null,
                submitted_ms = $3, deadline_ms = $4
            where id in (select id from picked) returning *""",
        lease,
        lease_until_ms,
        now_ms,
        deadline_ms,
        *(value for ticket in tickets for value in (ticket.job_id, ticket.client_token, ticket.callback_hash)),
    )


async def _admissible(reader: Transaction, provider: str, running: int, per_user: int, now_ms: int) -> list[str]:
    rows = await reader.fetch(
        f"""{_QUEUE_ORDER} select id from line where turn <= $2 and (due_ms is null or due_ms <= $3 or due_ms > $5)
            order by turn, created_ms, id limit (
                select case when count(*) < $4 then $4 - count(*) else 0 end from job
                where provider = $1 and state in ('submitting', 'running'))""",
        provider,
        per_user,
        now_ms,
        running,
        now_ms + FARTHEST_MS,
    )
    return [row["id"] for row in rows]
