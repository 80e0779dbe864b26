"""What is kept of a member: told, given to them whole, and forgotten when they ask for it."""

import asyncio
import json
import zipfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedIOBase
from tempfile import TemporaryFile
from typing import IO, Any

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.providers.base import Provider
from bot.services.seen_locales import SeenLocales
from bot.services.timed_event import TimedEvent

NAME = "animatic.json"

AT_ONCE = 2
"""How many files are written, packed and sent at a time; the others wait."""


@dataclass(frozen=True)
class KeptFor:
    """Hold for how many days files are kept, and prompts; 0 for these is until somebody forgets them."""

    media_days: int
    retention_days: int


@dataclass(frozen=True)
class PrivacyFacts:
    """Hold what a member is told: how long what is kept, and where it may go."""

    kept_for: KeptFor
    providers: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """Hold the file with all that is kept of a member; it is closed by who opened it."""

    name: str
    file: BufferedIOBase
    size: int


class Privacy:
    """Tell members what is kept of them, give it to them, and forget them."""

    def __init__(
        self, store: Store, providers: Mapping[str, Provider], locales: SeenLocales, kept_for: KeptFor, clock: Clock
    ) -> None:
        self._store = store
        self._providers = tuple(providers)
        self._locales = locales
        self._kept_for = kept_for
        self._clock = clock
        self.asked = TimedEvent()
        self._exporting: set[tuple[int, int]] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)

    def facts(self) -> PrivacyFacts:
        """Tell how long what is kept, and the names of the providers that prompts and pictures may go to."""
        return PrivacyFacts(self._kept_for, self._providers)

    async def forget(self, guild_id: int, user_id: int) -> None:
        """Write down that a member is to be forgotten; the worker then does it."""
        self._locales.forget(guild_id, user_id)
        await self._store.forgettings.ask(guild_id, user_id, self._clock())
        self.asked.set()

    def is_exporting(self, guild_id: int, user_id: int) -> bool:
        """Tell whether a member's file is being written or sent: then they get no other one beside it."""
        return (guild_id, user_id) in self._exporting

    @asynccontextmanager
    async def export(self, guild_id: int, user_id: int, file_limit: int) -> AsyncGenerator[Export | None]:
        """Give a file with all that is kept of a member, zipped where it would be larger than `file_limit` bytes.

        None where even that is too large.
        """
        self._exporting.add((guild_id, user_id))
        try:
            async with self._turns, self._exported(guild_id, user_id, file_limit) as export:
                yield export
        finally:
            self._exporting.discard((guild_id, user_id))

    @asynccontextmanager
    async def _exported(self, guild_id: int, user_id: int, file_limit: int) -> AsyncGenerator[Export | None]:
        with TemporaryFile() as whole:
            await self._write(whole, guild_id, user_id)
            size = whole.tell()
            if size <= file_limit:
                whole.seek(0)
                yield Export(NAME, whole, size)
                return
            with TemporaryFile() as packed:
                await asyncio.to_thread(_pack, whole, packed)
                size = packed.tell()
                packed.seek(0)
                yield Export(f"{NAME}.zip", packed, size) if size <= file_limit else None

    async def _write(self, file: IO[bytes], guild_id: int, user_id: int) -> None:
        """Write it as one JSON object, a list for each part, while it is read."""
        head = {"server": str(guild_id), "member": str(user_id), "written": _moment(self._clock.wall_ms())}
        file.write(json.dumps(head, indent=1).encode().removesuffix(b"\n}"))
        part = None
        async for name, rows in self._store.member_export.pages(guild_id, user_id):
            if name == part:
                file.write(b",\n  ")
            else:
                end_of_last = "" if part is None else "\n ]"
                file.write(f'{end_of_last},\n "{name}": [\n  '.encode())
            file.write(",\n  ".join(json.dumps(_readable(row), ensure_ascii=False) for row in rows).encode())
            part = name
        file.write(b"\n}\n" if part is None else b"\n ]\n}\n")


def _pack(whole: IO[bytes], packed: IO[bytes]) -> None:
    whole.seek(0)
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open(NAME, "w") as file,
    ):
        while piece := whole.read(1 << 20):
            file.write(piece)
    packed.seek(0, 2)


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """Write moments as people read them, and ids of Discord's as text, which no reader of JSON rounds."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith("_ms"):
            found[name.removesuffix("_ms")] = None if value is None else _moment(value)
        elif name.endswith("_id") and isinstance(value, int):
            found[name] = str(value)
        else:
            found[name] = value
    return found


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
