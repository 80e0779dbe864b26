"""What a member spent in a server, and which prompts of theirs were refused there."""

from dataclasses import dataclass

from bot.db.database import Database
from bot.db.member_ids import EVERYWHERE, MemberIds


@dataclass(frozen=True)
class Sums:
    """Hold what is added up over all time, and today's part of the strikes."""

    used: int
    strikes: int
    strikes_today: int


class ConductRepository:
    """Add up what moderators are told of a member: what happened in other servers is not theirs to know."""

    def __init__(self, db: Database, ids: MemberIds) -> None:
        self._db = db
        self._ids = ids

    async def sums(self, guild_id: int, user_id: int, day: str, period: str) -> Sums:
        """Add it up; `day` is today, in UTC, and `period` the present one's key.

        What stands under the hash of who was forgotten is theirs as long as it counts, and nobody's afterwards.
        """
        here = await self._ids.of(self._db, guild_id, user_id)
        everywhere = await self._ids.of(self._db, EVERYWHERE, user_id)
        # A cross join, as SQLite would else begin with all jobs of the server.
        [row] = await self._db.fetch(
            """select cast((select coalesce(sum(account.used), 0) from account
                   where account.guild_id = $1
                       and account.user_id in ($2, $4)
                       and (account.user_id = $2 or account.period = $6)) as bigint) as used,
                   count(*) as strikes, count(case when strike.day = $3 then 1 end) as today
               from strike cross join job
               where strike.user_id in ($2, $5) and (strike.user_id = $2 or strike.day = $3)
                   and job.id = strike.job_id and job.guild_id = $1""",
            guild_id,
            user_id,
            day,
            here.hashed,
            everywhere.hashed,
            period,
        )
        return Sums(row["used"], row["strikes"], row["today"])
