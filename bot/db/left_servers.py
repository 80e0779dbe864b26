"""The servers that removed the bot long ago: all of their data goes, some at a time, unless they are back."""

from collections.abc import Sequence

from bot.db.database import Database, Transaction, WriteTransaction, parameters
from bot.db.schema import SERVER

OF_JOBS = (
    "clip",
    "frame",
    "favourite",
    "job_word",
    "ping",
    "film",
    "report",
    "removal",
    "shown_message",
    "share",
    "strike",
    "erased_file",
)
"""The tables whose rows go with their jobs."""

OF_SERVERS = (
    "storyboard",
    "region_preview",
    "message_images",
    "log_event",
    "member_settings",
    "preset",
    "favourite",
    "job_word",
    "ping",
    "report",
    "removal",
    "share",
    "showcase_week",
    "forgetting",
    "allowance",
    "block",
)
"""The tables that go whole, a server's rows at once."""

KEPT_FOR = ("guild", "job", "account", "allowance", "block", "member_settings", "preset")
"""The tables of which a server has rows from whatever first happens there."""

JOBS_AT_ONCE = 200
"""Of how many jobs the lines of the ledger go in one transaction."""


class LeftServers:
    """Erase servers; each step holds the server's row, so that one process does it, and none once the bot is back."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def since(self, before_ms: int) -> list[int]:
        """Name the servers that removed the bot before a moment."""
        rows = await self._db.fetch(
            "select guild_id from guild where left_ms is not null and left_ms < $1 order by guild_id", before_ms
        )
        return [row["guild_id"] for row in rows]

    async def kept(self) -> set[int]:
        """Name the servers that anything is kept of and that are not known to have left, and those where jobs wait."""
        waiting = await self._db.fetch("select distinct guild_id from job where state in ('received', 'queued')")
        found = {row["guild_id"] for row in waiting}
        for table in KEPT_FOR:
            # From one server to the next by an index: in each there is much.
            rows = await self._db.fetch(
                f"""with recursive server (guild_id) as (
                        select min(guild_id) from {table}
                        union all
                        select (select min(guild_id) from {table} where guild_id > server.guild_id)
                        from server where server.guild_id is not null)
                    select guild_id from server where guild_id is not null and not exists (
                        select 1 from guild where guild.guild_id = server.guild_id and left_ms is not null)"""
            )
            found |= {row["guild_id"] for row in rows}
        return found

    async def jobs(self, guild_id: int, most: int) -> list[str]:
        """Name some jobs that have ended."""
        rows = await self._db.fetch(
            "select id from job where guild_id = $1 and state in ('done', 'failed') order by user_id limit $2",
            guild_id,
            most,
        )
        return [row["id"] for row in rows]

    async def erase_jobs(self, guild_id: int, job_ids: Sequence[str], before_ms: int) -> bool:
        """Erase jobs with all that is about them; False if the bot is back."""
        async with self._db.transaction() as tx:
            if not await _hold(tx, guild_id, before_ms):
                return False
            named = parameters(job_ids)
            for table in OF_JOBS:
                await tx.fetch(f"delete from {table} where job_id in ({named})", *job_ids)
            await tx.fetch(f"delete from region_preview where parent_job_id in ({named})", *job_ids)
            await tx.fetch(f"delete from storyboard where film_job_id in ({named})", *job_ids)
            await tx.fetch(f"update job set parent_job_id = null where parent_job_id in ({named})", *job_ids)
            await tx.fetch(f"delete from job where id in ({named})", *job_ids)
        return True

    async def erase_some_sums(self, guild_id: int, before_ms: int) -> bool:
        """Erase some lines of the ledger with what they add up to, and empty accounts; tells whether any were there."""
        async with self._db.transaction() as tx:
            if not await _hold(tx, guild_id, before_ms):
                return False
            accounts = await tx.fetch(
                """select user_id, period from account where guild_id = $1 and user_id <> $2
                   order by period, user_id limit 1""",
                guild_id,
                SERVER,
            )
            if not accounts:
                await tx.fetch("delete from account where guild_id = $1", guild_id)
                return False
            await _erase_lines(tx, guild_id, accounts[0]["user_id"], accounts[0]["period"])
        return True

    async def erase_rest(self, guild_id: int, before_ms: int) -> bool:
        """Erase what is left of a server, if no job of it is; tells whether it is gone."""
        async with self._db.transaction() as tx:
            if not await _hold(tx, guild_id, before_ms):
                return False
            if await tx.fetch("select 1 from job where guild_id = $1 limit 1", guild_id):
                return False
            for table in OF_SERVERS:
                await tx.fetch(f"delete from {table} where guild_id = $1", guild_id)
            await tx.fetch("delete from guild where guild_id = $1", guild_id)
        return True


async def _hold(tx: WriteTransaction, guild_id: int, before_ms: int) -> bool:
    """Hold the row of a server that the bot is still away from."""
    rows = await tx.fetch(
        "select 1 from guild where guild_id = $1 and left_ms is not null and left_ms < $2 for update",
        guild_id,
        before_ms,
    )
    return bool(rows)


async def _erase_lines(tx: Transaction, guild_id: int, user_id: int, period: str) -> None:
    """Take some lines of an account away, and what they have added to it and to the server's; an empty one goes."""
    # All lines of a job at once: what is left adds up to no less than 0.
    rows = await tx.fetch(
        f"""select id, kind, amount from ledger where guild_id = $1 and user_id = $2 and period = $3 and (
                job_id is null or job_id in (
                    select distinct job_id from ledger where guild_id = $1 and user_id = $2 and period = $3
                        and job_id is not null limit {JOBS_AT_ONCE}))""",
        guild_id,
        user_id,
        period,
    )
    if not rows:
        await tx.fetch(
            "delete from account where guild_id = $1 and user_id = $2 and period = $3", guild_id, user_id, period
        )
        return
    used = sum(row["amount"] for row in rows if row["kind"] != "grant")
    granted = sum(row["amount"] for row in rows if row["kind"] == "grant")
    await tx.fetch(f"delete from ledger where id in ({parameters(rows)})", *(row["id"] for row in rows))
    await tx.fetch(
        """update account set used = used - $4, granted = granted - $5
           where guild_id = $1 and user_id = $2 and period = $3""",
        guild_id,
        user_id,
        period,
        used,
        granted,
    )
    await tx.fetch(
        "update account set used = used - $4 where guild_id = $1 and user_id = $2 and period = $3",
        guild_id,
        SERVER,
        period,
        used,
    )
