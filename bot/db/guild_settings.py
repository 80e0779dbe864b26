"""What a server's admins decided for the whole server."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.db.database import Database, Row
from bot.db.decision_events import DEFAULT, tell_of_quota, tell_of_settings
from bot.domain.params import Preferences
from bot.domain.periods import Period
from bot.domain.server_settings import Rules, ServerSettings

Change = tuple[str, str | None]
"""A setting and its new value as text; None where nothing is decided any more."""


class GuildSettings:
    """Read and change a server's row."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, guild_id: int) -> ServerSettings:
        """Read everything that a server decided."""
        rows = await self._db.fetch("select * from guild where guild_id = $1", guild_id)
        return _to_settings(rows[0]) if rows else ServerSettings()

    async def change(
        self,
        guild_id: int,
        edit: Callable[[ServerSettings], ServerSettings],
        now_ms: int,
        *,
        by: int | None = None,
        tell: Callable[[ServerSettings, ServerSettings], Sequence[Change]] = lambda before, after: (),
    ) -> ServerSettings:
        """Let `edit` make of a server's settings what they are to be, and give them.

        Nobody else changes them meanwhile; what `edit` raises leaves them as they were. `tell` says what of it the
        mod log is told, in the same transaction.
        """
        async with self._db.transaction() as tx:
            await tx.fetch(
                "insert into guild (guild_id, updated_ms) values ($1, $2) on conflict do nothing", guild_id, now_ms
            )
            rows = await tx.fetch("select * from guild where guild_id = $1 for update", guild_id)
            before = _to_settings(rows[0])
            after = edit(before)
            values = after.columns()
            sets = ", ".join(f"{column} = ${number}" for number, column in enumerate(values, 3))
            await tx.fetch(
                f"update guild set updated_ms = $2, {sets} where guild_id = $1", guild_id, now_ms, *values.values()
            )
            await tell_of_settings(tx, guild_id, by, tell(before, after), now_ms)
        return after

    async def hides_all(self, guild_id: int) -> bool:
        """Tell whether a server hides all pictures and films, whatever a job says."""
        return bool(await self._db.fetch("select 1 from guild where guild_id = $1 and spoiler = 1", guild_id))

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


def to_defaults(row: Row) -> Preferences:
    """Read a server's defaults for members' options from a row of the guild table, or one that is joined with it."""
    options = ("motion", "resolution", "clips", "speed", "translate")
    return Preferences.from_json({name: row[f"default_{name}"] for name in options})


def _to_settings(row: Row) -> ServerSettings:
    found: dict[str, Any] = dict(row)
    return ServerSettings(
        rules=Rules.read(found["channel_rules"], found["forbidden_words"]),
        spoiler=bool(found["spoiler"]),
        defaults=to_defaults(row),
        locale=found["locale"],
        mod_log_channel_id=found["mod_log_channel_id"],
        showcase_channel_id=found["showcase_channel_id"],
        credits=found["default_credits"],
        period=Period(found["period"]) if found["period"] else None,
        server_credits=found["server_credits"],
        providers=tuple((found["providers"] or "").split()),
    )
