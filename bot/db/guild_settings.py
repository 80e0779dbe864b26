"""What a server's admins decided for the whole server."""

from collections.abc import Sequence

from bot.db.database import Database
from bot.db.decision_events import DEFAULT, tell_of_quota, tell_of_settings
from bot.domain.periods import Period


class GuildSettings:
    """Read and change a server's row."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def ranking(self, guild_id: int) -> tuple[str, ...]:
        """Name the providers that a server's admins want its jobs to go to, best first; empty when none said so."""
        rows = await self._db.fetch("select providers from guild where guild_id = $1", guild_id)
        return tuple((rows[0]["providers"] or "").split()) if rows else ()

    async def rank(self, guild_id: int, providers: Sequence[str], now_ms: int, by: int | None = None) -> None:
        """Set the order in which a server's jobs go to providers."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into guild (guild_id, providers, updated_ms) values ($1, $2, $3)
                   on conflict (guild_id) do update set providers = excluded.providers,
                       updated_ms = excluded.updated_ms""",
                guild_id,
                " ".join(providers) or None,
                now_ms,
            )
            await tell_of_settings(tx, guild_id, by, [("providers", " ".join(providers) or None)], now_ms)

    async def set_default(
        self, guild_id: int, credits: int, period: Period | None, now_ms: int, by: int | None = None
    ) -> None:
        """Set what members get where nothing more special was said, and how often it renews if that is given."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into guild (guild_id, default_credits, period, updated_ms) values ($1, $2, $3, $4)
                   on conflict (guild_id) do update set default_credits = excluded.default_credits,
                       period = coalesce(excluded.period, guild.period), updated_ms = excluded.updated_ms""",
                guild_id,
                credits,
                period,
                now_ms,
            )
            await tell_of_quota(tx, guild_id, by, DEFAULT, 0, credits, now_ms, period)

    async def clear_default(self, guild_id: int, now_ms: int, by: int | None = None) -> bool:
        """Let the settings decide again what members get; False when they did."""
        async with self._db.transaction() as tx:
            cleared = await tx.fetch(
                """update guild set default_credits = null, updated_ms = $2
                   where guild_id = $1 and default_credits is not null returning 1""",
                guild_id,
                now_ms,
            )
            if cleared:
                await tell_of_quota(tx, guild_id, by, DEFAULT, 0, None, now_ms)
        return bool(cleared)
