"""Words and options that members keep under names of their own."""

import json
from dataclasses import asdict

from bot.db import lock_names
from bot.db.database import Database, Row
from bot.db.rows import dump
from bot.domain.member_settings import Preset
from bot.domain.params import Preferences
from bot.errors import TooManyPresets


class PresetRepository:
    """Save, list and delete a member's presets."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def save(self, guild_id: int, user_id: int, preset: Preset, most: int, now_ms: int) -> bool:
        """Keep a preset; tells whether one of its name was replaced. Raises `TooManyPresets`."""
        async with self._db.transaction() as tx:
            await tx.lock(lock_names.presets(guild_id, user_id))
            rows = await tx.fetch(
                """select count(*) as others, coalesce(sum(case when name = $3 then 1 else 0 end), 0) as same
                   from preset where guild_id = $1 and user_id = $2""",
                guild_id,
                user_id,
                preset.name,
            )
            is_replaced = bool(rows[0]["same"])
            if not is_replaced and rows[0]["others"] >= most:
                raise TooManyPresets(most)
            await tx.fetch(
                """insert into preset (guild_id, user_id, name, words, options, created_ms)
                   values ($1, $2, $3, $4, $5, $6)
                   on conflict (guild_id, user_id, name) do update set words = excluded.words,
                       options = excluded.options, created_ms = excluded.created_ms""",
                guild_id,
                user_id,
                preset.name,
                preset.words,
                dump(asdict(preset.options)),
                now_ms,
            )
        return is_replaced

    async def of_member(self, guild_id: int, user_id: int) -> list[Preset]:
        """List a member's presets by their names."""
        rows = await self._db.fetch(
            "select * from preset where guild_id = $1 and user_id = $2 order by name", guild_id, user_id
        )
        return [to_preset(row) for row in rows]

    async def delete(self, guild_id: int, user_id: int, name: str) -> bool:
        """Forget a preset; False when there is none of that name."""
        async with self._db.transaction() as tx:
            return bool(
                await tx.fetch(
                    "delete from preset where guild_id = $1 and user_id = $2 and name = $3 returning 1",
                    guild_id,
                    user_id,
                    name,
                )
            )


def to_preset(row: Row) -> Preset:
    """Read a preset from its name, words and options."""
    return Preset(row["name"], row["words"], Preferences.from_json(json.loads(row["options"])))
