"""What members chose for all their requests, and read with it the preset that one of these names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.db.database import Database, Row, Value
from bot.db.guild_settings import to_defaults
from bot.db.presets import to_preset
from bot.domain.member_settings import MemberSettings, Preset
from bot.domain.params import Preferences
from bot.domain.pings import Notify

CHANGEABLE = ("motion", "resolution", "clips", "speed", "provider", "translate", "notify", "spoiler")
"""The columns that members change."""

OPTIONS = ("motion", "resolution", "clips", "speed", "provider", "translate")
"""Those that are used where an option was not typed."""


class MemberSettingsRepository:
    """Read and change a member's row."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, guild_id: int, user_id: int) -> MemberSettings:
        """Read a member's settings; the usual ones where they have chosen nothing."""
        rows = await self._db.fetch(
            "select * from member_settings where guild_id = $1 and user_id = $2", guild_id, user_id
        )
        return _to_settings(rows[0]) if rows else MemberSettings()

    async def with_preset(
        self, guild_id: int, user_id: int, preset: str | None
    ) -> tuple[MemberSettings, Preset | None]:
        """Read a member's settings, and in the same statement one of their presets; None where there is none.

        What they did not choose is as their server's defaults say.
        """
        rows = await self._db.fetch(
            """select chosen.*, preset.name, preset.words, preset.options, guild.default_motion,
                   guild.default_resolution, guild.default_clips, guild.default_speed, guild.default_translate
               from (select cast($1 as bigint) as guild_id, cast($2 as bigint) as user_id) as who
               left join member_settings as chosen
                   on chosen.guild_id = who.guild_id and chosen.user_id = who.user_id
               left join preset on preset.guild_id = who.guild_id and preset.user_id = who.user_id
                   and preset.name = cast($3 as text)
               left join guild on guild.guild_id = who.guild_id""",
            guild_id,
            user_id,
            preset,
        )
        settings = _to_settings(rows[0])
        settings = replace(settings, options=settings.options.over(to_defaults(rows[0])))
        return settings, to_preset(rows[0]) if rows[0]["name"] is not None else None

    async def change(self, guild_id: int, user_id: int, changes: Mapping[str, Value]) -> MemberSettings:
        """Set some of a member's settings, to null where they go back to the usual, and give all of them."""
        columns = [column for column in CHANGEABLE if column in changes]
        places = ", ".join(f"${number}" for number, _ in enumerate(columns, 3))
        sets = ", ".join(f"{column} = excluded.{column}" for column in columns)
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                f"""insert into member_settings (guild_id, user_id, {", ".join(columns)}) values ($1, $2, {places})
                    on conflict (guild_id, user_id) do update set {sets} returning *""",
                guild_id,
                user_id,
                *(changes[column] for column in columns),
            )
        return _to_settings(rows[0])


def _to_settings(row: Row) -> MemberSettings:
    found: dict[str, Any] = dict(row)
    return MemberSettings(
        Preferences.from_json({name: found[name] for name in OPTIONS}),
        Notify(found["notify"] or Notify.REPLY),
        bool(found["spoiler"]),
    )
