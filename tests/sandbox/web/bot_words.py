"""What a bot would have written, where a test needs no bot for it."""

from __future__ import annotations

from typing import Any

from sandbox.discord import Discord, Message, TextChannel, User
from sandbox.discord.attachments import MessagePayload
from sandbox.discord.message_writes import edit_content, write_content


def bot_says(
    discord: Discord, channel: TextChannel, content: str, *, only_to: User | None = None, **fields: Any
) -> Message:
    """Publish a message of the bot, to one person only where one is named."""
    message = Message(discord, channel, discord.bot_user, ephemeral_to=only_to)
    write_content(message, MessagePayload({"content": content, **fields}))
    discord.publish(message)
    return message


def bot_edits(discord: Discord, message: Message, content: str) -> None:
    """Edit a message of the bot."""
    edit_content(message, MessagePayload({"content": content}))
    discord.republish(message)
