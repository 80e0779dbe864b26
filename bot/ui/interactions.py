"""Read who asks from an interaction, and answer them alone."""

import asyncio
import logging
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Protocol, cast

import aiohttp
import discord
from discord import app_commands
from discord.ui import View

from bot.domain.blocks import OWN_SOURCES
from bot.domain.params import ImageUpload
from bot.errors import Blocked, DatabaseError, NotAllowed, NotInServer, NotInstalled, Refused
from bot.log import name_in_lines
from bot.services.blocks import Blocks
from bot.services.requests import DeferredReply, Requester
from bot.ui.text.errors import describe_error, describe_error_code
from bot.ui.text.format import join_list, join_sentences
from bot.ui.text.permissions import permission_name
from bot.ui.text.replies import kept_words
from bot.ui.text.translate import speak

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]

ACKNOWLEDGED = 40060
NOT_OURS = frozenset({10062, ACKNOWLEDGED})
"""Discord's codes for an answer that came after 3 seconds, and for one that another process has given."""

FORM_SECONDS = 0.5
"""How long a form waits to hear whether its member is blocked; it must open within 3 s (discord.md, section 1)."""

TYPED_NAME = "typed.txt"
"""The name of the file that gives back what somebody typed."""

UNHEARD = (aiohttp.ClientError, TimeoutError)
"""What is raised when Discord's answer does not come."""


class BlockingClient(Protocol):
    """Be the client that knows who is blocked."""

    blocks: Blocks


def begin(interaction: Interaction) -> None:
    """Write in the member's language, and let the log say whom it is about; each interaction has a task of its own."""
    name_in_lines(member=interaction.user.id, guild=interaction.guild_id)
    speak(interaction.locale.value)


def requester_from(interaction: Interaction) -> Requester:
    """Gather who asks, where, and what the payload says about both."""
    return Requester(
        request_id=str(interaction.id),
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,
        user_id=interaction.user.id,
        roles=roles_of(interaction.user),
        file_limit=interaction.filesize_limit,
        missing_permissions=_missing_permissions(interaction),
        parent_channel_id=interaction.channel.parent_id if isinstance(interaction.channel, discord.Thread) else None,
        locale=interaction.locale.value,
    )


def image_upload_from(attachment: discord.Attachment) -> ImageUpload:
    """Read an attached image as the payload claims it."""
    return ImageUpload(attachment.url, attachment.filename, attachment.size, attachment.content_type)


def roles_of(person: discord.User | discord.Member) -> tuple[int, ...]:
    """Give the ids of a member's roles; a person who is not in the server has none."""
    if not isinstance(person, discord.Member):
        return ()
    # As the payload says: `roles` leaves out those that the cache does not know yet, after a start or an outage.
    return tuple(person._roles)  # pyright: ignore[reportPrivateUsage]  # there is no public way to the raw ids


def guild_of(interaction: Interaction) -> int:
    """Give the server's id; raise `NotInServer` for a direct message."""
    if interaction.guild_id is None:
        raise NotInServer
    return interaction.guild_id


def check_installation(interaction: Interaction) -> None:
    """Raise `NotInstalled` for what a member brought along: credits are a server's, and it has not let the bot in."""
    if interaction.is_user_integration() and not interaction.is_guild_integration():
        raise NotInstalled


async def check_blocked(interaction: Interaction) -> None:
    """Raise `Blocked` for a member who is; the first answer goes before, as it asks the database."""
    if interaction.guild_id is not None:
        blocks = cast(BlockingClient, interaction.client).blocks
        await blocks.check(interaction.guild_id, interaction.user.id, roles_of(interaction.user))


async def check_own_block(interaction: Interaction) -> None:
    """Do the same, but for a block that means this member alone."""
    try:
        await check_blocked(interaction)
    except Blocked as blocked:
        if blocked.source in OWN_SOURCES:
            raise


async def check_blocked_in_time(interaction: Interaction) -> None:
    """Do the same before a form or suggestions, which are the first answer themselves.

    Where the database does not tell in time, whoever it is goes on: what comes of it is checked again.
    """
    try:
        async with asyncio.timeout(FORM_SECONDS):
            await check_blocked(interaction)
    except (TimeoutError, DatabaseError) as error:
        log.warning("interaction %s: nobody knows in time who is blocked: %r", interaction.id, error)


async def answer(interaction: Interaction, sentence: str, files: Sequence[discord.File] = ()) -> None:
    """Fill a deferred answer, and put files below it."""
    await interaction.edit_original_response(
        content=sentence, attachments=files or discord.utils.MISSING, allowed_mentions=discord.AllowedMentions.none()
    )


async def defer_private(interaction: Interaction, *, open_to_blocked: bool = False) -> DeferredReply:
    """Answer with words to come that the requester alone sees; then raise `Blocked` for those who are."""
    promised = await interaction.response.defer(ephemeral=True, thinking=True)
    if not open_to_blocked:
        await check_blocked(interaction)
    return _deferred(interaction, promised.message_id if promised is not None else None)


async def defer_update(interaction: Interaction, *, open_to_blocked: bool = False) -> DeferredReply:
    """Answer that the message of a button is to change; then raise `Blocked` for those who are."""
    await interaction.response.defer()
    if not open_to_blocked:
        await check_blocked(interaction)
    return _deferred(interaction, interaction.message.id if interaction.message is not None else None)


async def defer_card(interaction: Interaction) -> DeferredReply:
    """Answer with a card to come, before anything else is done; then raise `Blocked` for those who are."""
    promised = await interaction.response.defer(thinking=True)
    await check_blocked(interaction)
    return _deferred(interaction, promised.message_id if promised is not None else None)


def _deferred(interaction: Interaction, message_id: int | None) -> DeferredReply:
    return DeferredReply(
        message_id=message_id,
        token=interaction.token,
        until_ms=int(interaction.expires_at.timestamp() * 1000),
        locale=interaction.locale.value,
    )


async def say_privately(interaction: Interaction, sentence: str, typed: str = "", view: View | None = None) -> None:
    """Answer so that only the requester sees it; a public promise that was made before is taken back.

    What was `typed` is given back as a text file: a message has less room than a form.
    """
    mentions = discord.AllowedMentions.none()
    files = [discord.File(BytesIO(typed.encode()), TYPED_NAME)] if typed else []
    shown = view if view is not None else discord.utils.MISSING
    if not interaction.response.is_done():
        await interaction.response.send_message(
            sentence, ephemeral=True, allowed_mentions=mentions, files=files, view=shown
        )
        return
    if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.delete_original_response()
    await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=mentions, files=files, view=shown)


async def report(
    interaction: Interaction, error: Exception, typed: str = "", buttons: discord.ui.View | None = None
) -> None:
    """Tell the requester what went wrong in one sentence, and the log what only an admin can mend.

    What was `typed` at length is given back, so that nobody types it twice; `buttons` are what can be done about it.
    """
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, app_commands.MissingPermissions):
        cause = NotAllowed(join_list(map(permission_name, cause.missing_permissions)))
    if isinstance(cause, app_commands.NoPrivateMessage):
        sentence = describe_error_code("not_in_server")
    elif isinstance(cause, app_commands.TransformerError):
        sentence = describe_error_code("not_a_member")
    else:
        sentence = describe_error(cause)
        if isinstance(cause, discord.HTTPException) and cause.code in NOT_OURS:
            log.warning("interaction %s was answered by somebody else, or too late: %s", interaction.id, cause)
            return
        if interaction.client.is_closed():
            log.warning("interaction %s is left without an answer: the bot stops", interaction.id)
            return
        if isinstance(cause, UNHEARD):
            log.warning("interaction %s: the connection to Discord failed: %r", interaction.id, cause)
        elif not isinstance(cause, Refused):
            log.error("interaction %s failed", interaction.id, exc_info=cause)
    try:
        await _tell(interaction, join_sentences(sentence, kept_words()) if typed else sentence, cause, typed, buttons)
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as unsaid:
        log.warning("interaction %s could not be answered: %s", interaction.id, unsaid)


async def _tell(
    interaction: Interaction, sentence: str, cause: Exception, typed: str, buttons: discord.ui.View | None
) -> None:
    try:
        await say_privately(interaction, sentence, typed, buttons)
    except discord.HTTPException as refused:
        if refused.code != ACKNOWLEDGED or not isinstance(cause, UNHEARD):
            raise
        # Discord has taken our promise, only its answer was lost.
        await interaction.delete_original_response()
        await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=discord.AllowedMentions.none())


def _missing_permissions(interaction: Interaction) -> tuple[str, ...]:
    """Name what the bot lacks in this channel to show a card with films on it."""
    may = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    needed = {
        "view_channel": may.view_channel,
        "send_messages_in_threads" if in_thread else "send_messages": (
            may.send_messages_in_threads if in_thread else may.send_messages
        ),
        "attach_files": may.attach_files,
    }
    return tuple(permission_name(permission) for permission, has in needed.items() if not has)
