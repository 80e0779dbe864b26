"""How far a reader must jump to follow one `/video` and one extend click: `python -m tests.meta.trace`.

The bot runs in this process on the sandbox, with production's settings. A crossing is a call of a function of ours from
one in another file (what libraries do in between is not counted, nor is that a coroutine goes on after a wait).
"""

import asyncio
import dis
import os
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

from sandbox.harness import free_port, start_sandbox
from tests.e2e.support.guild import Server, button, create_server, finished
from tests.support.settings import in_environment

ROOT = Path(__file__).parents[2]

TOPS = ("bot", "cogs")
"""The packages that are followed."""

POLL_SECONDS = "2"
"""Longer than the provider needs, so that each job is polled once, however slow the machine is."""

SETTLE_SECONDS = 1
"""How long what follows a start may go on before the trail begins."""


@dataclass
class Trail:
    """Count what is entered, and the calls between files."""

    entered: Counter[str] = field(default_factory=Counter[str])
    crossings: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])

    @property
    def units(self) -> set[str]:
        """Name the packages that were entered; the files that stand in none of them are one."""
        return {unit_of(file) for file in self.entered}

    @property
    def unit_crossings(self) -> int:
        """Count the calls that lead from one package to another."""
        return sum(count for (a, b), count in self.crossings.items() if unit_of(a) != unit_of(b))

    def follow(self, frame: FrameType, event: str, _: object) -> None:
        """Note a call; this is what `sys.setprofile` takes."""
        if event != "call" or frame.f_lasti > beginning_of(frame.f_code):
            return
        file = file_of(frame.f_code)
        if file is None:
            return
        self.entered[file] += 1
        caller, origin = frame.f_back, None
        while caller is not None and origin is None:
            caller, origin = caller.f_back, file_of(caller.f_code)
        if origin not in (None, file):
            self.crossings[origin, file] += 1

    @contextmanager
    def followed(self) -> Generator[None]:
        """Follow everything until the block ends, in threads that begin meanwhile too."""
        threading.setprofile(self.follow)
        sys.setprofile(self.follow)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)


@cache
def file_of(code: CodeType) -> str | None:
    """Name the file that a piece of code stands in, from the project's root; None for what is not followed."""
    path = Path(code.co_filename)
    if not path.is_relative_to(ROOT):
        return None
    inside = path.relative_to(ROOT)
    return inside.as_posix() if inside.parts[0] in TOPS else None


@cache
def beginning_of(code: CodeType) -> int:
    """Find where a function begins, in bytes of its code; it goes on after a wait at a later place."""
    return next((one.offset for one in dis.get_instructions(code) if one.opname == "RESUME"), 0)


def unit_of(file: str) -> str:
    """Name the package that a file stands in."""
    top, *rest = file.split("/")
    return f"{top}/{rest[0]}" if len(rest) > 1 else top


async def follow_one_job() -> Trail:
    """Make one video job and extend it, and give the trail of both."""
    from bot.app import build
    from bot.config import load_settings
    from bot.providers.registry import provider_names

    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder)) as sandbox:
            sandbox.provider.settings.ready_made = True
            sandbox.provider.settings.queue_seconds = 0.02
            sandbox.provider.settings.run_seconds = 0.2
            server = create_server(sandbox)
            with in_environment(sandbox.environment({"HTTP_PORT": str(free_port()), "POLL_SECONDS": POLL_SECONDS})):
                settings = load_settings(provider_names())
            async with build(settings) as app:
                running = asyncio.create_task(app.run())
                await sandbox.discord.ready(30)
                await sandbox.discord.commands_registered(30)
                await asyncio.sleep(SETTLE_SECONDS)
                trail = Trail()
                with trail.followed():
                    await play(server)
                os.kill(os.getpid(), signal.SIGTERM)
                await running
    return trail


async def play(server: Server) -> None:
    """Run /video, wait for its card, and extend one of its clips."""
    card = await finished(await server.video(), clips=4)
    await finished(await server.mira.click(card, button(card, 2, "high")), clips=4)


def main() -> None:
    """Print the trail."""
    trail = asyncio.run(follow_one_job())
    print(f"files entered: {len(trail.entered)}")
    print(f"packages entered: {len(trail.units)}")
    print(f"crossings between files: {trail.crossings.total()}")
    print(f"crossings between packages: {trail.unit_crossings}")
    if "-v" in sys.argv:
        for file, count in sorted(trail.entered.items()):
            print(f"  {file}: {count}")
        for (a, b), count in trail.crossings.most_common():
            print(f"  {count:4} {a} -> {b}")


if __name__ == "__main__":
    main()
