"""Which job a message is about: a card, a result or a film that the bot posted, or what answers one of them."""

import re
from collections.abc import Iterator

import discord

from bot.domain.job import Job
from bot.domain.links import MessageLink
from bot.errors import CannotShow, NoJobInMessage
from bot.services.job_history import JobHistory
from bot.ui.attachments import custom_ids_in, names_shown, small_line
from bot.ui.interactions import Interaction

_LAST_WORD = re.compile(r"(?P<job>[0-9a-z]{14})(?:#(?:[0-9]+|film))?\W*\Z")
_FILE = re.compile(r"animatic-(?P<job>[0-9a-z]{14})-")
_CUSTOM_ID = re.compile(r"[a-z-]+:(?P<job>[0-9a-z]{14})(?::|\Z)")

UNREACHABLE = (10003, 10008, 50001, 50013)
"""Discord's codes for a channel or a message that is gone, or that the bot cannot read."""


async def job_of_message(interaction: Interaction, history: JobHistory, message: discord.Message) -> Job:
    """Give the job of this server that a message is about; raises `NoJobInMessage`.

    Nothing is believed of a message that somebody else wrote. Whether who asks may see the job is not looked at.
    """
    if (job := await _job_named(interaction, history, message)) is not None:
        return job
    answered = message.reference
    if _is_ours(interaction, message) and answered is not None and answered.message_id is not None:
        card = await _fetch(interaction, answered.channel_id, answered.message_id)
        if card is not None and (job := await _job_named(interaction, history, card)) is not None:
            return job
    raise NoJobInMessage


async def job_of_link(interaction: Interaction, history: JobHistory, link: MessageLink) -> Job:
    """Give the job of this server that a linked message is about; raises `NoJobInMessage`."""
    if link.guild_id != interaction.guild_id:
        raise NoJobInMessage
    message = await _fetch(interaction, link.channel_id, link.message_id)
    if message is None:
        raise NoJobInMessage
    return await job_of_message(interaction, history, message)


def jobs_named_in(message: discord.Message) -> Iterator[str]:
    """Name what may be the job of a message of ours, the likeliest first: its small line, its files, its buttons."""
    if found := _LAST_WORD.search(small_line(message)):
        yield found["job"]
    for name in sorted(names_shown(message) | {file.filename for file in message.attachments}):
        if found := _FILE.match(name):
            yield found["job"]
    for custom_id in custom_ids_in(message):
        if found := _CUSTOM_ID.match(custom_id):
            yield found["job"]


async def _job_named(interaction: Interaction, history: JobHistory, message: discord.Message) -> Job | None:
    if not _is_ours(interaction, message):
        return None
    for job_id in dict.fromkeys(jobs_named_in(message)):
        try:
            return await history.find_even_erased(interaction.guild_id, job_id)
        except CannotShow:
            continue
    return None


def _is_ours(interaction: Interaction, message: discord.Message) -> bool:
    me = interaction.client.user
    return me is not None and message.author.id == me.id


async def _fetch(interaction: Interaction, channel_id: int, message_id: int) -> discord.Message | None:
    """Fetch a message; None where it is gone, or in a channel that the bot cannot read."""
    channel = interaction.client.get_partial_messageable(channel_id, guild_id=interaction.guild_id)
    try:
        return await channel.fetch_message(message_id)
    except discord.HTTPException as error:
        if error.status == 404 or error.code in UNREACHABLE:
            return None
        raise
