"""A server with people in it, and what they do most."""

import itertools
from dataclasses import dataclass
from typing import Any

import discord

from sandbox.discord import (
    Button,
    Guild,
    Interaction,
    Media,
    Message,
    StoredFile,
    TextChannel,
    User,
)
from sandbox.harness import Sandbox
from tests.support.sample_images import small_photo

_numbers = itertools.count(1)

GREEN = discord.Colour.green().value
"""The accent of a card that shows all that was asked for."""


@dataclass
class Server:
    """Hold a server with the bot in it."""

    sandbox: Sandbox
    guild: Guild
    channel: TextChannel
    ada: User
    """Owns the server."""
    mira: User
    leo: User

    @property
    def messages(self) -> list[Message]:
        """Give the channel's messages, but for the bot's greeting, which comes when it likes."""
        return [message for message in self.channel.messages if not message.text.startswith("Hello, I am")]

    def image(self, filename: str = "boat.png", data: bytes | None = None, **claims: Any) -> StoredFile:
        """Attach the sample picture, or whatever is given instead."""
        return self.sandbox.discord.attachment(filename, small_photo() if data is None else data, **claims)

    async def video(self, who: User | None = None, **options: Any) -> Interaction:
        """Run /video with a good prompt and picture unless told otherwise."""
        options.setdefault("prompt", "a paper boat")
        options.setdefault("image", self.image())
        channel = options.pop("channel", self.channel)
        return await (who or self.mira).slash(channel, "video", **options)

    async def finished_video(self, who: User | None = None, **options: Any) -> Message:
        """Run /video and wait for the finished card."""
        return await finished(await self.video(who, **options))

    async def private_text(self, asked: Interaction) -> str:
        """Wait for what only the asker is told."""
        reply = await asked.private_reply(30)
        await reply.until(lambda message: not message.thinking, 30)
        return reply.text

    async def quota(self, command: str, **options: Any) -> str:
        """Let the owner run a /quota command and give its answer."""
        return await self.private_text(await self.ada.slash(self.channel, f"quota {command}", **options))

    async def credits(self, who: User | None = None) -> int:
        """Ask /credits how many are left."""
        words = (await self.private_text(await (who or self.mira).slash(self.channel, "credits"))).split()
        return int(words[words.index("have") + 1]) if "no" not in words else 0


def create_server(sandbox: Sandbox) -> Server:
    """Make a new server with new people."""
    number = next(_numbers)
    discord = sandbox.discord
    ada, mira, leo = (discord.user(f"{name}{number}") for name in ("ada", "mira", "leo"))
    guild = discord.guild(f"Server {number}", owner=ada)
    for person in (mira, leo):
        guild.join(person)
    return Server(sandbox, guild, guild.text_channel("films"), ada, mira, leo)


async def finished(asked: Interaction, clips: int = 0) -> Message:
    """Wait until a card shows its films and their buttons."""
    return await asked.until(lambda message: len(gallery(message)) >= max(1, clips) and message.buttons, 60)


async def made(asked: Interaction, clips: int = 4) -> Message:
    """Wait until a card shows all its films, whether or not there are buttons under them."""
    return await asked.until(lambda message: message.accent_color == GREEN and len(gallery(message)) == clips, 30)


def gallery(message: Message) -> list[Media]:
    """Give the films on a card."""
    return [media for media in message.media if media.where == "gallery"]


def button(message: Message, clip: int, motion: str) -> str:
    """Find the custom_id of an extend button."""
    return next(b.custom_id for b in message.buttons if b.custom_id and b.custom_id.endswith(f":{clip}:{motion}"))


def extends(message: Message) -> list[Button]:
    """Give the one-press extend buttons of a card."""
    return [one for one in message.buttons if (one.custom_id or "").startswith("extend:")]


def job_id(message: Message) -> str:
    """Read the job's id from its card."""
    return message.text.rsplit("job ", 1)[1].split()[0]
