"""What is still to be done about removed jobs: due until it is done, and each part may be repeated.

Nothing else reads removed jobs.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from bot.db.database import Database, Transaction, parameters
from bot.db.descent import clips_after
from bot.db.erased import STANDING
from bot.db.job_words import forget_words
from bot.db.rows import dump, to_clip, to_job
from bot.db.shares import draw_anew
from bot.domain.clock import FARTHEST_MS
from bot.domain.film import Film
from bot.domain.job import Job, State
from bot.domain.removal import Removal, inherits_prompt, without_content

PAGE = 200
"""How many jobs that go on from a removed one are held at a time."""


@dataclass(frozen=True)
class Message:
    """Name a message that shows a removed job."""

    channel_id: int
    message_id: int


@dataclass(frozen=True)
class Heir:
    """Name a job that shows something of a removed one: the link to it, with `words` its prompt, or its `image`."""

    job_id: str
    words: bool
    image: bool


class RemovalWork:
    """Take removals that are due, and write down what is done of them."""

    def __init__(self, db: Database, *, page: int = PAGE) -> None:
        self._db = db
        self._page = page

    async def take(self, most: int, now_ms: int, until_ms: int, *, of_forgotten: bool = True) -> list[Removal]:
        """Take what is due, until a moment: if nobody has written down more by then, it is due again.

        What somebody asks for goes before what is `of_forgotten` members, whose ids are below 0, and what was never
        tried before what was; the newest first, for it is looked at now. What is due farther ahead than any can be is
        due now: a wrong clock wrote that.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """with picked as (
                       select job_id from removal where due_ms is not null and (due_ms <= $1 or due_ms > $2)
                           and (by_user_id > 0 or $5 = 1)
                       order by by_user_id < 0, tries, at_ms desc limit $4 for update skip locked)
                   update removal set due_ms = $3, tries = tries + 1 where job_id in (select job_id from picked)
                   returning *""",
                now_ms,
                now_ms + FARTHEST_MS,
                until_ms,
                most,
                int(of_forgotten),
            )
        return [Removal(**dict(row)) for row in rows]

    async def next_due_ms(self) -> int | None:
        """Tell when the next one is due; None where nothing is to be done."""
        rows = await self._db.fetch("select min(due_ms) as at from removal where due_ms is not null")
        return rows[0]["at"]

    async def put_off(self, removal: Removal, due_ms: int | None, *, tries: int = 0) -> None:
        """Write down when it is looked at again; None once all is done."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update removal set due_ms = $2, tries = $3 where job_id = $1", removal.job_id, due_ms, tries
            )

    async def job(self, job_id: str) -> Job:
        """Read a removed job."""
        rows = await self._db.fetch("select * from job where id = $1", job_id)
        return to_job(rows[0])

    async def messages(self, job: Job) -> list[Message]:
        """Name every message that shows a job, as far as that was written down; the card first."""
        clips = [to_clip(row) for row in await self._db.fetch("select * from clip where job_id = $1", job.id)]
        beside = await self._db.fetch("select channel_id, message_id from shown_message where job_id = $1", job.id)
        found = [
            *(Message(job.channel_id, one) for one in (job.message_id, *(clip.message_id for clip in clips)) if one),
            *(Message(row["channel_id"], row["message_id"]) for row in beside),
        ]
        return list(dict.fromkeys(found))

    async def attachments(self, job_id: str) -> list[int]:
        """Name the files on Discord that show something of a job."""
        rows = await self._db.fetch(
            """select attachment_id from clip where job_id = $1 and attachment_id is not null
               union select attachment_id from frame where job_id = $1 and attachment_id is not null""",
            job_id,
        )
        return [row["attachment_id"] for row in rows]

    async def told_directly(self, job: Job) -> bool:
        """Tell whether a job's member is told of ends by direct messages, or was until they asked to be forgotten."""
        rows = await self._db.fetch(
            """select 1 from member_settings where guild_id = $1 and user_id = $2 and notify = 'direct'
               union all select 1 from forgetting where guild_id = $1 and user_id = $2 and direct = 1""",
            job.guild_id,
            job.user_id,
        )
        return bool(rows)

    async def message_gone(self, job: Job, message: Message) -> None:
        """Write down that a message is deleted."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update job set message_id = null
                   where message_id = $2 and (id = $1 or (storyboard_id is not null and storyboard_id = $3))""",
                job.id,
                message.message_id,
                job.storyboard_id,
            )
            await tx.fetch(
                "update clip set message_id = null, attachment_id = null where job_id = $1 and message_id = $2",
                job.id,
                message.message_id,
            )
            await tx.fetch(
                "delete from shown_message where job_id = $1 and message_id = $2", job.id, message.message_id
            )

    async def forget_seen(self, guild_id: int, attachments: Sequence[int]) -> None:
        """Forget what open forms have seen of files that are gone."""
        if not attachments:
            return
        seen = " or ".join(f"images like ${place}" for place, _ in enumerate(attachments, 2))
        async with self._db.transaction() as tx:
            await tx.fetch(
                f"delete from message_images where guild_id = $1 and ({seen})",
                guild_id,
                *(f"%/{attachment}/%" for attachment in attachments),
            )

    async def films(self, job_id: str) -> list[Film]:
        """List the films that a job is part of, or was."""
        parts = await clips_after(self._db, [job_id])
        rows = await self._db.fetch(f"select * from film where job_id in ({parameters(list(parts))})", *parts)
        return [Film(**dict(row)) for row in rows]

    async def film_gone(self, film: Film) -> None:
        """Forget a film; one that somebody wants is still to be joined, of what is left."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "delete from film where job_id = $1 and slot = $2 and due_ms is null", film.job_id, film.slot
            )
            await tx.fetch(
                """update film set media_file = null, parts = null, channel_id = null, message_id = null
                   where job_id = $1 and slot = $2""",
                film.job_id,
                film.slot,
            )

    async def heirs(self, job_id: str) -> AsyncIterator[Heir]:
        """Give the jobs that show something of a removed one: those that go on from it, and from these.

        Its prompt goes on as long as nobody typed another one; the link to it stands on each card of a chain.
        """
        lent = await self._db.fetch(
            "select distinct job_id from frame where substr(media_file, 1, 14) = $1 and job_id <> $1", job_id
        )
        images = {row["job_id"] for row in lent}
        above = {job_id: True}
        while above:
            below: dict[str, bool] = {}
            async for job in self._children(list(above)):
                below[job.id] = above[job.parent_job_id or ""] and inherits_prompt(job)
                yield Heir(job.id, below[job.id], job.id in images)
            images -= below.keys()
            above = below
        for one in sorted(images):
            yield Heir(one, words=False, image=True)

    async def _children(self, job_ids: Sequence[str]) -> AsyncIterator[Job]:
        for first in range(0, len(job_ids), self._page):
            parents, last, rows = job_ids[first : first + self._page], "", None
            while rows is None or len(rows) == self._page:
                rows = await self._db.fetch(
                    f"""select * from job
                        where parent_job_id in ({parameters(parents, 3)}) and {STANDING} and id > $1
                        order by id limit $2""",
                    last,
                    self._page,
                    *parents,
                )
                for row in rows:
                    yield to_job(row)
                last = rows[-1]["id"] if rows else last

    async def disinherit(self, heir: Heir, job_id: str, now_ms: int, *, again: bool = False) -> bool:
        """Take from a job what it shows of a removed one, and let its card be drawn anew, if it tells its end.

        False while somebody is about to tell that end, or nobody knows whether its provider has it: then nothing is
        written, as the image that it is sent with is what says that it may have been sent. With `again` only where it
        still showed something.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch("select * from job where id = $1 and removed_ms is null for update", heir.job_id)
            if not rows:
                return True
            job = to_job(rows[0])
            if job.state is State.SUBMITTING or (job.lease is not None and job.state in (State.READY, State.FAILING)):
                return False
            frames = await tx.fetch(
                "delete from frame where job_id = $1 and substr(media_file, 1, 14) = $2 returning 1",
                heir.job_id,
                job_id,
            )
            words = heir.words and bool(job.params.prompt)
            if again and not frames and not words:
                return True
            if words:
                await tx.fetch(
                    "update job set params = $2 where id = $1",
                    heir.job_id,
                    dump(replace(job.params, prompt="").to_json()),
                )
                await forget_words(tx, heir.job_id)
                await draw_anew(tx, heir.job_id, None, now_ms)
            await _draw_anew(tx, job, now_ms)
            await tx.wake()
        return True

    async def disinherited(self, job_id: str, times: int) -> None:
        """Write down how many times it was looked through all that goes on from a removed job: 2 are enough."""
        async with self._db.transaction() as tx:
            await tx.fetch("update removal set disinherited = $2 where job_id = $1", job_id, times)

    async def forget_content(self, job: Job) -> None:
        """Forget what a removed job that has ended asked for and what it brought: of it only numbers stay."""
        async with self._db.transaction() as tx:
            for table in ("clip", "frame"):
                await tx.fetch(f"delete from {table} where job_id = $1", job.id)
            await tx.fetch(
                """update job set params = $2, result = null, extend_ref = null, error_data = null, token = null,
                       locale = null, token_until_ms = 0, card_hash = null, undelivered = 0, untold = 0
                   where id = $1""",
                job.id,
                dump(without_content(job.params).to_json()),
            )


async def _draw_anew(tx: Transaction, job: Job, now_ms: int) -> None:
    """T9, done -> ready, as for a change of its spoiler: its member is told nothing; what failed stays so."""
    if job.message_id is None or job.lease is not None:
        return
    await tx.fetch(
        """update job set wake_ms = null, tries = 0, due_ms = $2, silent = 1,
               state = case when state = 'done' then 'ready' else state end,
               error_code = case when state = 'done' then null else error_code end,
               untold = case when state = 'failed' then 1 else 0 end
           where id = $1 and state in ('done', 'failed')""",
        job.id,
        now_ms,
    )
