"""Results that were shared in a showcase, and the weeks whose best of them are shown."""

from collections.abc import Sequence

from bot.db.database import Database, Transaction, parameters
from bot.domain.showcase import Share, ShowcaseWeek


class Shares:
    """Keep what was shared, once a result, and what is still to be done about it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, job_id: str, slot: int) -> Share | None:
        """Read one."""
        rows = await self._db.fetch("select * from share where job_id = $1 and slot = $2", job_id, slot)
        return Share(**dict(rows[0])) if rows else None

    async def ask(self, share: Share, week_ends_ms: int) -> Share | None:
        """Write down that somebody shares a result, shared already or not; it is due then.

        None while it is being shared, and for what was taken down. One that is posted stays where it is.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """insert into share (job_id, slot, guild_id, user_id, channel_id, week, shared_ms, due_ms,
                                      answer_id, token, token_until_ms, again, locale)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                   on conflict (job_id, slot) do update set
                       channel_id = case when share.message_id is null
                           then excluded.channel_id else share.channel_id end,
                       week = case when share.message_id is null and share.lifted = 0
                           then excluded.week else share.week end,
                       shared_ms = case when share.message_id is null
                           then excluded.shared_ms else share.shared_ms end,
                       due_ms = excluded.due_ms, tries = 0, answer_id = excluded.answer_id, token = excluded.token,
                       token_until_ms = excluded.token_until_ms, again = excluded.again,
                       locale = excluded.locale
                   where share.due_ms is null and share.taken_down = 0 returning *""",
                share.job_id,
                share.slot,
                share.guild_id,
                share.user_id,
                share.channel_id,
                share.week,
                share.shared_ms,
                share.due_ms,
                share.answer_id,
                share.token,
                share.token_until_ms,
                share.again,
                share.locale,
            )
            if rows and rows[0]["message_id"] is None:
                await _begin_week(tx, share, week_ends_ms)
        return Share(**dict(rows[0])) if rows else None

    async def begin_anew(self, share: Share, seen: Share, week_ends_ms: int) -> Share | None:
        """Let a result whose message is gone be posted once more, in the channel, week and moment of a new wish.

        One that was lifted keeps its week, for it is lifted once. None where it was taken down since it was `seen`.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """update share set message_id = null, channel_id = $4, shared_ms = $6,
                       week = case when lifted = 0 then $5 else week end
                   where job_id = $1 and slot = $2 and message_id = $3 and taken_down = 0 returning *""",
                share.job_id,
                share.slot,
                seen.message_id,
                share.channel_id,
                share.week,
                share.shared_ms,
            )
            if rows:
                await _begin_week(tx, share, week_ends_ms)
        return Share(**dict(rows[0])) if rows else None

    async def waiting(self, most: int) -> list[Share]:
        """List what is to be posted, drawn anew or taken down, what is due first."""
        rows = await self._db.fetch("select * from share where due_ms is not null order by due_ms limit $1", most)
        return [Share(**dict(row)) for row in rows]

    async def settle(self, share: Share, message_id: int | None) -> None:
        """Write down where a result is shown now: there is nothing more to do, unless it changed meanwhile."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update share set message_id = $3, token = null, tries = 0,
                       due_ms = case when taken_down = $4 and due_ms = $5 then null else due_ms end
                   where job_id = $1 and slot = $2""",
                share.job_id,
                share.slot,
                message_id,
                share.taken_down,
                share.due_ms,
            )

    async def give_up(self, share: Share) -> None:
        """Write down that a wish is not fulfilled; what is posted is still drawn anew where it changed meanwhile."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update share set token = null, tries = 0,
                       due_ms = case when message_id is null or due_ms = $3 then null else due_ms end
                   where job_id = $1 and slot = $2 and taken_down = 0""",
                share.job_id,
                share.slot,
                share.due_ms,
            )

    async def put_off(self, share: Share, due_ms: int, tries: int) -> None:
        """Write down when it is tried again, and whether its token still waits; what changed meanwhile is due then."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update share set due_ms = $3, tries = $4, token = $5
                   where job_id = $1 and slot = $2 and due_ms = $6 and taken_down = $7""",
                share.job_id,
                share.slot,
                due_ms,
                tries,
                share.token,
                share.due_ms,
                share.taken_down,
            )

    async def due_weeks(self, wall_ms: int, most: int) -> list[ShowcaseWeek]:
        """List the weeks whose best are to be chosen or shown, by the wall clock."""
        rows = await self._db.fetch(
            "select * from showcase_week where due_ms <= $1 order by due_ms limit $2", wall_ms, most
        )
        return [ShowcaseWeek(**dict(row)) for row in rows]

    async def week(self, guild_id: int, week: str) -> ShowcaseWeek | None:
        """Read one week of a server."""
        rows = await self._db.fetch("select * from showcase_week where guild_id = $1 and week = $2", guild_id, week)
        return ShowcaseWeek(**dict(rows[0])) if rows else None

    async def of_week(self, week: ShowcaseWeek) -> list[Share]:
        """List what was shared in a week and still stands."""
        rows = await self._db.fetch(
            """select * from share where guild_id = $1 and week = $2 and message_id is not null and taken_down = 0
               order by shared_ms, job_id, slot""",
            week.guild_id,
            week.week,
        )
        return [Share(**dict(row)) for row in rows]

    async def best(self, week: ShowcaseWeek) -> list[Share]:
        """List the best of a week that still stand, the best first."""
        rows = await self._db.fetch(
            """select * from share where guild_id = $1 and week = $2 and lifted = 1 and taken_down = 0
               order by stars desc, shared_ms, job_id, slot""",
            week.guild_id,
            week.week,
        )
        return [Share(**dict(row)) for row in rows]

    async def choose(self, week: ShowcaseWeek, best: Sequence[tuple[Share, int]], channel_id: int | None) -> None:
        """Write down a week's best with their stars, and where they will be shown, once.

        Who comes second changes nothing.
        """
        async with self._db.transaction() as tx:
            await tx.fetch(
                "select 1 from share where guild_id = $1 and week = $2 order by job_id, slot for update",
                week.guild_id,
                week.week,
            )
            chosen = await tx.fetch(
                """update showcase_week set chosen = 1, channel_id = $3
                   where guild_id = $1 and week = $2 and chosen = 0 returning 1""",
                week.guild_id,
                week.week,
                channel_id,
            )
            for share, stars in best if chosen else ():
                await tx.fetch(
                    "update share set lifted = 1, stars = $3 where job_id = $1 and slot = $2 and taken_down = 0",
                    share.job_id,
                    share.slot,
                    stars,
                )

    async def move_week(self, week: ShowcaseWeek, channel_id: int) -> None:
        """Write down that a week's best, which stand nowhere, will be shown in another channel."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update showcase_week set channel_id = $3
                   where guild_id = $1 and week = $2 and message_id is null""",
                week.guild_id,
                week.week,
                channel_id,
            )

    async def settle_week(self, week: ShowcaseWeek, channel_id: int | None, message_id: int | None) -> None:
        """Write down where a week's best are shown: nothing more is to do, unless one was taken down meanwhile."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update showcase_week set channel_id = $3, message_id = $4, tries = 0,
                       due_ms = case when due_ms = $5 then null else due_ms end
                   where guild_id = $1 and week = $2""",
                week.guild_id,
                week.week,
                channel_id,
                message_id,
                week.due_ms,
            )

    async def put_off_week(self, week: ShowcaseWeek, due_ms: int, tries: int) -> None:
        """Write down when a week is seen to again."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update showcase_week set due_ms = $3, tries = $4 where guild_id = $1 and week = $2",
                week.guild_id,
                week.week,
                due_ms,
                tries,
            )


async def take_down(tx: Transaction, job_ids: Sequence[str], now_ms: int) -> None:
    """Let all that was shared of some jobs go, in the transaction that removes them; its message follows.

    Rows are locked after those of jobs, and those of weeks last.
    """
    if not job_ids:
        return
    named = parameters(job_ids)
    rows = await tx.fetch(
        f"""select guild_id, week, lifted from share where job_id in ({named}) and taken_down = 0
            order by job_id, slot for update""",
        *job_ids,
    )
    if not rows:
        return
    await tx.fetch(
        f"""update share set taken_down = 1, due_ms = ${len(job_ids) + 1}, token = null, tries = 0
            where job_id in ({named}) and taken_down = 0""",
        *job_ids,
        now_ms,
    )
    for guild_id, week in dict.fromkeys((row["guild_id"], row["week"]) for row in rows if row["lifted"]):
        await tx.fetch(
            """update showcase_week set due_ms = $3, tries = 0
               where guild_id = $1 and week = $2 and (message_id is not null or due_ms is not null)""",
            guild_id,
            week,
            now_ms,
        )


async def draw_anew(tx: Transaction, job_id: str, storyboard_id: str | None, now_ms: int) -> None:
    """Let what was shared of a job, or of a whole storyboard, be drawn as it is now, where that changes.

    Whoever has it in hand sees by the due time that it changed; so it always becomes another one.
    """
    jobs = "= $1" if storyboard_id is None else "in (select id from job where storyboard_id = $1)"
    await tx.fetch(
        f"""update share set due_ms = case when due_ms = $2 then $2 + 1 else $2 end,
                tries = case when message_id is null then tries else 0 end
            where job_id {jobs} and (message_id is not null or due_ms is not null) and taken_down = 0""",
        job_id if storyboard_id is None else storyboard_id,
        now_ms,
    )


async def _begin_week(tx: Transaction, share: Share, week_ends_ms: int) -> None:
    """Let the week of a result be due once it is over."""
    await tx.fetch(
        "insert into showcase_week (guild_id, week, due_ms) values ($1, $2, $3) on conflict do nothing",
        share.guild_id,
        share.week,
        week_ends_ms,
    )
