"""The jobs that wait, of a member or a whole server, ended together: refunded and never sent (T6)."""

from bot.db import ledger
from bot.db.database import Database, WriteTransaction
from bot.db.rows import dump, to_job
from bot.domain.job import Job
from bot.errors import AnimaticError


class WaitingJobs:
    """End what waits in a server that the bot has left, and remember that it has."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def leave(self, guild_id: int, reason: AnimaticError, now_ms: int) -> list[Job]:
        """Remember that the bot was removed from a server, and end what waits there."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into guild (guild_id, left_ms, updated_ms) values ($1, $2, $2)
                   on conflict (guild_id) do update set left_ms = excluded.left_ms""",
                guild_id,
                now_ms,
            )
            return await fail_waiting(tx, guild_id, None, reason, now_ms)

    async def join(self, guild_id: int) -> None:
        """Forget that the bot was ever removed from a server."""
        async with self._db.transaction() as tx:
            await tx.fetch("update guild set left_ms = null where guild_id = $1 and left_ms is not null", guild_id)

    async def left(self) -> set[int]:
        """Name the servers that the bot was removed from."""
        return {row["guild_id"] for row in await self._db.fetch("select guild_id from guild where left_ms is not null")}

    async def has_left(self, guild_id: int) -> bool:
        """Tell whether the bot was removed from a server."""
        return bool(await self._db.fetch("select 1 from guild where guild_id = $1 and left_ms is not null", guild_id))


async def fail_waiting(
    tx: WriteTransaction, guild_id: int, user_id: int | None, reason: AnimaticError, now_ms: int
) -> list[Job]:
    """T6 for all that waits of a member, or of everybody in a server: whoever has one in hand loses it."""
    rows = await tx.fetch(
        f"""update job set state = 'failing', error_code = $2, error_data = $3, finished_ms = $4, due_ms = $4,
               lease = null, wake_ms = null, tries = 0
           where id in (select id from job
               where guild_id = $1 {"and user_id = $5" if user_id is not None else ""}
                   and state in ('received', 'queued') order by created_ms, id for update)
           returning *""",
        guild_id,
        reason.code,
        dump(reason.data),
        now_ms,
        *(() if user_id is None else (user_id,)),
    )
    jobs = [to_job(row) for row in rows]
    await ledger.lock_accounts(tx, guild_id, jobs)
    for job in jobs:
        await ledger.refund(tx, job, now_ms)
    await tx.wake()
    return jobs
