"""Small facts about the installation itself."""

from bot.db.database import Database, Transaction
from bot.db.trial_writes import try_to_write


class Metadata:
    """Read and write facts by name."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, name: str) -> str | None:
        """Read a fact; None when it was never written."""
        rows = await self._db.fetch("select value from metadata where name = $1", name)
        return rows[0]["value"] if rows else None

    async def put(self, name: str, value: str) -> None:
        """Write a fact over its older value."""
        async with self._db.transaction() as tx:
            await _put(tx, name, value)

    async def try_to_write(self, now_ms: int) -> None:
        """Write when this was done, and ask for what it takes to write jobs; raise a `DatabaseError` as that would."""
        async with self._db.transaction() as tx:
            await try_to_write(tx)
            await _put(tx, "health_ms", str(now_ms))


async def _put(tx: Transaction, name: str, value: str) -> None:
    await tx.fetch(
        """insert into metadata (name, value) values ($1, $2)
           on conflict (name) do update set value = excluded.value""",
        name,
        value,
    )
