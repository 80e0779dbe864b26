"""Look at the PostgreSQL that DATABASE_URL names, and leave it as it is."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.database_url import PostgresServer
from bot.db.connect_problems import cure_of, what_is_wrong
from bot.db.database import Transaction
from bot.db.migrations import check_application, known_version_of, version_of
from bot.db.schema import MIGRATIONS
from bot.db.trial_writes import try_to_create, try_to_write
from bot.doctor.findings import Finding, ok, wrong
from bot.errors import DatabaseError, DatabaseUnreachable, SchemaProblem, SchemaRefused

DATABASE = "DATABASE_URL"


async def check_postgres(server: PostgresServer) -> Finding:
    """Connect, read the version of the tables and try to write; nothing of it is kept."""
    try:
        await _check_session(server)
        async with _opened(server) as tx:
            version = await version_of(tx)
            await (try_to_write(tx) if version else try_to_create(tx))
    except ImportError:
        return wrong(DATABASE, "names a PostgreSQL, and its driver is missing. Install animatic[postgres].")
    except DatabaseUnreachable as error:
        return wrong(DATABASE, f"{what_is_wrong(server, error)}. {cure_of(error)}")
    except SchemaRefused as refused:
        return wrong(DATABASE, _refused(server, refused))
    except DatabaseError as error:
        return wrong(DATABASE, f"{server} cannot be used: {error}. Let the bot's user own the database and its tables.")
    return _judged(server, version)


async def check_postgres_owner(server: PostgresServer, application_id: int | None) -> list[Finding]:
    """Find out whether the database is another Discord application's; nothing is told when it is not."""
    if application_id is None:
        return []
    try:
        async with _opened(server) as tx:
            if await known_version_of(tx):
                await check_application(tx, application_id)
    except SchemaRefused as refused:
        if refused.problem is SchemaProblem.OTHER_BOT:
            said = f"{server} belongs to another Discord application. Name a new one, or use a token of that one."
            return [wrong(DATABASE, said)]
    except (ImportError, DatabaseError):
        pass  # `check_postgres` tells of it
    return []


@asynccontextmanager
async def _opened(server: PostgresServer) -> AsyncGenerator[Transaction]:
    from bot.db.postgres import open_unsaved  # its driver is an extra of its own

    async with open_unsaved(server.url) as tx:
        yield tx


async def _check_session(server: PostgresServer) -> None:
    from bot.db.session_check import check_session  # its driver is an extra of its own

    await check_session(server.url)


def _refused(server: PostgresServer, refused: SchemaRefused) -> str:
    if refused.problem is SchemaProblem.UNFINISHED:
        said = f"{server} holds an unfinished copy of another database."
        return f"{said} Finish it with `animatic move`, or name another one."
    if refused.problem is SchemaProblem.OLDER:
        return f"{server} was made by an older Animatic, and nothing leads from there to here. Name a new database."
    return f"{server} holds the tables of something else. Name a database of the bot's own."


def _judged(server: PostgresServer, version: int) -> Finding:
    newest = len(MIGRATIONS)
    if version > newest:
        return wrong(
            DATABASE,
            f"{server} has schema version {version}, and this bot knows {newest}. Run the newer bot that made it.",
        )
    if version == 0:
        return ok(DATABASE, f"{server} can be written and is empty; the bot makes its tables when it starts.")
    coming = "" if version == newest else f", which becomes {newest} when the bot starts"
    return ok(DATABASE, f"{server} can be read and written; schema version {version}{coming}.")
