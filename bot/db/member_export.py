"""All that is kept of a member of a server, read some rows at a time, without what others wrote of them by name."""

import json
from collections.abc import AsyncGenerator
from typing import Any

from bot.db.database import Database, Value, parameters
from bot.db.member_ids import EVERYWHERE, Ids, MemberIds

PAGE = 200
"""Rows that are read at a time."""

Rows = list[dict[str, Any]]

_JOB_COLUMNS = """id, kind, state, created_ms, submitted_ms, finished_ms, removed_ms, channel_id, asked_channel_id,
    parent_channel_id, message_id, roles, provider, remote_id, params, result, error_code, error_data, cost, period,
    parent_job_id, parent_slot, storyboard_id, shot, spoiler, locale"""

_BY_ID = {
    "storyboards": """select id, state, provider, params, shots, created_ms, spoiler from storyboard
        where guild_id = $1 and user_id = $2 and id > $3 order by id limit $4""",
    "previews": """select id, parent_job_id, prompt, removed, created_ms, spoiler from region_preview
        where guild_id = $1 and user_id = $2 and id > $3 order by id limit $4""",
    "seen images": """select id, images, created_ms from message_images
        where guild_id = $1 and user_id = $2 and id > $3 order by id limit $4""",
    "favourites": """select job_id as id, created_ms from favourite
        where guild_id = $1 and user_id = $2 and job_id > $3 order by job_id limit $4""",
    "presets": """select name as id, words, options, created_ms from preset
        where guild_id = $1 and user_id = $2 and name > $3 order by name limit $4""",
    "pings": """select job_id as id, channel_id, failed, due_ms from ping
        where guild_id = $1 and user_id = $2 and job_id > $3 order by job_id limit $4""",
    "reports": """select job_id as id, reason, outcome, created_ms from report
        where guild_id = $1 and user_id = $2 and job_id > $3 order by job_id limit $4""",
    "reports decided about": """select job_id as id, max(outcome) as outcome from report
        where guild_id = $1 and handled_by = $2 and job_id > $3 group by job_id order by job_id limit $4""",
    "shared results": """select job_id || '#' || cast(slot as text) as id, channel_id, message_id, shared_ms, stars
        from share where guild_id = $1 and user_id = $2 and job_id || '#' || cast(slot as text) > $3
        order by job_id || '#' || cast(slot as text) limit $4""",
    "removals": """select job_id as id, reason, at_ms from removal
        where guild_id = $1 and by_user_id = $2 and job_id > $3 order by job_id limit $4""",
    "blocked others": """select user_id as id, until_ms, reason, at_ms from block
        where guild_id = $1 and by_user_id = $2 and user_id > cast($3 as bigint) order by user_id limit $4""",
}
"""Queries whose rows are read in the order of their `id`."""

_JSON = frozenset({"params", "result", "error_data", "shots", "removed", "images", "options", "roles"})


class MemberExport:
    """Read what is kept of a member, part by part."""

    def __init__(self, db: Database, ids: MemberIds) -> None:
        self._db = db
        self._ids = ids

    async def pages(self, guild_id: int, user_id: int) -> AsyncGenerator[tuple[str, Rows]]:
        """Give the parts by their names, some rows at a time; a part without rows is not given."""
        ids = await self._ids.of(self._db, guild_id, user_id)
        everywhere = await self._ids.of(self._db, EVERYWHERE, user_id)
        for name, rows in await self._short(guild_id, ids, everywhere):
            if rows:
                yield name, rows
        for name, sql in _BY_ID.items():
            async for rows in self._by_id(sql, guild_id, user_id, after=-(1 << 63) if "bigint" in sql else ""):
                yield name, rows
        async for rows in self._jobs(guild_id, user_id):
            yield "jobs", rows
        async for rows in self._ledger(guild_id, ids):
            yield "ledger", rows

    async def _short(self, guild_id: int, ids: Ids, everywhere: Ids) -> list[tuple[str, Rows]]:
        """Read the parts that never have many rows."""
        own, hashed = ids
        return [
            ("settings", await self._read("select * from member_settings where guild_id = $1 and user_id = $2",
                                          guild_id, own)),
            ("accounts", [row for one in ids for row in await self._read(
                """select user_id, period, cap, granted, used, base from account
                   where guild_id = $1 and user_id = $2 order by period""", guild_id, one)]),
            ("allowance", await self._read(
                """select credits, updated_ms from allowance
                   where guild_id = $1 and subject = 'member' and subject_id in ($2, $3)""", guild_id, own, hashed)),
            ("block", await self._read(
                "select until_ms, reason, at_ms from block where guild_id = $1 and user_id in ($2, $3)",
                guild_id, own, hashed)),
            ("strikes", await self._read(
                """select strike.job_id, strike.day from strike cross join job
                   where strike.user_id in ($2, $3) and job.id = strike.job_id and job.guild_id = $1
                   order by strike.day""",
                guild_id, *everywhere)),
            ("films", await self._read(
                """select film.job_id, film.slot, film.asked_ms, film.seconds, film.channel_id, film.message_id
                   from film join job on job.id = film.job_id where film.user_id = $2 and job.guild_id = $1
                   order by film.job_id, film.slot""", guild_id, own)),
            ("being forgotten", await self._read(
                "select at_ms from forgetting where guild_id = $1 and user_id = $2", guild_id, own)),
        ]  # fmt: skip

    async def _by_id(self, sql: str, guild_id: int, user_id: int, after: Value) -> AsyncGenerator[Rows]:
        while rows := await self._read(sql, guild_id, user_id, after, PAGE):
            after = rows[-1]["id"]
            yield rows

    async def _jobs(self, guild_id: int, user_id: int) -> AsyncGenerator[Rows]:
        """Read jobs, oldest first, with their clips, pictures and the words that they are found by."""
        at_ms, job_id = -1, ""
        while jobs := await self._read(
            f"""select {_JOB_COLUMNS} from job where guild_id = $1 and user_id = $2
                    and created_ms >= $3 and (created_ms > $3 or id > $4) order by created_ms, id limit $5""",
            guild_id,
            user_id,
            at_ms,
            job_id,
            PAGE,
        ):
            at_ms, job_id = jobs[-1]["created_ms"], jobs[-1]["id"]
            by_id = {job["id"]: job for job in jobs}
            for job in jobs:
                # Who took it back is somebody else's.
                why: dict[str, Any] = job["error_data"] or {}
                why.pop("by", None)
            for name, columns in (
                ("clip", "job_id, slot, message_id, attachment_id, seconds, bytes"),
                ("frame", "job_id, role, attachment_id"),
                ("job_word", "job_id, word"),
                ("shown_message", "job_id, channel_id, message_id"),
            ):
                for row in await self._read(
                    f"select {columns} from {name} where job_id in ({parameters(jobs)})", *by_id
                ):
                    by_id[row.pop("job_id")].setdefault(f"{name.removeprefix('job_')}s", []).append(row)
            yield jobs

    async def _ledger(self, guild_id: int, ids: Ids) -> AsyncGenerator[Rows]:
        """Read what was charged, given back and granted, account by account."""
        accounts = [
            row
            for one in ids
            for row in await self._db.fetch(
                "select user_id, period from account where guild_id = $1 and user_id = $2 order by period",
                guild_id,
                one,
            )
        ]
        for account in accounts:
            after = ""
            while rows := await self._read(
                """select id, period, job_id, kind, amount, at_ms from ledger
                   where guild_id = $1 and user_id = $2 and period = $3 and id > $4 order by id limit $5""",
                guild_id,
                account["user_id"],
                account["period"],
                after,
                PAGE,
            ):
                after = rows[-1]["id"]
                yield rows

    async def _read(self, sql: str, *values: Value) -> Rows:
        return [
            {
                name: json.loads(value) if name in _JSON and isinstance(value, str) else value
                for name, value in dict(row).items()
                if name != "guild_id"
            }
            for row in await self._db.fetch(sql, *values)
        ]
