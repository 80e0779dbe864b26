"""The language that Discord last spoke with each member."""

from collections.abc import Mapping

from bot.db.database import Database


class MemberLocales:
    """Keep it among what members chose."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def write(self, locales: Mapping[tuple[int, int], str]) -> None:
        """Write down the languages of some members, by server and member, where they are others than before."""
        changed = [(member, locale) for member, locale in locales.items() if await self.get(*member) != locale]
        if not changed:
            return
        async with self._db.transaction() as tx:
            # In one order, so that two processes never wait for each other's rows.
            for (guild_id, user_id), locale in sorted(changed):
                await tx.fetch(
                    """insert into member_settings (guild_id, user_id, locale) values ($1, $2, $3)
                       on conflict (guild_id, user_id) do update set locale = excluded.locale""",
                    guild_id,
                    user_id,
                    locale,
                )

    async def get(self, guild_id: int, user_id: int) -> str | None:
        """Give the language of a member; None where it is not known."""
        rows = await self._db.fetch(
            "select locale from member_settings where guild_id = $1 and user_id = $2", guild_id, user_id
        )
        return rows[0]["locale"] if rows else None
