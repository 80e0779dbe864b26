"""Run the doctor in this process, and read what it shows."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.config import load_settings
from bot.doctor import examine
from bot.providers.registry import provider_names
from sandbox.discord import Guild, Interaction, TextChannel, User
from sandbox.harness import Sandbox
from tests.support.fork_server import start_sandbox
from tests.support.settings import in_environment

FOUR = ("ttapi", "acedata", "apimart", "cometapi")


@dataclass
class Report:
    """Hold what the doctor showed; the verb's exit code is 0 when nothing is `wrong`, else 1."""

    wrong: bool
    lines: list[str]

    def of(self, subject: str) -> list[str]:
        """Give the verdict and the words of each line about something."""
        return [f"{line[:5].strip()}: {line[24:]}" for line in self.lines if line[7:22].rstrip() == subject]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass
class DoctorSandbox:
    """Hold a sandbox whose bot is in one server."""

    sandbox: Sandbox
    guild: Guild
    channel: TextChannel
    mira: User

    async def run(self, **settings: str) -> Report:
        """Run the doctor to its end."""
        return await self._run(None, None, 60, settings)

    async def run_in_channel(
        self,
        channel: int | None,
        at_click: Callable[[], Awaitable[object]] | None,
        *,
        seconds: float = 60,
        **settings: str,
    ) -> Report:
        """Run the doctor to its end; `at_click` is awaited when it asks for a click."""
        return await self._run(channel, at_click, seconds, settings)

    async def _run(
        self,
        channel: int | None,
        at_click: Callable[[], Awaitable[object]] | None,
        seconds: float,
        settings: Mapping[str, str],
    ) -> Report:
        lines: list[str] = []
        clicks: list[asyncio.Future[object]] = []

        def show(line: str) -> None:
            lines.append(line)
            if at_click is not None and line.startswith("wait "):
                clicks.append(asyncio.ensure_future(at_click()))

        with in_environment(self.sandbox.environment(settings)):
            loaded = load_settings(provider_names())
        async with asyncio.timeout(60):
            healthy = await examine(loaded, show, channel=channel, seconds=seconds)
            await asyncio.gather(*clicks)
        assert not any(secret in "\n".join(lines) for secret in (self.sandbox.discord.token, self.sandbox.provider.key))
        return Report(not healthy, lines)

    async def check_channel(self, *, click: bool, **settings: str) -> Report:
        """Run it with this channel, with or without a click of mira's."""

        async def press() -> Interaction:
            (card,) = self.channel.messages
            return await self.mira.click(card, card.buttons[0])

        seconds = 30 if click else 0.2
        return await self.run_in_channel(self.channel.id, press if click else None, seconds=seconds, **settings)


@asynccontextmanager
async def doctor_sandbox(folder: Path) -> AsyncGenerator[DoctorSandbox]:
    """Start the sandbox with keys of all four providers and the bot in one server."""
    async with start_sandbox(folder, providers=FOUR) as sandbox:
        guild, mira = sandbox.discord.guild("Paper Boats"), sandbox.discord.user("mira")
        guild.join(mira)
        yield DoctorSandbox(sandbox, guild, guild.text_channel("films"), mira)
        assert sandbox.discord.violations == []


@contextmanager
def closed_port() -> Generator[str]:
    """Keep an address at which nobody answers."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
