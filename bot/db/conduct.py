"""What a member spent in a server, and which prompts of theirs were refused there."""

from dataclasses import dataclass

from bot.db.database import Database


@dataclass(frozen=True)
class Sums:
    """Hold what is added up over all time, and today's part of the strikes."""

    used: int
    strikes: int
    strikes_today: int


class ConductRepository:
    """Add up what moderators are told of a member: what happened in other servers is not theirs to know."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def sums(self, guild_id: int, user_id: int, day: str) -> Sums:
        """Add it up; `day` is today, in UTC."""
        # A cross join, as SQLite would else begin with all jobs of the server.
        [row] = await self._db.fetch(
            """select cast((select coalesce(sum(account.used), 0) from account
                   where account.guild_id = $1 and account.user_id = $2) as bigint) as used,
                   count(*) as strikes, count(case when strike.day = $3 then 1 end) as today
               from strike cross join job
               where strike.user_id = $2 and job.id = strike.job_id and job.guild_id = $1""",
            guild_id,
            user_id,
            day,
        )
        return Sums(row["used"], row["strikes"], row["today"])
