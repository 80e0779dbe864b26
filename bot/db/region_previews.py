"""Drafts: what members were shown and have not paid for yet."""

import json
from dataclasses import dataclass
from typing import Any

from bot.db.database import Database, Row
from bot.db.rows import dump


@dataclass(frozen=True)
class Draft:
    """Mirror one row of the draft table: a part of a picture that is to be redrawn once its member confirms it.

    The job that comes of it has the same id, and so the mask's file has its name from the beginning. The prompt is
    empty where the picture's own stands; `removed` was taken out of it.
    """

    id: str
    guild_id: int
    user_id: int
    parent_job_id: str
    prompt: str
    removed: tuple[str, ...]
    created_ms: int


class Drafts:
    """Keep drafts until they are too old."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, draft: Draft) -> None:
        """Write a draft down; once, however often it is said."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into draft (id, guild_id, user_id, parent_job_id, prompt, removed, created_ms)
                   values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing""",
                draft.id,
                draft.guild_id,
                draft.user_id,
                draft.parent_job_id,
                draft.prompt,
                dump(draft.removed),
                draft.created_ms,
            )

    async def get(self, draft_id: str) -> Draft | None:
        """Read one draft."""
        rows = await self._db.fetch("select * from draft where id = $1", draft_id)
        return _to_draft(rows[0]) if rows else None

    async def older(self, than_ms: int) -> list[str]:
        """Name the drafts from before a moment."""
        rows = await self._db.fetch("select id from draft where created_ms < $1", than_ms)
        return [row["id"] for row in rows]

    async def remove(self, draft_id: str) -> None:
        """Forget a draft."""
        async with self._db.transaction() as tx:
            await tx.fetch("delete from draft where id = $1", draft_id)


def _to_draft(row: Row) -> Draft:
    fields: dict[str, Any] = dict(row)
    fields["removed"] = tuple(json.loads(fields["removed"]))
    return Draft(**fields)
