"""What a member chose, kept and left behind is erased, inside the transaction that forgets them.

Their jobs are not among it: those are removed (`bot/db/removals.py`), and lose their member's id when that is done.
"""

import json

from bot.db import lock_names
from bot.db.database import Transaction, WriteTransaction
from bot.db.member_ids import Ids
from bot.db.rows import dump
from bot.domain.mod_log import EventKind
from bot.errors import Cancelled

OWN_TABLES = ("favourite", "region_preview", "message_images", "storyboard")
"""The tables whose rows are a member's alone, and say since when."""


async def tells_directly(tx: Transaction, guild_id: int, user_id: int) -> bool:
    """Tell whether a member is told of ends by direct messages."""
    return bool(
        await tx.fetch(
            "select 1 from member_settings where guild_id = $1 and user_id = $2 and notify = 'direct'",
            guild_id,
            user_id,
        )
    )


async def erase_choices(tx: Transaction, guild_id: int, user_id: int, at_ms: int) -> None:
    """Erase settings, presets, and the stars and previews up to a moment; words and pings go with their jobs."""
    for table in ("member_settings", "preset"):
        await tx.fetch(f"delete from {table} where guild_id = $1 and user_id = $2", guild_id, user_id)
    for table in OWN_TABLES:
        await tx.fetch(
            f"delete from {table} where guild_id = $1 and user_id = $2 and created_ms <= $3", guild_id, user_id, at_ms
        )


async def erase_orders(tx: Transaction, guild_id: int, ids: Ids) -> None:
    """Take a member's name off what they decided as a moderator: others' jobs that they took back, removals, blocks."""
    was, now = (dump(Cancelled(one).data) for one in ids)
    await tx.fetch(
        """update job set error_data = $3 where id in (
               select id from job where guild_id = $1 and error_code = 'cancelled' and error_data = $2 and user_id <> $4
               order by created_ms, id for update)""",
        guild_id,
        was,
        now,
        ids.own,
    )
    for table in ("removal", "block"):
        await tx.fetch(f"update {table} set by_user_id = $3 where guild_id = $1 and by_user_id = $2", guild_id, *ids)


async def erase_traces(tx: WriteTransaction, guild_id: int, ids: Ids, at_ms: int) -> None:
    """Take a member's name off what others go on having: films, shared results and reports.

    A removal of their jobs holds these in the same order (`Removals.strike`), so that neither waits for the other.
    """
    await tx.fetch(
        """update film set user_id = $3, token = null, locale = null, token_until_ms = 0, due_ms = null
           where (job_id, slot) in (
               select job_id, slot from film
               where user_id = $2 and (select job.guild_id from job where job.id = film.job_id) = $1
               order by job_id, slot for update)""",
        guild_id,
        *ids,
    )
    await tx.fetch(
        """update share set user_id = $3, locale = null where (job_id, slot) in (
               select job_id, slot from share where guild_id = $1 and user_id = $2 order by job_id, slot for update)""",
        guild_id,
        *ids,
    )
    await _erase_reports(tx, guild_id, ids, at_ms)
    await tx.fetch("update report set handled_by = $3 where guild_id = $1 and handled_by = $2", guild_id, *ids)
    await tx.fetch(
        "update log_event set data = '{}' where guild_id = $1 and due_ms is null and data like $2",
        guild_id,
        f"%{ids.own}%",
    )


async def _erase_reports(tx: WriteTransaction, guild_id: int, ids: Ids, at_ms: int) -> None:
    """Erase a member's reports up to a moment; those that moderators have not decided about stay under no name."""
    await tx.fetch(
        """delete from report where guild_id = $1 and user_id = $2 and created_ms <= $4 and (outcome is not null
               or exists (select 1 from report as kept where kept.job_id = report.job_id and kept.user_id = $3))""",
        guild_id,
        *ids,
        at_ms,
    )
    await tx.fetch(
        "update report set user_id = $3, reason = '' where guild_id = $1 and user_id = $2 and created_ms <= $4",
        guild_id,
        *ids,
        at_ms,
    )
    await _erase_reporter(tx, guild_id, ids, at_ms)


async def _erase_reporter(tx: WriteTransaction, guild_id: int, ids: Ids, at_ms: int) -> None:
    """Let what the mod log is still to be told of reports name nobody."""
    untold = """select id, data from log_event
        where guild_id = $1 and due_ms is not null and kind = $2 and at_ms <= $3 and data like $4"""
    asked = (guild_id, EventKind.REPORT, at_ms, f"%{ids.own}%")
    if not await tx.fetch(untold, *asked):
        return
    # Whoever takes them looks for the reports that they tell of.
    await tx.lock(lock_names.MOD_LOG)
    for row in await tx.fetch(untold, *asked):
        data = json.loads(row["data"])
        if data["by"] == ids.own:
            written = json.dumps({**data, "by": ids.hashed, "reason": ""}, ensure_ascii=False, separators=(",", ":"))
            await tx.fetch("update log_event set data = $2 where id = $1", row["id"], written)
