"""The bot and the bare bot as processes, each on a local Discord of its own, and members who ask both the same."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox.discord import (
    Button,
    Discord,
    Interaction,
    Message,
    TextChannel,
    User,
)
from sandbox.harness import Sandbox, start_sandbox
from sandbox.provider.rendering.sample_image import draw_sample

MEMBERS = 100
START_SECONDS = 60.0

PATIENCE = 60.0
"""Seconds after which the local Discord gives up waiting for an answer: late ones are to be measured, not cut off."""


class Contestant:
    """One bot with a server, its members, and a card to click on."""

    def __init__(self, discord: Discord, picture: bytes) -> None:
        self.discord = discord
        self.owner = discord.owner
        self.members = [discord.user(f"member{number}") for number in range(MEMBERS)]
        self._picture = discord.attachment("boat.png", picture)
        self._card: Message | None = None
        guild = discord.guild("Benchmark")
        for member in self.members:
            guild.join(member)
        self.channel: TextChannel = guild.text_channel("films")

    @property
    def card(self) -> Message:
        """Give the card that members click on."""
        if self._card is None:
            raise RuntimeError("there is no card to click on")
        return self._card

    @property
    def image_link(self) -> str:
        """Give a link to the picture that members attach."""
        return self.discord.files.url(self._picture)

    async def make_card(self, prompt: str = "a paper boat") -> None:
        """Have the owner ask for a film, and wait for its card."""
        asked = await self.command(self.owner, prompt)
        self._card = await asked.until(is_done, START_SECONDS)

    async def ask(self, kind: str, number: int) -> Interaction:
        """Send a command or a click, each member and button in turn."""
        member = self.members[number % MEMBERS]
        if kind == "command":
            return await self.command(member)
        return await self.click(member, number // MEMBERS)

    async def command(self, member: User, prompt: str = "a paper boat") -> Interaction:
        """Run /video."""
        return await member.slash(self.channel, "video", prompt=prompt, image=self._picture)

    async def click(self, member: User, button: int = 0) -> Interaction:
        """Press one of the card's extend buttons."""
        buttons = extend_buttons(self.card)
        return await member.click(self.card, buttons[button % len(buttons)])


def extend_buttons(message: Message) -> list[Button]:
    """Find the buttons that extend a clip."""
    return [button for button in message.buttons if (button.custom_id or "").startswith("extend:")]


def is_done(message: Message) -> bool:
    """Tell whether a card shows its films with all their buttons."""
    return bool(extend_buttons(message))


async def acknowledged_after(asked: Interaction) -> float:
    """Wait for an interaction's first answer and tell how long it took. Milliseconds."""
    await asked.answered(PATIENCE)
    return (asked.acknowledged_after or 0.0) * 1000


@asynccontextmanager
async def real(**settings: str) -> AsyncGenerator[Contestant]:
    """Run the bot; nobody but the owner, who made the card, has any credits unless the settings say so."""
    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder), checks=False) as sandbox:
            hasten(sandbox)
            contestant = Contestant(sandbox.discord, draw_sample())
            async with sandbox.bot(settings={"DEFAULT_CREDITS": "0", **settings}):
                granting = await contestant.owner.slash(
                    contestant.channel, "quota grant", member=contestant.owner, credits=8
                )
                await granting.private_reply(START_SECONDS)
                await contestant.make_card()
                yield contestant


@asynccontextmanager
async def bare() -> AsyncGenerator[Contestant]:
    """Run a bot that only defers."""
    async with Discord(checks=False) as discord:
        discord.knobs.first_answer_seconds = PATIENCE
        contestant = Contestant(discord, draw_sample())
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.bare_bot",
            env={"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url},
            cwd=Path(__file__).parents[1],
        )
        try:
            await discord.ready(START_SECONDS)
            await discord.commands_registered(START_SECONDS)
            await contestant.make_card("a card")
            yield contestant
        finally:
            process.terminate()
            await process.wait()


def hasten(sandbox: Sandbox) -> None:
    """Make clips beforehand, end jobs at once, and wait for every answer however late it is."""
    sandbox.discord.knobs.first_answer_seconds = PATIENCE
    sandbox.provider.settings.ready_made = True
    sandbox.provider.settings.queue_seconds = 0.02
    sandbox.provider.settings.run_seconds = 0.05
    sandbox.settings.update(POLL_SECONDS="0.1", LOG_LEVEL="ERROR")
