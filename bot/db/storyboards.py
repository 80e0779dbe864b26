"""Storyboards: shown before they cost anything, then written down as jobs, all of their shots or none."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.db import ledger, lock_names, open_requests
from bot.db.allowances import Defaults, read_allowance
from bot.db.clips import insert_frames
from bot.db.database import Database, Row, Transaction
from bot.db.job_moves import move
from bot.db.job_words import insert_words
from bot.db.new_jobs import insert_job
from bot.db.rows import dump, to_job
from bot.domain.job import Frame, Job, State
from bot.domain.params import JobParams, Motion
from bot.domain.storyboard import Shot, Storyboard, StoryboardState
from bot.errors import LostLease

_FREE = "('failing', 'failed')"
"""The states of a shot that may be made anew."""


class Storyboards:
    """Keep storyboards, and write their shots down as jobs."""

    def __init__(self, db: Database, defaults: Defaults) -> None:
        self._db = db
        self._defaults = defaults

    async def add(self, storyboard: Storyboard) -> None:
        """Write down what a form was opened for; once, however often it is said."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into storyboard
                       (id, state, guild_id, user_id, provider, params, shots, created_ms, spoiler)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing""",
                storyboard.id,
                storyboard.state,
                storyboard.guild_id,
                storyboard.user_id,
                storyboard.provider,
                dump(storyboard.params.to_json()),
                dump([asdict(shot) for shot in storyboard.shots]),
                storyboard.created_ms,
                storyboard.spoiler,
            )

    async def keep_lines(self, storyboard_id: str, user_id: int, shots: Sequence[Shot]) -> None:
        """Write down what a member's refused form said, until one is sent that can be shown."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update storyboard set shots = $3 where id = $1 and user_id = $2 and state = 'asked'",
                storyboard_id,
                user_id,
                dump([asdict(shot) for shot in shots]),
            )

    async def get(self, storyboard_id: str) -> Storyboard | None:
        """Read one storyboard."""
        return await read_storyboard(self._db, storyboard_id)

    async def preview(self, storyboard: Storyboard, now_ms: int) -> Storyboard | None:
        """Write down what a form says of its shots; the first time counts, and that is given back.

        None when there is no such storyboard any more. Raises `TooManyOpen`, and then nothing is written.
        """
        async with self._db.transaction() as tx:
            await open_requests.lock_open(tx, self._defaults.most_open, storyboard.user_id)
            written = await tx.fetch(
                """update storyboard set state = 'previewed', provider = $2, params = $5, shots = $3, created_ms = $4
                   where id = $1 and state = 'asked' returning 1""",
                storyboard.id,
                storyboard.provider,
                dump([asdict(shot) for shot in storyboard.shots]),
                now_ms,
                dump(storyboard.params.to_json()),
            )
            if written:
                await open_requests.refuse_beyond(tx, self._defaults.most_open, storyboard.user_id, now_ms)
            return await read_storyboard(tx, storyboard.id)

    async def discard(self, storyboard_id: str) -> None:
        """Forget a storyboard whose shots are no jobs."""
        async with self._db.transaction() as tx:
            await tx.fetch("delete from storyboard where id = $1 and state <> 'made'", storyboard_id)

    async def forget(self, before_ms: int) -> None:
        """Forget those from before a moment whose shots are no jobs."""
        async with self._db.transaction() as tx:
            await tx.fetch("delete from storyboard where state <> 'made' and created_ms < $1", before_ms)

    async def make(self, jobs: Sequence[Job], now_ms: int) -> list[Job]:
        """T0 for all shots that are still to be made, or for none; nothing is charged. The first is due at once.

        Gives nothing, and writes nothing, where any of them is made or being made already: by an earlier click, or
        because this transaction is repeated. Raises `TooManyOpen`.
        """
        first = jobs[0]
        async with self._db.transaction() as tx:
            await open_requests.lock_open(tx, self._defaults.most_open, first.user_id)
            found = await tx.fetch(
                "select id from storyboard where id = $1 and state <> 'asked' for update", first.storyboard_id
            )
            standing = await tx.fetch(
                f"""select 1 from job where storyboard_id = $1 and ((shot >= $2 and state not in {_FREE})
                        or state in ('received', 'queued', 'submitting', 'running')) limit 1""",
                first.storyboard_id,
                first.shot,
            )
            if not found or standing:
                return []
            # What was refused before anything was charged has no card any more: it follows the new one.
            await tx.fetch(
                """update job set message_id = $2, channel_id = $3, card_hash = null, unanswered_edits = 0
                   where id in (select id from job where storyboard_id = $1 order by created_ms, id for update)
                       and not exists (
                           select 1 from job as other where other.storyboard_id = $1 and other.period is not null)""",
                first.storyboard_id,
                first.message_id,
                first.channel_id,
            )
            written = [await insert_job(tx, job, job.created_ms if job is first else None) for job in jobs]
            shots = [job for job in written if job is not None]
            if len(shots) < len(jobs):
                raise ValueError(f"the shots of storyboard {first.storyboard_id} are other jobs'")
            await tx.fetch(
                """update storyboard set state = 'made', film_job_id = null, film_message_id = null,
                       film_attachment_id = null
                   where id = $1""",
                first.storyboard_id,
            )
            await open_requests.refuse_beyond(tx, self._defaults.most_open, first.user_id, now_ms)
            for shot in shots:
                await insert_words(tx, shot)
            await tx.wake()
        return shots

    async def jobs(self, storyboard_id: str) -> list[Job]:
        """Give all jobs of a storyboard, those that were made anew too, oldest first."""
        return await read_shots(self._db, storyboard_id)

    async def later_received(self, job: Job) -> list[Job]:
        """Give the shots that wait for one to be charged with it, in their order."""
        rows = await self._db.fetch(
            "select * from job where storyboard_id = $1 and shot > $2 and state = 'received' order by shot",
            job.storyboard_id,
            job.shot,
        )
        return [to_job(row) for row in rows]

    async def charge(
        self, shots: Sequence[Job], costs: Sequence[int], frames: Sequence[Frame], now_ms: int
    ) -> list[Job]:
        """T1 for all shots, received -> queued, or for none: each with its own reserve; the first is in hand.

        Raises `Blocked`, `TooFewCredits` or `ServerOutOfCredits`, or `LostLease` where one of them was ended meanwhile.
        """
        first = shots[0]
        async with self._db.transaction() as tx:
            await tx.lock(lock_names.member(first.guild_id, first.user_id))
            policy = await read_allowance(tx, self._defaults, first.guild_id, first.user_id, first.roles, now_ms)
            charge = {"period": policy.key, "due_ms": None, "lease": None, "tries": 0, "wake_ms": None}
            moved: list[Job] = []
            for shot, cost in zip(shots, costs, strict=True):
                asked = {"provider": shot.provider, "params": dump(shot.params.to_json()), "cost": cost}
                if shot is first:
                    moved.append(await move(tx, shot, State.QUEUED, **asked, **charge))
                else:
                    moved.append(await _queue_later(tx, shot, cost, policy.key))
            for shot, cost in zip(moved, costs, strict=True):
                await ledger.reserve(tx, shot, cost, policy, now_ms)
            await insert_frames(tx, first.id, frames)
        return moved

    async def set_film(
        self, storyboard: Storyboard, job_id: str, media_file: str, *, parts: int, seconds: float, size: int
    ) -> None:
        """Write down which joined film a storyboard's card shows: the one that ends with this job's clip."""
        async with self._db.transaction() as tx:
            # Its row first, as a removal does.
            await tx.fetch(
                """update storyboard set film_job_id = $2, film_message_id = null, film_attachment_id = null
                   where id = $1 and (film_job_id is null or film_job_id <> $2)""",
                storyboard.id,
                job_id,
            )
            await tx.fetch(
                """insert into film
                       (job_id, slot, user_id, token_until_ms, asked_ms, media_file, parts, seconds, bytes)
                   values ($1, 0, $2, 0, $3, $4, $5, $6, $7)
                   on conflict (job_id, slot) do update set media_file = excluded.media_file, parts = excluded.parts,
                       seconds = excluded.seconds, bytes = excluded.bytes""",
                job_id,
                storyboard.user_id,
                storyboard.created_ms,
                media_file,
                parts,
                seconds,
                size,
            )


async def _queue_later(tx: Transaction, shot: Job, cost: int, period: str) -> Job:
    """Move a shot that waits for the one before it, and so is in nobody's hands."""
    rows = await tx.fetch(
        """update job set state = 'queued', provider = $2, params = $3, cost = $4, period = $5, due_ms = null
           where id = $1 and state = 'received' and lease is null returning *""",
        shot.id,
        shot.provider,
        dump(shot.params.to_json()),
        cost,
        period,
    )
    if not rows:
        raise LostLease(shot.id)
    return to_job(rows[0])


async def read_storyboard(reader: Transaction, storyboard_id: str) -> Storyboard | None:
    """Read one row of the storyboard table."""
    rows = await reader.fetch("select * from storyboard where id = $1", storyboard_id)
    return _to_storyboard(rows[0]) if rows else None


async def read_shots(reader: Transaction, storyboard_id: str) -> list[Job]:
    """Read all jobs of a storyboard, oldest first; those that were removed are not there."""
    rows = await reader.fetch(
        "select * from job where storyboard_id = $1 and removed_ms is null order by created_ms, id", storyboard_id
    )
    return [to_job(row) for row in rows]


def _to_storyboard(row: Row) -> Storyboard:
    fields: dict[str, Any] = dict(row)
    fields["state"] = StoryboardState(fields["state"])
    fields["params"] = JobParams.from_json(json.loads(fields["params"]))
    fields["shots"] = tuple(
        Shot(
            one["prompt"],
            Motion(one["motion"]) if one["motion"] else None,
            tuple(one["removed"]),
            tuple(one["read"]),
        )
        for one in json.loads(fields["shots"])
    )
    return Storyboard(**fields)
