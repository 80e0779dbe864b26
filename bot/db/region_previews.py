"""Previews: what members were shown and have not paid for yet."""

import json
from dataclasses import dataclass
from typing import Any

from bot.db import open_requests
from bot.db.allowances import Defaults
from bot.db.database import Database, Row
from bot.db.rows import dump


@dataclass(frozen=True)
class RegionPreview:
    """Mirror one row of the region_preview table: a part that is redrawn once its member confirms it.

    The job that comes of it has the same id, and so the mask's file has its name from the beginning. The prompt is
    empty where the picture's own stands; `removed` was taken out of it. `spoiler` is 1 or 0 as it was typed, else None.
    """

    id: str
    guild_id: int
    user_id: int
    parent_job_id: str
    prompt: str
    removed: tuple[str, ...]
    created_ms: int
    spoiler: int | None = None


class RegionPreviewRepository:
    """Keep previews until they are too old."""

    def __init__(self, db: Database, defaults: Defaults) -> None:
        self._db = db
        self._defaults = defaults

    async def add(self, preview: RegionPreview) -> None:
        """Write a preview down; once, however often it is said.

        Raises `TooManyOpen`, and then nothing is written.
        """
        async with self._db.transaction() as tx:
            await open_requests.lock_open(tx, self._defaults.most_open, preview.user_id)
            await tx.fetch(
                """insert into region_preview
                       (id, guild_id, user_id, parent_job_id, prompt, removed, created_ms, spoiler)
                   values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing""",
                preview.id,
                preview.guild_id,
                preview.user_id,
                preview.parent_job_id,
                preview.prompt,
                dump(preview.removed),
                preview.created_ms,
                preview.spoiler,
            )
            await open_requests.refuse_beyond(tx, self._defaults.most_open, preview.user_id, preview.created_ms)

    async def get(self, preview_id: str) -> RegionPreview | None:
        """Read one preview."""
        rows = await self._db.fetch("select * from region_preview where id = $1", preview_id)
        return _to_preview(rows[0]) if rows else None

    async def older(self, than_ms: int) -> list[str]:
        """Name the previews from before a moment."""
        rows = await self._db.fetch("select id from region_preview where created_ms < $1", than_ms)
        return [row["id"] for row in rows]

    async def remove(self, preview_id: str) -> None:
        """Forget a region_preview."""
        async with self._db.transaction() as tx:
            await tx.fetch("delete from region_preview where id = $1", preview_id)


def _to_preview(row: Row) -> RegionPreview:
    fields: dict[str, Any] = dict(row)
    fields["removed"] = tuple(json.loads(fields["removed"]))
    return RegionPreview(**fields)
