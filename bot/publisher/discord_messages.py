"""Requests about one job's messages, with the token that still works: the interaction's, or else the bot's."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import aiohttp
import discord
from discord.ui import LayoutView

from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.errors import CardError
from bot.ui.attachments import Upload

log = logging.getLogger(__name__)

TOKEN_SPARE_MS = 30_000
"""How long before its end an interaction token is no longer trusted."""

SEARCHED = 300
"""How many of a channel's newest messages are looked through for one of ours."""

BASE_FILE_LIMIT = 10 * 1024 * 1024
"""Bytes per file that every server accepts (discord.md, section 2)."""

UNKNOWN_MESSAGE = 10008
TOO_LARGE = 40005
INVALID_FORM = 50035
ARCHIVED = 50083

UNREACHABLE_CODES = frozenset({10003, 10004, 50001, 50013, ARCHIVED})
"""Error codes after which the bot cannot reach the channel: it is gone or locked, or access or permission is."""

DISCORD_ERRORS = (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError)
"""What a request to Discord may raise; a dropped connection is no discord.py exception (discord.md, section 4)."""

T = TypeVar("T")
Attachments = Sequence[discord.Attachment | discord.File]
MessageFilter = Callable[[discord.Message], bool]


class CardApi:
    """Carry requests to Discord; views and files are asked for anew for each try, because sending uses them up."""

    def __init__(self, client: discord.Client, clock: Clock, is_turn_sure: Callable[[], bool] = lambda: True) -> None:
        self._client = client
        self._clock = clock
        self._is_turn_sure = is_turn_sure

    def token_lasts(self, job: Job) -> bool:
        """Tell whether the interaction's token may be used."""
        return job.token is not None and self._clock() < job.token_until_ms - TOKEN_SPARE_MS

    def file_limit(self, job: Job) -> int:
        """Tell how large one file may be, in bytes: a member's own limit counts as long as the token is used."""
        if self.token_lasts(job):
            return job.file_limit
        guild = self._client.get_guild(job.guild_id)
        return guild.filesize_limit if guild is not None else BASE_FILE_LIMIT

    async def edit(
        self, job: Job, view: Callable[[], LayoutView], attachments: Callable[[], Attachments], *, wake: bool
    ) -> discord.Message:
        """Edit a job's card; `wake` brings an archived thread back for it."""
        self._check_turn()
        if self.token_lasts(job):
            try:
                return await self._webhook(job).edit_message(
                    job.message_id or 0, view=view(), attachments=attachments()
                )
            except discord.HTTPException as error:
                if not is_token_over(error):
                    raise
                log.info("job %s: its token ended before its time", job.id)

        def by_bot() -> Awaitable[discord.Message]:
            return self._partial(job).edit(view=view(), attachments=attachments())

        return await (self._unarchived(job, by_bot) if wake else by_bot())

    async def send(
        self, job: Job, view: Callable[[], LayoutView], uploads: Sequence[Upload], nonce: str, *, reply: bool
    ) -> discord.Message:
        """Send a new message to a job's channel, alone or as a reply to its card; the nonce keeps a repeat single."""
        self._check_turn()

        def by_bot() -> Awaitable[discord.Message]:
            files = [upload.file() for upload in uploads]
            if reply and job.message_id is not None:
                card = self._partial(job).to_reference(fail_if_not_exists=False)
                return self._channel(job).send(view=view(), files=files, nonce=nonce, reference=card)
            return self._channel(job).send(view=view(), files=files, nonce=nonce)

        return await self._unarchived(job, by_bot)

    async def fetch(self, job: Job) -> discord.Message:
        """Fetch a job's card."""
        if self.token_lasts(job):
            try:
                return await self._webhook(job).fetch_message(job.message_id or 0)
            except discord.HTTPException as error:
                if not is_token_over(error):
                    raise
        return await self._partial(job).fetch()

    async def delete(self, job: Job) -> None:
        """Delete one of a job's messages, in an archived thread too."""
        self._check_turn()
        if self.token_lasts(job):
            try:
                await self._webhook(job).delete_message(job.message_id or 0)
            except discord.HTTPException as error:
                if not is_token_over(error):
                    raise
                log.info("job %s: its token ended before its time", job.id)
            else:
                return
        await self._unarchived(job, self._partial(job).delete)

    async def search(self, job: Job, wanted: MessageFilter) -> list[discord.Message]:
        """Find messages of ours among the channel's newest, newest first."""
        me = self._client.user
        after = discord.Object(job.message_id) if job.message_id is not None else None
        return [
            message
            async for message in self._channel(job).history(limit=SEARCHED, after=after, oldest_first=False)
            if me is not None and message.author.id == me.id and wanted(message)
        ]

    async def tell_privately(
        self, job: Job, sentence: str, buttons: discord.ui.View | None = None, *, keep_card: bool = False
    ) -> None:
        """Take the public answer back, unless it is to stay, and tell only the requester, with what they can do."""
        self._check_turn()
        webhook = self._webhook(job)
        try:
            if not keep_card:
                await webhook.delete_message(job.message_id or 0)
        except discord.NotFound:
            log.debug("job %s: its answer was gone already", job.id)
        await webhook.send(sentence, ephemeral=True, view=buttons or discord.utils.MISSING)

    def _check_turn(self) -> None:
        """Raise `CardError` where the card's turn may be another process's: what it has shown must not be covered."""
        if not self._is_turn_sure():
            raise CardError("its turn may be lost")

    async def _unarchived(self, job: Job, request: Callable[[], Awaitable[T]]) -> T:
        """Make a request, and once more after bringing back an archived thread that is not locked."""
        try:
            return await request()
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            thread = await self._client.fetch_channel(job.channel_id)
            if not isinstance(thread, discord.Thread) or thread.locked:
                raise
            await thread.edit(archived=False)
        log.info("job %s: its thread was archived and is brought back", job.id)
        return await request()

    def _webhook(self, job: Job) -> discord.Webhook:
        webhook = discord.Webhook.partial(self._client.application_id or 0, job.token or "", client=self._client)
        # An interaction's token is an application's webhook; only those may send what one member alone sees.
        webhook.type = discord.WebhookType.application
        return webhook

    def _channel(self, job: Job) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)

    def _partial(self, job: Job) -> discord.PartialMessage:
        return self._channel(job).get_partial_message(job.message_id or 0)


def is_token_over(error: discord.HTTPException) -> bool:
    """Tell whether Discord knows an interaction token no more (discord.md, section 1: 401 with code 50027)."""
    return error.status == 401 or error.code in (50027, 10015)


def is_too_large(error: discord.HTTPException) -> bool:
    """Tell whether Discord found a file or a whole request too large."""
    return error.status == 413 or error.code == TOO_LARGE


def is_invalid_form(error: discord.HTTPException) -> bool:
    """Tell whether Discord found the body itself wrong, as it does where gallery files cannot be added by an edit."""
    return error.status == 400 and error.code == INVALID_FORM


def is_gone(error: discord.HTTPException) -> bool:
    """Tell whether the message was deleted."""
    return error.status == 404 and error.code == UNKNOWN_MESSAGE
