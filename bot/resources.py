"""What is opened first and closed last: database, locks, media store and providers."""

import resource
from collections.abc import Callable, Generator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.config import Settings
from bot.database_url import PostgresServer, SqliteFile
from bot.db.backups import Backups
from bot.db.connect_problems import what_is_wrong
from bot.db.database import Database, PooledDatabase
from bot.db.migrations import known_version_of, migrate
from bot.db.sqlite import SqliteDatabase, open_sqlite, open_unchanged
from bot.db.store import Defaults, Store
from bot.domain.clock import Clock
from bot.errors import DatabaseError, DatabaseUnreachable, SchemaProblem, SchemaRefused, SettingsError
from bot.locks import InstanceNames, Locks, NamedLocks, ShardLocks, open_file_locks
from bot.log import name_in_lines
from bot.media import Downloader, FileStore, MediaStore, Transcoder
from bot.media.bucket import open_bucket
from bot.media.file_store import PRIVATE_FOLDER, what_it_holds
from bot.metrics import Metrics
from bot.metrics_page import open_metrics
from bot.providers.base import Provider
from bot.providers.registry import open_providers

Watch = Callable[[Database], Database]

MOST_FILES = 65_536
"""Open files that are asked for where the system sets no limit."""

SCHEMA_PROBLEMS = {
    SchemaProblem.OLDER: "names a database of an older Animatic, which this one cannot take over; name a new one.",
    SchemaProblem.NEWER: "names a database of a newer Animatic; run that one, or name a new one.",
    SchemaProblem.FOREIGN: "names a database of another application; name one of the bot's own.",
    SchemaProblem.OTHER_BOT: "names the database of another Discord application; "
    "use a token of that one, or name a new one.",
    SchemaProblem.MOVED: "names a database that was moved to {place}; name that one.",
    SchemaProblem.UNFINISHED: "names an unfinished copy of another database; "
    "finish it with `animatic move`, or name another one.",
}
"""What is said at the start of a database that this version cannot work with."""


@dataclass(frozen=True)
class Resources:
    """Hold what is open."""

    metrics: Metrics
    db: PooledDatabase
    backups: Backups | None
    store: Store
    media: MediaStore
    downloader: Downloader
    transcoder: Transcoder
    providers: Mapping[str, Provider]
    card_locks: NamedLocks
    shard_locks: ShardLocks
    instance_names: InstanceNames


async def open_resources(
    stack: AsyncExitStack,
    settings: Settings,
    clock: Clock,
    watch: Watch | None = None,
    *,
    woken: Callable[[], None] = lambda: None,
) -> Resources:
    """Open everything until the stack closes; raise `SettingsError` when a setting turns out to be wrong.

    `woken` is called when another process has made something due. The tables are there after `prepare_database`.
    """
    _raise_file_limit()
    metrics = open_metrics(settings, clock)
    media = await _open_media(settings)
    db, backups, locks = await _open_database(stack, settings.database, clock)
    name_in_lines(process=lambda: locks.instance_names.own() or "none")
    locks.when_woken(woken)
    downloader = await stack.enter_async_context(_downloader(settings))
    store = Store(
        db if watch is None else watch(db),
        Defaults(settings.default_credits, settings.quota_period, settings.server_credits, settings.max_open_per_user),
        metrics,
    )
    metrics.watch_pool(db.pool_use)
    providers = open_providers(stack, settings.accounts, metrics)
    return Resources(
        metrics,
        db,
        backups,
        store,
        media,
        downloader,
        Transcoder(),
        providers,
        locks.cards,
        locks.shards,
        locks.instance_names,
    )


async def prepare_database(resources: Resources, application_id: int | None, now_ms: int) -> None:
    """Bring the database to this version's tables; raise `SettingsError` if that is not to be.

    A file is copied before. The database of another Discord application stays as it is.
    """
    backups = resources.backups

    async def back_up() -> None:
        try:
            if backups is not None:
                await backups.make()
        except (OSError, DatabaseError) as error:
            raise SettingsError("DATABASE_URL", f"could not be copied before its tables change: {error}.") from None

    with _schema_problems_told():
        await migrate(resources.db, application_id, back_up)
        await resources.store.member_ids.read_key(resources.db)
        await resources.store.provider_health.forget_far(now_ms)


async def _open_database(
    stack: AsyncExitStack, address: SqliteFile | PostgresServer, clock: Clock
) -> tuple[PooledDatabase, Backups | None, Locks]:
    if isinstance(address, PostgresServer):
        db, locks = await _open_server(stack, address, clock)
        return db, None, locks
    db = await _open_file(stack, address)
    return db, Backups(db, address.path, clock), _open_file_locks(stack, address.path.parent / "locks")


async def _open_server(stack: AsyncExitStack, server: PostgresServer, clock: Clock) -> tuple[PooledDatabase, Locks]:
    try:
        from bot.db.postgres import open_postgres  # its driver is an extra of its own
        from bot.db.postgres_locks import open_postgres_locks
        from bot.db.session_check import check_session
    except ImportError:
        raise SettingsError("DATABASE_URL", "names a PostgreSQL; for that install animatic[postgres].") from None
    try:
        await check_session(server.url)
        db = await stack.enter_async_context(open_postgres(server.url, server.pool_size))
        locks = await open_postgres_locks(stack, server.url, clock, deaf_to=db.tag)
    except DatabaseUnreachable as error:
        raise SettingsError("DATABASE_URL", f"{what_is_wrong(server, error)}.") from None
    with _schema_problems_told():
        await known_version_of(db)
    return db, locks


async def _open_file(stack: AsyncExitStack, file: SqliteFile) -> SqliteDatabase:
    path = file.path
    if path.is_dir():
        raise SettingsError("DATABASE_URL", "names a folder; it must name a file.")
    with _schema_problems_told():
        if path.exists():
            # Opening it for work changes the file itself, so that a stranger's is only read.
            async with open_unchanged(path) as tx:
                await known_version_of(tx)
        return await stack.enter_async_context(open_sqlite(path))


@contextmanager
def _schema_problems_told() -> Generator[None]:
    """Say in a sentence why a database cannot be worked on."""
    try:
        yield
    except SchemaRefused as refused:
        raise SettingsError("DATABASE_URL", SCHEMA_PROBLEMS[refused.problem].format(place=refused.place)) from None
    except (OSError, DatabaseError) as error:
        raise SettingsError("DATABASE_URL", f"cannot be opened: {error}.") from None


def _open_file_locks(stack: AsyncExitStack, folder: Path) -> Locks:
    try:
        return open_file_locks(stack, folder)
    except OSError as error:
        raise SettingsError("DATABASE_URL", f"has no room for lock files beside it: {error.strerror}.") from None


def _downloader(settings: Settings) -> Downloader:
    return Downloader(allow_private=settings.allow_private_urls, result_user_agent=settings.result_user_agent)


async def _open_media(settings: Settings) -> MediaStore:
    if settings.bucket is not None:
        return await open_bucket(settings.bucket, most_bytes=settings.media_max_bytes)
    if held := what_it_holds(settings.media_dir, settings.database_path):
        raise SettingsError("MEDIA_DIR", f"holds {held}; name a folder that nothing else is kept in.")
    try:
        settings.media_dir.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError("MEDIA_DIR", f"cannot be used: {error.strerror}.") from None
    return FileStore(settings.media_dir, most_bytes=settings.media_max_bytes)


def _raise_file_limit() -> None:
    """Allow this process as many open files as the system lets it: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
