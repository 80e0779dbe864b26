"""Look at the database and the media folder, and leave both as they are."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from bot.db.migrations import check_application, known_version_of, version_of
from bot.db.schema import MIGRATIONS
from bot.db.sqlite import open_read_only, open_unchanged
from bot.doctor.findings import Finding, ok, warn, wrong
from bot.errors import BucketRefused, DatabaseBusy, DatabaseError, SchemaProblem, SchemaRefused
from bot.media.bucket import open_bucket
from bot.media.file_store import what_it_holds
from bot.media.media_usage import LITTLE_SPACE, NEARLY_FULL, folder_bytes
from bot.media_url import BucketAddress

DATABASE, MEDIA = "DATABASE_URL", "MEDIA_DIR"

_PROBE = bytes(64 * 1024)


async def check_database(path: Path) -> Finding:
    """Open the database for writing and read its version; no row, table or setting of it changes."""
    settled = await asyncio.to_thread(_before_opening, path)
    if settled is not None:
        return settled
    try:
        async with open_read_only(path) as tx:
            version = await version_of(tx)
    except SchemaRefused as refused:
        return wrong(DATABASE, _refused(path, refused))
    except DatabaseError as error:
        return wrong(DATABASE, f"{path} cannot be used: {error}. {_cure(error)}")
    return _judged(path, version)


async def check_owner(path: Path, application_id: int | None) -> list[Finding]:
    """Find out whether the database is another Discord application's; nothing is told when it is not."""
    if application_id is None:
        return []
    try:
        async with open_unchanged(path) as tx:
            if await known_version_of(tx):
                await check_application(tx, application_id)
    except SchemaRefused as refused:
        if refused.problem is SchemaProblem.OTHER_BOT:
            return [
                wrong(
                    DATABASE,
                    f"{path} belongs to another Discord application. Name a new file, or use a token of that one.",
                )
            ]
    except DatabaseError:
        pass  # there is none, or `check_database` tells of it
    return []


async def check_media(folder: Path, database: Path | None, most_bytes: int | None) -> Finding:
    """Write a small file where films are kept, and remove it; look what else is there, and how much it is."""
    return await asyncio.to_thread(_media, folder, database, most_bytes)


async def check_bucket(address: BucketAddress) -> Finding:
    """Write, list, read and delete a small file in the bucket; names the setting that stands in the way."""
    try:
        await open_bucket(address)
    except BucketRefused as refused:
        return wrong(refused.name, f"{refused.problem} {refused.cure}".rstrip())
    where = "/".join(filter(None, (address.bucket, address.prefix)))
    return ok("MEDIA_URL", f"files can be written, listed, read and deleted in {where}.")


def _before_opening(path: Path) -> Finding | None:
    if path.is_dir():
        return wrong(DATABASE, f"{path} is a folder. Name a file in it, such as {path / 'animatic.db'}.")
    try:
        _probe(path.parent)  # beside the database the bot keeps its journal and its lock files
    except OSError as error:
        return wrong(DATABASE, _unwritable(path.parent, error))
    return None if path.exists() else ok(DATABASE, f"{path} does not exist yet; the bot makes it when it starts.")


def _media(folder: Path, database: Path | None, most_bytes: int | None) -> Finding:
    if held := what_it_holds(folder, database):
        return wrong(MEDIA, f"{folder} holds {held}, and the bot does not start. Name a folder of its own.")
    if folder.exists() and not folder.is_dir():
        return wrong(MEDIA, f"{folder} is a file. Name a folder, or move the file away.")
    try:
        existing = _probe(folder)
        free = shutil.disk_usage(existing).free
    except OSError as error:
        return wrong(MEDIA, _unwritable(folder, error))
    if free < LITTLE_SPACE:
        return warn(MEDIA, f"only {_size(free)} are free in {existing}. Make room, or lower MEDIA_DAYS.")
    used = folder_bytes(folder)
    if most_bytes is not None and used >= NEARLY_FULL * most_bytes:
        return warn(
            MEDIA,
            f"{folder} holds {used / 1e9:.1f} of {most_bytes / 1e9:.1f} GB; when it is full, new pictures are refused. "
            "Raise MEDIA_MAX_GB, or lower MEDIA_DAYS.",
        )
    state = "can be written" if existing == folder.absolute() else "does not exist yet; the bot makes it when it starts"
    return ok(MEDIA, f"{folder} {state}; {_size(free)} are free.")


def _probe(folder: Path) -> Path:
    """Write a file in a folder, or in the nearest one above it that exists, remove it, and tell where it was."""
    folder = folder.absolute()
    existing = next(existing for existing in (folder, *folder.parents) if existing.exists())
    with tempfile.NamedTemporaryFile(dir=existing, prefix=".doctor-") as file:
        file.write(_PROBE)
        file.flush()
        os.fsync(file.fileno())
    return existing


def _refused(path: Path, refused: SchemaRefused) -> str:
    if refused.problem is SchemaProblem.MOVED:
        return f"{path} was moved to {refused.place}. Name that one."
    if refused.problem is SchemaProblem.OLDER:
        return f"{path} was made by an older Animatic, and nothing leads from there to here. Name a new file."
    return f"{path} holds the tables of something else. Name a file of the bot's own."


def _judged(path: Path, version: int) -> Finding:
    newest = len(MIGRATIONS)
    if version > newest:
        return wrong(
            DATABASE,
            f"{path} has schema version {version}, and this bot knows {newest}. Run the newer bot that made it.",
        )
    if version == 0:
        return ok(DATABASE, f"{path} can be written and is empty; the bot makes its tables when it starts.")
    coming = "" if version == newest else f", which becomes {newest} when the bot starts"
    return ok(DATABASE, f"{path} can be read and written; schema version {version}{coming}.")


def _cure(error: DatabaseError) -> str:
    if isinstance(error, DatabaseBusy):
        return "Another program keeps it locked: end that one; a running bot never holds it this long."
    if "not a database" in error.message:
        return "Name another file, or put a backup in its place."
    return "Give it to the bot's user, with the right to write."


def _unwritable(folder: Path, error: OSError) -> str:
    return (
        f"nothing can be written in {folder}: {error.strerror or error}. "
        "Give the folder to the bot's user, or name another one."
    )


def _size(count: int) -> str:
    gib = count / 1024**3
    return f"{gib:.1f} GiB" if gib < 100 else f"{gib:.0f} GiB"
