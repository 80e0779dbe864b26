"""The languages that Discord speaks: with each member last, and in each server where its admins chose none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from bot.db.database import Database, parameters
from bot.db.schema import SERVER

Person = tuple[int, int]
"""A server and one of its members; `SERVER` in the member's place means all of them together."""

TOGETHER = 200
"""How many are written in one transaction: a process that starts hears of all its servers at once."""

T = TypeVar("T")


class Locales:
    """Keep them among what members and servers chose."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def write(self, locales: Mapping[Person, str], now_ms: int) -> None:
        """Write down the languages of some members and servers where they are others than before."""
        servers = {guild_id: locale for (guild_id, user_id), locale in locales.items() if user_id == SERVER}
        members = {person: locale for person, locale in locales.items() if person[1] != SERVER}
        for some in _batches(sorted(servers)):
            await self._write_servers({guild_id: servers[guild_id] for guild_id in some}, now_ms)
        for some in _batches(sorted(members)):
            await self._write_members({person: members[person] for person in some})

    async def _write_servers(self, locales: Mapping[int, str], now_ms: int) -> None:
        rows = await self._db.fetch(
            f"select guild_id, preferred_locale from guild where guild_id in ({parameters([*locales])})", *locales
        )
        before = {row["guild_id"]: row["preferred_locale"] for row in rows}
        changed = {guild_id: locale for guild_id, locale in locales.items() if before.get(guild_id) != locale}
        if not changed:
            return
        async with self._db.transaction() as tx:
            for guild_id, locale in changed.items():
                await tx.fetch(
                    """insert into guild (guild_id, preferred_locale, updated_ms) values ($1, $2, $3)
                       on conflict (guild_id) do update set preferred_locale = excluded.preferred_locale""",
                    guild_id,
                    locale,
                    now_ms,
                )

    async def _write_members(self, locales: Mapping[Person, str]) -> None:
        changed = [(person, locale) for person, locale in locales.items() if await self._of_member(*person) != locale]
        if not changed:
            return
        async with self._db.transaction() as tx:
            for (guild_id, user_id), locale in changed:
                await tx.fetch(
                    """insert into member_settings (guild_id, user_id, locale) values ($1, $2, $3)
                       on conflict (guild_id, user_id) do update set locale = excluded.locale""",
                    guild_id,
                    user_id,
                    locale,
                )

    async def get(self, guild_id: int, user_id: int) -> str | None:
        """Give the language of a member, or else their server's; None where neither is known."""
        return await self._of_member(guild_id, user_id) or await self.get_server(guild_id)

    async def get_server(self, guild_id: int) -> str | None:
        """Give the language of a server: its admins' choice, or else what Discord says; None where neither is known."""
        rows = await self._db.fetch(
            "select coalesce(locale, preferred_locale) as locale from guild where guild_id = $1", guild_id
        )
        return rows[0]["locale"] if rows else None

    async def _of_member(self, guild_id: int, user_id: int) -> str | None:
        rows = await self._db.fetch(
            "select locale from member_settings where guild_id = $1 and user_id = $2", guild_id, user_id
        )
        return rows[0]["locale"] if rows else None


def _batches(ordered: Sequence[T]) -> Iterator[Sequence[T]]:
    """Part what is written, so that no transaction is long; one order keeps two from waiting for each other."""
    return (ordered[first : first + TOGETHER] for first in range(0, len(ordered), TOGETHER))
