"""Messages that show a job beside its present card: they are known so that they go when the job is removed."""

from bot.db.database import Database, Transaction


class ShownMessages:
    """Write down where else a job is shown."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, job_id: str, channel_id: int, message_id: int, *, direct: bool = False) -> bool:
        """Write a message down, in a channel or a `direct` one.

        False, and nothing is written, where the job was removed: then it is to be deleted.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch("select 1 from job where id = $1 and removed_ms is null for update", job_id)
            if rows:
                await tx.fetch(
                    """insert into shown_message (job_id, channel_id, message_id, direct) values ($1, $2, $3, $4)
                       on conflict do nothing""",
                    job_id,
                    channel_id,
                    message_id,
                    int(direct),
                )
        return bool(rows)

    async def channels(self, job_id: str) -> list[int]:
        """Name the channels where a job is shown beside its present card: by an earlier one, a share or a film.

        Not where its member was told alone: nobody moderates that.
        """
        rows = await self._db.fetch(
            """select channel_id from shown_message where job_id = $1 and direct = 0
               union select channel_id from share where job_id = $1 and message_id is not null
               union select channel_id from film where job_id = $1 and message_id is not null""",
            job_id,
        )
        return [row["channel_id"] for row in rows]


async def remember_shown(tx: Transaction, job_id: str, *, is_shot: bool) -> None:
    """Write down where a job is shown, and with it all shots that share its card, before it is shown elsewhere."""
    others = (
        "job.id = $1 and other.storyboard_id = job.storyboard_id and other.storyboard_id is not null"
        if is_shot
        else "job.id = $1 and other.id = job.id"
    )
    clips = "cross join clip where clip.job_id = other.id and clip.message_id is not null"
    film = """cross join storyboard
        where storyboard.id = other.storyboard_id and storyboard.film_message_id is not null"""
    shown = [("other.message_id", "where other.message_id is not null"), ("clip.message_id", clips)]
    for message_id, of in [*shown, *([("storyboard.film_message_id", film)] if is_shot else [])]:
        await tx.fetch(
            f"""insert into shown_message (job_id, channel_id, message_id)
                select other.id, other.channel_id, {message_id} from job cross join job as other {of} and {others}
                on conflict do nothing""",
            job_id,
        )
