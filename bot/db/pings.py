"""Who is still to be told that their job has ended.

A row is written by the transaction that ends the job, and is gone before its ping is sent: what dies in between costs
the ping, and never makes two.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.db import lock_names
from bot.db.database import Database, Row, Transaction
from bot.domain.clock import FARTHEST_MS
from bot.domain.job import Job, Kind, State
from bot.domain.pings import EndedBoard, EndedJob, Notify, Ping, awaits_end, ping_due_ms

_UNSEEN = 2
"""What `failed` is more by where the card was deleted: such a one shares its message with no other."""

AT_ONCE = 5
"""How many are taken at a time: as many as a crash can cost."""


class Pings:
    """Take what is due."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def take(self, now_ms: int) -> list[Ping]:
        """Take the pings that are due, in their order, off the table; failures take along those that share a message.

        One that is due farther ahead than any can be is due now: a wrong clock wrote that.
        """
        async with self._db.transaction() as tx:
            await tx.lock(lock_names.PINGS)
            rows = await tx.fetch(
                f"""with due as (
                        select job_id, user_id, channel_id, failed from ping
                        where due_ms <= $1 or due_ms > $2 order by due_ms limit {AT_ONCE})
                    delete from ping where job_id in (
                        select job_id from due
                        union select together.job_id from due join ping as together
                            on together.user_id = due.user_id and together.channel_id = due.channel_id
                        where due.failed = 1 and together.failed = 1)
                    returning *,
                        (select kind from job where job.id = ping.job_id) as kind,
                        (select message_id from job where job.id = ping.job_id) as message_id,
                        (select error_code from job where job.id = ping.job_id) as error_code,
                        (select error_data from job where job.id = ping.job_id) as error_data,
                        (select case when period is null then 0 else cost end from job
                            where job.id = ping.job_id) as returned,
                        (select count(*) from clip where clip.job_id = ping.job_id)
                            + (select count(*) from clip where clip.job_id in (
                                select other.id from job join job as other on other.storyboard_id = job.storyboard_id
                                where job.id = ping.job_id and other.id <> job.id)) as clips,
                        (select max(other.shot) + 1 from job join job as other
                            on other.storyboard_id = job.storyboard_id where job.id = ping.job_id) as shots,
                        (select count(distinct other.shot) from job join job as other
                            on other.storyboard_id = job.storyboard_id
                            where job.id = ping.job_id and other.state in ('ready', 'done')) as made,
                        (select film_job_id from job join storyboard on storyboard.id = job.storyboard_id
                            where job.id = ping.job_id) as film_job_id,
                        (select notify from member_settings as chosen
                            where chosen.guild_id = ping.guild_id and chosen.user_id = ping.user_id) as notify""",
                now_ms,
                now_ms + FARTHEST_MS,
            )
        return [_ping(together) for together in _messages(rows)]


async def expect_ping(
    tx: Transaction, job: Job, now_ms: int, *, partly_made: bool = False, unseen: bool = False
) -> None:
    """Write down, in the transaction that ends a job in hand, that its requester is to be told, if they wait for it.

    With `partly_made` it is no failure, however this job ends: other shots of its storyboard were made. Of an `unseen`
    one, whose card was deleted, they are told whatever they chose: nothing else does.
    """
    failed = job.state is State.FAILING and not partly_made
    if not awaits_end(job, now_ms, unseen=unseen):
        return
    await tx.fetch(
        """insert into ping (job_id, guild_id, channel_id, user_id, failed, due_ms)
           select cast($1 as text), cast($2 as bigint), cast($3 as bigint), cast($4 as bigint), cast($5 as bigint),
               cast($6 as bigint)
           where $5 >= 2 or not exists (
               select 1 from member_settings where guild_id = $2 and user_id = $4 and notify = 'none')
           on conflict (job_id) do update set failed = excluded.failed, due_ms = excluded.due_ms""",
        job.id,
        job.guild_id,
        job.channel_id,
        job.user_id,
        int(failed) + _UNSEEN * unseen,
        ping_due_ms(now_ms, failed=failed and not unseen),
    )


def _messages(rows: Sequence[Row]) -> list[list[Mapping[str, Any]]]:
    """Part what was taken into messages: one for each that was made, one for all that failed of a member's."""
    messages: dict[object, list[Mapping[str, Any]]] = {}
    for row in sorted(map(dict, rows), key=lambda row: (row["due_ms"], row["job_id"])):
        key = (row["user_id"], row["channel_id"]) if row["failed"] == 1 else row["job_id"]
        messages.setdefault(key, []).append(row)
    return list(messages.values())


def _ping(rows: Sequence[Mapping[str, Any]]) -> Ping:
    first = rows[0]
    return Ping(
        first["guild_id"],
        first["channel_id"],
        first["user_id"],
        _notify(first),
        tuple(
            EndedJob(
                row["job_id"],
                Kind(row["kind"]),
                row["message_id"],
                row["clips"],
                failed=bool(row["failed"] % _UNSEEN),
                shown=row["error_code"] != "undeliverable",
                board=_board(row),
                unseen=row["failed"] >= _UNSEEN,
                why=_why(row) if row["failed"] > _UNSEEN else None,
            )
            for row in rows
        ),
    )


def _notify(row: Mapping[str, Any]) -> Notify:
    chosen = Notify(row["notify"] or Notify.REPLY)
    return Notify.REPLY if chosen is Notify.NONE and row["failed"] >= _UNSEEN else chosen


def _why(row: Mapping[str, Any]) -> Mapping[str, Any]:
    data = json.loads(row["error_data"]) if row["error_data"] else None
    return {"code": row["error_code"] or "internal", "data": data, "returned": row["returned"]}


def _board(row: Mapping[str, Any]) -> EndedBoard | None:
    if row["shots"] is None:
        return None
    return EndedBoard(row["shots"], row["made"], joined=row["film_job_id"] is not None)
