"""Start what demo and tests play with: the local Discord, the fake provider, and the bot as a process of its own."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from random import Random

import aiohttp

from sandbox.discord import Discord
from sandbox.provider import FakeProvider

STOP_SECONDS = 15.0
"""How long a bot that was asked to stop may take before it is killed."""

_PORTS = (20_000 + number % 10_000 for number in count(Random().randrange(10_000)))
"""Ports below those of clients, one after the other: two processes that look at the same time are at other places."""

IDENTIFY_SECONDS = 0.1
"""How long the sandbox's Discord keeps sessions apart, and its bots wait: nobody wants to wait 5 s after a restart."""

START_SECONDS = 30.0
"""How long a bot may take to connect and to register its commands."""


@dataclass
class BotProcess:
    """Hold one running `python -m bot`."""

    process: asyncio.subprocess.Process
    log: Path
    url: str

    @property
    def pid(self) -> int:
        """Give the process id."""
        return self.process.pid

    async def healthy(self, timeout: float = 30) -> None:
        """Wait until it says at /healthz that all is well; RuntimeError when it ended instead. Seconds."""
        async with asyncio.timeout(timeout), aiohttp.ClientSession() as session:
            while True:
                if self.process.returncode is not None:
                    raise RuntimeError(f"the bot ended with code {self.process.returncode}")
                try:
                    async with session.get(f"{self.url}/healthz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientConnectionError:
                    pass
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """Kill it as `kill -9` does, with no chance to clean up."""
        self._signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """Ask it to stop as `docker stop` does, and give its exit code."""
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                return await self.process.wait()
        except TimeoutError:
            await self.kill()
            raise

    def _signal(self, number: signal.Signals) -> None:
        if self.process.returncode is None:
            self.process.send_signal(number)


@dataclass
class Sandbox:
    """Hold the sandbox and start bots on it; they share one data folder, so that a new one goes on for the old one."""

    discord: Discord
    provider: FakeProvider
    folder: Path
    settings: dict[str, str] = field(default_factory=dict[str, str])
    """Settings that differ from the sandbox's own."""
    providers: tuple[str, ...] = ("ttapi",)
    """Those that have a key, the default one first; the provider speaks for all of them."""

    @property
    def log(self) -> Path:
        """Give the file that all bots on this sandbox write their log to."""
        return self.folder / "bot.log"

    @property
    def database(self) -> Path:
        """Give the file that all bots on this sandbox keep their state in."""
        return self.folder / "animatic.db"

    def environment(self, settings: Mapping[str, str] | None = None) -> dict[str, str]:
        """Give a bot's whole environment: production's settings, only the addresses differ."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            **self._keys(),
            "ALLOW_PRIVATE_URLS": "true",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "MEDIA_DIR": str(self.folder / "media"),
            "POLL_SECONDS": "0.5",
            "IDENTIFY_SECONDS": str(self.discord.knobs.identify_seconds),
            **self.settings,
            **(settings or {}),
        }

    def _keys(self) -> dict[str, str]:
        named = [name.upper() for name in self.providers]
        keys = {f"{name}_API_KEY": self.provider.key for name in named}
        return keys | {f"{name}_BASE_URL": self.provider.base_url for name in named} | {"VIDEO_PROVIDER": named[0]}

    @asynccontextmanager
    async def bot(
        self,
        *,
        called: bool = False,
        port: int | None = None,
        begun: Callable[[BotProcess], None] | None = None,
        settings: Mapping[str, str] | None = None,
        **more: str,
    ) -> AsyncGenerator[BotProcess]:
        """Run a bot, connected and with its commands registered, until the block ends.

        `called` gives it a PUBLIC_URL, so that the provider calls it back; `port` is where it listens, a free one
        unless said otherwise; `begun` is told of the process as soon as there is one. `settings` and `more` are the
        bot's.
        """
        port = port or free_port()
        url = f"http://127.0.0.1:{port}"
        own = {"HTTP_PORT": str(port)} | ({"PUBLIC_URL": url} if called else {})
        with self.log.open("ab") as sink:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                env=self.environment({**own, **(settings or {}), **more}),
                cwd=self.folder,
                stdout=sink,
                stderr=sink,
            )
        bot = BotProcess(process, self.log, url)
        try:
            if begun is not None:
                begun(bot)
            await self._connected(bot)
            yield bot
        finally:
            if process.returncode is None:
                await bot.stop()

    async def _connected(self, bot: BotProcess) -> None:
        """Wait until the bot is connected; a bot that ended instead says why."""
        ended = asyncio.create_task(bot.process.wait())
        connected = asyncio.create_task(self._ready())
        try:
            await asyncio.wait((ended, connected), return_when=asyncio.FIRST_COMPLETED)
            if not connected.done():
                raise RuntimeError(f"the bot ended with code {ended.result()}:\n{bot.log.read_text()[-2000:]}")
            await connected
        finally:
            ended.cancel()
            connected.cancel()

    async def _ready(self) -> None:
        await self.discord.ready(START_SECONDS)
        await self.discord.commands_registered(START_SECONDS)


def free_port() -> int:
    """Find a port of this machine that nobody listens on, and that the system gives to no client meanwhile."""
    for port in islice(_PORTS, 1000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


@asynccontextmanager
async def start_sandbox(
    folder: Path, *, checks: bool = True, providers: tuple[str, ...] = ("ttapi",)
) -> AsyncGenerator[Sandbox]:
    """Start the sandbox; `folder` keeps the bot's data and log."""
    async with Discord(checks=checks) as discord, FakeProvider() as fake_provider:
        discord.knobs.identify_seconds = IDENTIFY_SECONDS
        yield Sandbox(discord, fake_provider, folder, providers=providers)
