"""What is opened first and closed last: database, locks, media folder and providers."""

import resource
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.config import Settings
from bot.db.database import Database
from bot.db.migrations import migrate
from bot.db.sqlite import open_sqlite
from bot.db.store import Defaults, Store
from bot.errors import DatabaseError, SchemaProblem, SchemaRefused, SettingsError
from bot.locks import InstanceNames, NamedLocks
from bot.media import Downloader, MediaStore
from bot.media.file_store import PRIVATE_FOLDER, what_it_holds
from bot.providers.base import Provider
from bot.providers.registry import open_providers

MOST_FILES = 65_536
"""Open files that are asked for where the system sets no limit."""

SCHEMA_PROBLEMS = {
    SchemaProblem.OLDER: "names a database of an older Animatic, which this one cannot take over; name a new file.",
    SchemaProblem.NEWER: "names a database of a newer Animatic; run that one, or name a new file.",
    SchemaProblem.FOREIGN: "names a database of another application; name a file of the bot's own.",
}
"""What is said at the start of a database that this version cannot work with."""


@dataclass(frozen=True)
class Resources:
    """Hold what is open; `instance_name` is this process's own."""

    store: Store
    media: MediaStore
    downloader: Downloader
    providers: Mapping[str, Provider]
    card_locks: NamedLocks
    instance_names: InstanceNames
    instance_name: str


async def open_resources(stack: AsyncExitStack, settings: Settings) -> Resources:
    """Open everything until the stack closes; raise `SettingsError` when a setting turns out to be wrong."""
    _raise_file_limit()
    media = _open_media(settings)
    db = await _open_database(stack, settings)
    locks_folder = settings.database_path.parent / "locks"
    instance_names = InstanceNames(locks_folder)
    instance_name = _take_name(stack, instance_names)
    card_locks = stack.enter_context(NamedLocks.open(locks_folder))
    downloader = await stack.enter_async_context(Downloader(allow_private=settings.allow_private_urls))
    store = Store(
        db,
        Defaults(settings.default_credits, settings.quota_period, settings.server_credits, settings.max_open_per_user),
    )
    providers = open_providers(stack, settings.accounts)
    return Resources(store, media, downloader, providers, card_locks, instance_names, instance_name)


async def _open_database(stack: AsyncExitStack, settings: Settings) -> Database:
    if settings.database_path.is_dir():
        raise SettingsError("DATABASE_URL", "names a folder; it must name a file.")
    try:
        db = await stack.enter_async_context(open_sqlite(settings.database_path))
        await migrate(db)
    except SchemaRefused as refused:
        raise SettingsError("DATABASE_URL", SCHEMA_PROBLEMS[refused.problem]) from None
    except (OSError, DatabaseError) as error:
        raise SettingsError("DATABASE_URL", f"cannot be opened: {error}.") from None
    return db


def _take_name(stack: AsyncExitStack, instance_names: InstanceNames) -> str:
    try:
        return stack.enter_context(instance_names.hold())
    except OSError as error:
        raise SettingsError("DATABASE_URL", f"has no room for lock files beside it: {error.strerror}.") from None


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
