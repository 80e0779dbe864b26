"""What members report to moderators, and what was done about it."""

from collections.abc import Sequence

from bot.db.database import Database, Row, Transaction, parameters
from bot.db.member_ids import MemberIds
from bot.db.mod_log import add_event
from bot.domain.job import Job, card_link
from bot.domain.mod_log import EventKind
from bot.domain.reports import Outcome, Report

_SELECT = """select report.guild_id, report.job_id, report.user_id, reason, log_id, outcome, handled_by,
        job.user_id as member_id, job.channel_id, job.message_id
    from report join job on job.id = report.job_id"""


class Reports:
    """Write reports down, find them, and say what became of them.

    Who was forgotten since stands behind theirs under a hash, so that these can be settled all the same.
    """

    def __init__(self, db: Database, ids: MemberIds) -> None:
        self._db = db
        self._ids = ids

    async def add(self, job: Job, user_id: int, reason: str, now_ms: int) -> bool:
        """Write a member's report down, and let the mod log tell of it; False when they reported that job before."""
        ids = await self._ids.of(self._db, job.guild_id, user_id)
        async with self._db.transaction() as tx:
            written = await tx.fetch(
                """insert into report (job_id, user_id, guild_id, reason, created_ms)
                   select $1, cast($2 as bigint), cast($3 as bigint), $4, cast($5 as bigint)
                   where not exists (select 1 from report where job_id = $1 and user_id = $6)
                   on conflict do nothing returning 1""",
                job.id,
                user_id,
                job.guild_id,
                reason,
                now_ms,
                ids.hashed,
            )
            if written:
                data = {"by": user_id, "job": job.id, "member": job.user_id, "link": card_link(job), "reason": reason}
                await add_event(tx, job.guild_id, EventKind.REPORT, data, now_ms)
        return bool(written)

    async def get(self, guild_id: int, job_id: str, user_id: int) -> Report | None:
        """Find a member's report of a job in a server."""
        rows = await self._db.fetch(
            f"""{_SELECT} where report.job_id = $1 and report.user_id in ($2, $3) and report.guild_id = $4
                order by report.user_id desc limit 1""",
            job_id,
            *await self._ids.of(self._db, guild_id, user_id),
            guild_id,
        )
        return _report(rows[0]) if rows else None

    async def in_message(self, log_id: str) -> list[Report]:
        """List the reports that one message tells of, in the order in which they came."""
        rows = await self._db.fetch(
            f"{_SELECT} where report.log_id = $1 order by report.created_ms, report.job_id, report.user_id", log_id
        )
        return [_report(row) for row in rows]

    async def settle(self, report: Report, outcome: Outcome, by: int) -> bool:
        """Say what was done about a report, once: False when it was settled before.

        What is removed settles all reports of that job.
        """
        ids = await self._ids.of(self._db, report.guild_id, report.user_id)
        async with self._db.transaction() as tx:
            settled = await tx.fetch(
                """update report set outcome = $2, handled_by = $3
                   where job_id = $1 and outcome is null and ($2 = 'removed' or user_id in ($4, $5))
                   returning user_id""",
                report.job_id,
                outcome,
                by,
                *ids,
            )
        return any(row["user_id"] in ids for row in settled)


async def settle_reports(tx: Transaction, jobs: Sequence[Job], by: int) -> None:
    """Say that somebody removed reported jobs; what its member removed leaves the moderators to decide about them."""
    others = [job.id for job in jobs if job.user_id != by]
    if not others:
        return
    await tx.fetch(
        f"""update report set outcome = $1, handled_by = $2
            where job_id in ({parameters(others, 3)}) and outcome is null""",
        Outcome.REMOVED,
        by,
        *others,
    )


def _report(row: Row) -> Report:
    fields = dict(row)
    outcome = fields.pop("outcome")
    return Report(**fields, outcome=Outcome(outcome) if outcome else None)
