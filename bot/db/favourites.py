"""The stars that members gave to jobs, their own and others'."""

from bot.db.database import Database


class Favourites:
    """Write stars down and take them away."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, guild_id: int, user_id: int, job_id: str, now_ms: int) -> bool:
        """Star a job of a server; False when it was starred before, or is not there."""
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """insert into favourite (user_id, job_id, guild_id, created_ms)
                   select cast($2 as bigint), id, guild_id, cast($4 as bigint) from job
                   where id = $3 and guild_id = $1 and removed_ms is null
                   on conflict do nothing returning 1""",
                guild_id,
                user_id,
                job_id,
                now_ms,
            )
        return bool(rows)

    async def remove(self, user_id: int, job_id: str) -> bool:
        """Take a star away; False when there was none."""
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                "delete from favourite where user_id = $1 and job_id = $2 returning 1", user_id, job_id
            )
        return bool(rows)
