"""The languages that Discord speaks: with each member last, and in each server where its admins chose none."""

from collections.abc import Mapping

from bot.db.database import Database
from bot.db.schema import SERVER

Person = tuple[int, int]
"""A server and one of its members; `SERVER` in the member's place means all of them together."""


class Locales:
    """Keep them among what members and servers chose."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def write(self, locales: Mapping[Person, str], now_ms: int) -> None:
        """Write down the languages of some members and servers where they are others than before."""
        changed = [(person, locale) for person, locale in locales.items() if await self._written(*person) != locale]
        if not changed:
            return
        async with self._db.transaction() as tx:
            # In one order, so that two processes never wait for each other's rows.
            for (guild_id, user_id), locale in sorted(changed):
                if user_id == SERVER:
                    await tx.fetch(
                        """insert into guild (guild_id, preferred_locale, updated_ms) values ($1, $2, $3)
                           on conflict (guild_id) do update set preferred_locale = excluded.preferred_locale""",
                        guild_id,
                        locale,
                        now_ms,
                    )
                    continue
                await tx.fetch(
                    """insert into member_settings (guild_id, user_id, locale) values ($1, $2, $3)
                       on conflict (guild_id, user_id) do update set locale = excluded.locale""",
                    guild_id,
                    user_id,
                    locale,
                )

    async def get(self, guild_id: int, user_id: int) -> str | None:
        """Give the language of a member, or else their server's; None where neither is known."""
        return await self._written(guild_id, user_id) or await self.get_server(guild_id)

    async def get_server(self, guild_id: int) -> str | None:
        """Give the language of a server: its admins' choice, or else what Discord says; None where neither is known."""
        rows = await self._db.fetch(
            "select coalesce(locale, preferred_locale) as locale from guild where guild_id = $1", guild_id
        )
        return rows[0]["locale"] if rows else None

    async def get_at(self, job_id: str, user_id: int) -> str | None:
        """Give the language of a member in the server where a job was asked for."""
        rows = await self._db.fetch("select guild_id from job where id = $1", job_id)
        return await self.get(rows[0]["guild_id"], user_id) if rows else None

    async def _written(self, guild_id: int, user_id: int) -> str | None:
        if user_id == SERVER:
            rows = await self._db.fetch("select preferred_locale as locale from guild where guild_id = $1", guild_id)
        else:
            rows = await self._db.fetch(
                "select locale from member_settings where guild_id = $1 and user_id = $2", guild_id, user_id
            )
        return rows[0]["locale"] if rows else None
