"""What a bot would have written, where a test needs no bot for it."""

from __future__ import annotations

from typing import Any

from sandbox.discord import Message, TextChannel, User
from sandbox.discord.attachments import Post
from sandbox.discord.message_writes import rewrite, write


def bot_says(channel: TextChannel, content: str, *, only_to: User | None = None, **fields: Any) -> Message:
    """Publish a message of the bot, to one person only where one is named."""
    world = channel.world
    message = Message(world, channel, world.bot_user, ephemeral_to=only_to)
    write(message, Post({"content": content, **fields}))
    world.publish(message)
    return message


def bot_edits(message: Message, content: str) -> None:
    """Edit a message of the bot."""
    rewrite(message, Post({"content": content}))
    message.world.republish(message)
