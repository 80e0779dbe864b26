"""Members' languages: written each time they change, those of some members together, and nobody waits for it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.db.store import Store
from bot.services.seen_locales import SeenLocales
from tests.support.clock import clock_of
from tests.support.counted_database import CountedDatabase, Statements
from tests.support.db_fixture import DEFAULTS, GUILD, MIRA, OTTO, DbFixture


@asynccontextmanager
async def listening(db: DbFixture, statements: Statements) -> AsyncGenerator[SeenLocales]:
    locales = SeenLocales(
        Store(CountedDatabase(db.database, statements), DEFAULTS), clock_of(lambda: db.now), wait_seconds=0.01
    )
    yield locales
    await locales.aclose()


async def written(db: DbFixture, user: int, locale: str) -> None:
    """Wait until it is."""
    async with asyncio.timeout(5):
        while await db.store.locales.get(GUILD, user) != locale:  # noqa: ASYNC110  # a task beside writes it
            await asyncio.sleep(0.005)


async def test_what_changed_is_written_and_nothing_else(db: DbFixture) -> None:
    statements = Statements()
    async with listening(db, statements) as locales:
        locales.heard(GUILD, MIRA, "de")
        locales.heard(GUILD, OTTO, "vi")
        assert statements.total == 0
        await written(db, MIRA, "de")
        await written(db, OTTO, "vi")
        assert statements.transactions == 1
        asked = statements.total
        for _ in range(3):
            locales.heard(GUILD, MIRA, "de")
            await asyncio.sleep(0.02)
        assert statements.total == asked
        locales.heard(GUILD, MIRA, "fr")
        await written(db, MIRA, "fr")
        assert statements.transactions == 2


async def test_a_process_that_begins_writes_nothing_that_is_there(db: DbFixture) -> None:
    await db.store.locales.write({(GUILD, MIRA): "de"}, db.now)
    statements = Statements()
    async with listening(db, statements) as locales:
        locales.heard(GUILD, MIRA, "de")
        locales.heard(GUILD, OTTO, "vi")
        await written(db, OTTO, "vi")
    assert sum(count for text, count in statements.by_text.items() if text.startswith("insert")) == 1


async def test_a_database_that_fails_is_told_again(db: DbFixture) -> None:
    statements = Statements()
    async with listening(db, statements) as locales:
        await db.db_write("alter table member_settings rename to away")
        locales.heard(GUILD, MIRA, "de")
        await asyncio.sleep(0.05)
        await db.db_write("alter table away rename to member_settings")
        locales.heard(GUILD, MIRA, "de")
        await written(db, MIRA, "de")
