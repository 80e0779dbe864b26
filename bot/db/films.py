"""Films that were asked for: joined once, posted once, and told to whoever asked."""

from bot.db.allowances import Defaults
from bot.db.database import Database
from bot.domain.film import Film
from bot.errors import TooManyOpen


class FilmRepository:
    """Keep what is known of each film, and what is still to be done."""

    def __init__(self, db: Database, defaults: Defaults) -> None:
        self._db = db
        self._defaults = defaults

    async def get(self, job_id: str, slot: int) -> Film | None:
        """Read one film; None where there is none, or its job was removed."""
        rows = await self._db.fetch(
            """select * from film where job_id = $1 and slot = $2
                   and exists (select 1 from job where job.id = film.job_id and job.removed_ms is null)""",
            job_id,
            slot,
        )
        return Film(**dict(rows[0])) if rows else None

    async def ask(self, film: Film) -> Film | None:
        """Write down that a film is asked for, made already or not; None while somebody's wish for it is under way.

        Raises `TooManyOpen` for who has as many under way as one may have open requests.
        """
        async with self._db.transaction() as tx:
            open_now = await tx.fetch(
                "select count(*) as open from film where due_ms is not null and user_id = $1", film.user_id
            )
            most = self._defaults.most_open
            if most is not None and open_now[0]["open"] >= most:
                raise TooManyOpen(most)
            rows = await tx.fetch(
                """insert into film (job_id, slot, user_id, answer_id, token, token_until_ms, asked_ms, due_ms,
                       locale)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                   on conflict (job_id, slot) do update set
                       user_id = excluded.user_id, answer_id = excluded.answer_id, token = excluded.token,
                       token_until_ms = excluded.token_until_ms, asked_ms = excluded.asked_ms,
                       locale = excluded.locale,
                       due_ms = excluded.due_ms, tries = 0
                   where film.due_ms is null returning *""",
                film.job_id,
                film.slot,
                film.user_id,
                film.answer_id,
                film.token,
                film.token_until_ms,
                film.asked_ms,
                film.asked_ms,
                film.locale,
            )
        return Film(**dict(rows[0])) if rows else None

    async def waiting(self, most: int) -> list[Film]:
        """List what is to be joined or posted, what is due first."""
        rows = await self._db.fetch(
            """select * from film where due_ms is not null
                   and exists (select 1 from job where job.id = film.job_id and job.removed_ms is null)
               order by due_ms limit $1""",
            most,
        )
        return [Film(**dict(row)) for row in rows]

    async def joined(self, film: Film) -> None:
        """Write down the file of a film, which is posted next."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update film set media_file = $3, parts = $4, seconds = $5, bytes = $6,
                       channel_id = null, message_id = null
                   where job_id = $1 and slot = $2""",
                film.job_id,
                film.slot,
                film.media_file,
                film.parts,
                film.seconds,
                film.bytes,
            )

    async def posted(self, film: Film) -> None:
        """Write down where a film is shown: there is nothing more to do."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update film set channel_id = $3, message_id = $4, due_ms = null, token = null, tries = 0
                   where job_id = $1 and slot = $2""",
                film.job_id,
                film.slot,
                film.channel_id,
                film.message_id,
            )

    async def put_off(self, film: Film, due_ms: int, tries: int) -> None:
        """Write down when it is tried again."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update film set due_ms = $3, tries = $4 where job_id = $1 and slot = $2",
                film.job_id,
                film.slot,
                due_ms,
                tries,
            )

    async def give_up(self, film: Film) -> None:
        """Forget a wish that cannot be fulfilled; a film that was joined is kept."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update film set due_ms = null, token = null, tries = 0 where job_id = $1 and slot = $2",
                film.job_id,
                film.slot,
            )
