"""What is opened first and closed last: database, locks, media folder and providers."""

import resource
from collections.abc import Callable, Generator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass

from bot.config import Settings
from bot.db.backups import Backups
from bot.db.database import Database
from bot.db.migrations import known_version_of, migrate
from bot.db.sqlite import SqliteDatabase, open_sqlite, open_unchanged
from bot.db.store import Defaults, Store
from bot.domain.clock import Clock
from bot.errors import DatabaseError, SchemaProblem, SchemaRefused, SettingsError
from bot.locks import InstanceNames, NamedLocks
from bot.media import Downloader, MediaStore, Transcoder
from bot.media.file_store import PRIVATE_FOLDER, what_it_holds
from bot.providers.base import Provider
from bot.providers.registry import open_providers

Watch = Callable[[Database], Database]

MOST_FILES = 65_536
"""Open files that are asked for where the system sets no limit."""

SCHEMA_PROBLEMS = {
    SchemaProblem.OLDER: "names a database of an older Animatic, which this one cannot take over; name a new file.",
    SchemaProblem.NEWER: "names a database of a newer Animatic; run that one, or name a new file.",
    SchemaProblem.FOREIGN: "names a database of another application; name a file of the bot's own.",
    SchemaProblem.OTHER_BOT: "names the database of another Discord application; "
    "use a token of that one, or name a new file.",
}
"""What is said at the start of a database that this version cannot work with."""


@dataclass(frozen=True)
class Resources:
    """Hold what is open; `instance_name` is this process's own."""

    db: SqliteDatabase
    backups: Backups
    store: Store
    media: MediaStore
    downloader: Downloader
    transcoder: Transcoder
    providers: Mapping[str, Provider]
    card_locks: NamedLocks
    instance_names: InstanceNames
    instance_name: str


async def open_resources(
    stack: AsyncExitStack, settings: Settings, clock: Clock, watch: Watch | None = None
) -> Resources:
    """Open everything until the stack closes; raise `SettingsError` when a setting turns out to be wrong.

    The tables are there after `prepare_database`.
    """
    _raise_file_limit()
    media = _open_media(settings)
    db = await _open_database(stack, settings)
    locks_folder = settings.database_path.parent / "locks"
    instance_names = InstanceNames(locks_folder)
    instance_name = _take_name(stack, instance_names)
    card_locks = stack.enter_context(NamedLocks.open(locks_folder))
    downloader = await stack.enter_async_context(_downloader(settings))
    store = Store(
        db if watch is None else watch(db),
        Defaults(settings.default_credits, settings.quota_period, settings.server_credits, settings.max_open_per_user),
    )
    providers = open_providers(stack, settings.accounts)
    backups = Backups(db, settings.database_path, clock)
    return Resources(
        db, backups, store, media, downloader, Transcoder(), providers, card_locks, instance_names, instance_name
    )


async def prepare_database(resources: Resources, application_id: int | None, now_ms: int) -> None:
    """Bring the database to this version's tables, after a copy of it; raise `SettingsError` if that is not to be.

    The database of another Discord application stays as it is.
    """

    async def back_up() -> None:
        try:
            await resources.backups.make()
        except (OSError, DatabaseError) as error:
            raise SettingsError("DATABASE_URL", f"could not be copied before its tables change: {error}.") from None

    with _schema_problems_told():
        await migrate(resources.db, application_id, back_up)
        await resources.store.provider_health.forget_far(now_ms)


async def _open_database(stack: AsyncExitStack, settings: Settings) -> SqliteDatabase:
    path = settings.database_path
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
        raise SettingsError("DATABASE_URL", SCHEMA_PROBLEMS[refused.problem]) from None
    except (OSError, DatabaseError) as error:
        raise SettingsError("DATABASE_URL", f"cannot be opened: {error}.") from None


def _take_name(stack: AsyncExitStack, instance_names: InstanceNames) -> str:
    try:
        return stack.enter_context(instance_names.hold())
    except OSError as error:
        raise SettingsError("DATABASE_URL", f"has no room for lock files beside it: {error.strerror}.") from None


def _downloader(settings: Settings) -> Downloader:
    return Downloader(allow_private=settings.allow_private_urls, result_user_agent=settings.result_user_agent)


def _open_media(settings: Settings) -> MediaStore:
    if held := what_it_holds(settings.media_dir, settings.database_path):
        raise SettingsError("MEDIA_DIR", f"holds {held}; name a folder that nothing else is kept in.")
    try:
        settings.media_dir.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError("MEDIA_DIR", f"cannot be used: {error.strerror}.") from None
    return MediaStore(settings.media_dir, most_bytes=settings.media_max_bytes)


def _raise_file_limit() -> None:
    """Allow this process as many open files as the system lets it: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
