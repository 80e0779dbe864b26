"""Copy what a folder keeps into a bucket, so that it may break off and go on where it was."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from bot.media.file_store import possible_folders
from bot.media.own_files import FOLDERS_AT_ONCE, is_draft, is_own_file
from bot.media.store import KnownIds

AT_ONCE = 4
"""Files that are sent together; each holds a few MiB at most."""


class FileTarget(Protocol):
    """What files are copied into; a `BucketStore` is one."""

    async def sizes(self) -> dict[str, int]:
        """Tell the size in bytes of everything that is there, by its name."""
        ...

    async def keep_file(self, name: str, source: Path) -> int:
        """Take a file, whole or not at all; gives its size in bytes."""
        ...


@dataclass(frozen=True)
class TransferCount:
    """Count files and bytes: all that are to be there, and those that are; `copied` files were not there before."""

    files: int = 0
    size: int = 0
    files_there: int = 0
    size_there: int = 0
    copied: int = 0


Progress = Callable[[TransferCount], None]
"""Be told how far it is, after each file."""


async def copy_files(folder: Path, target: FileTarget, known: KnownIds, progress: Progress) -> TransferCount:
    """Copy the bot's own files of known jobs and previews that the target lacks, or has in another size.

    Gives what is there in the end. Raises OSError when a file cannot be read or sent; another call goes on where this
    one broke off. A file that vanishes meanwhile, as the sweep deletes them, is counted no longer.
    """
    there = await target.sizes()
    files = await asyncio.to_thread(_sizes, folder, await _known_folders(folder, known))
    count = TransferCount(len(files), sum(files.values()))
    missing: list[str] = []
    for name, size in files.items():
        if there.get(name) == size:
            count = replace(count, files_there=count.files_there + 1, size_there=count.size_there + size)
        else:
            missing.append(name)
    progress(count)
    waiting = iter(missing)

    async def send() -> None:
        nonlocal count
        for name in waiting:
            try:
                sent = await target.keep_file(name, folder / name)
            except FileNotFoundError:
                count = replace(count, files=count.files - 1, size=count.size - files[name])
            else:
                count = replace(
                    count,
                    size=count.size - files[name] + sent,
                    files_there=count.files_there + 1,
                    size_there=count.size_there + sent,
                    copied=count.copied + 1,
                )
            progress(count)

    await _together(send)
    return count


async def _together(send: Callable[[], Awaitable[None]]) -> None:
    """Let some senders work until nothing is left; raises the first trouble of any, once all of them have ended."""
    senders = [asyncio.ensure_future(send()) for _ in range(AT_ONCE)]
    try:
        await asyncio.gather(*senders)
    finally:
        for sender in senders:
            sender.cancel()
        await asyncio.gather(*senders, return_exceptions=True)


async def _known_folders(folder: Path, known: KnownIds) -> list[str]:
    names = await asyncio.to_thread(possible_folders, folder)
    found: list[str] = []
    for first in range(0, len(names), FOLDERS_AT_ONCE):
        found += await known(names[first : first + FOLDERS_AT_ONCE])
    return found


def _sizes(folder: Path, names: Sequence[str]) -> dict[str, int]:
    """Tell the sizes of the bot's own files in some folders, by their names in the store; drafts are none."""
    sizes: dict[str, int] = {}
    for name in names:
        with suppress(FileNotFoundError), os.scandir(folder / name) as entries:
            for entry in entries:
                if is_own_file(entry.name) and not is_draft(entry.name) and entry.is_file(follow_symlinks=False):
                    sizes[f"{name}/{entry.name}"] = entry.stat().st_size
    return sizes
