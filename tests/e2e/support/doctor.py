"""Run the doctor as a process, and read what it printed."""

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.discord import Guild, Interaction, TextChannel, User
from sandbox.harness import Sandbox, start_sandbox

FOUR = ("ttapi", "acedata", "apimart", "cometapi")


@dataclass
class Report:
    """Hold what the doctor printed and its exit code."""

    code: int | None
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

    async def run(self, *arguments: str, **settings: str) -> Report:
        """Run the doctor to its end."""
        return await self.run_until_click(None, *arguments, **settings)

    async def run_until_click(
        self, at_click: Callable[[], Awaitable[object]] | None, *arguments: str, **settings: str
    ) -> Report:
        """Run the doctor to its end; `at_press` is awaited when it asks for a click."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "doctor",
            *arguments,
            env=self.sandbox.environment(settings),
            cwd=self.sandbox.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert process.stdout is not None
        lines: list[str] = []
        try:
            async with asyncio.timeout(60):
                async for line in process.stdout:
                    lines.append(line.decode().rstrip("\n"))
                    if at_click is not None and lines[-1].startswith("wait "):
                        await at_click()
        finally:
            if not process.stdout.at_eof():
                process.kill()
            code = await process.wait()
        assert not any(secret in "\n".join(lines) for secret in (self.sandbox.discord.token, self.sandbox.provider.key))
        return Report(code, lines)

    async def check_channel(self, *, click: bool, **settings: str) -> Report:
        """Run it with this channel, with or without a click of mira's."""

        async def press() -> Interaction:
            (card,) = self.channel.messages
            return await self.mira.click(card, card.buttons[0])

        seconds = "30" if click else "0.2"
        arguments = ("--channel", str(self.channel.id), "--seconds", seconds)
        return await self.run_until_click(press if click else None, *arguments, **settings)


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
