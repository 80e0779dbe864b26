"""Shared results and weeks' best in their channel: posted, found again, drawn anew, taken down, and their stars."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import discord

from bot.domain.clock import Clock
from bot.domain.job import Clip, Job
from bot.domain.showcase import DAY_MS, FILM, STAR, Redrawn, Share, ShowcaseWeek
from bot.errors import CannotShare, CardError
from bot.publisher.attachment_batches import AttachmentBatcher, SizeLimits
from bot.publisher.discord_messages import (
    DISCORD_ERRORS,
    SEARCHED,
    UNKNOWN_MESSAGE,
    UNREACHABLE_CODES,
    CardApi,
    is_too_large,
)
from bot.publisher.readers import Readers
from bot.publisher.told_answers import AnswerTeller
from bot.services.clip_links import ClipLinks
from bot.services.showcase import share_link
from bot.ui.attachments import Upload
from bot.ui.showcase import (
    ShownShare,
    draw_best,
    draw_share,
    is_best,
    is_share,
    is_up_to_date,
    share_name,
    shown_again,
)
from bot.ui.text import showcase as text
from bot.ui.text.errors import describe_error
from bot.ui.text.translate import speaking

_NONCE_DIGITS = 10**8
_GUILD_DIGITS = 10**12

GONE_CODES = frozenset({10003, 10004, UNKNOWN_MESSAGE})
"""Discord's codes for a channel, a server and a message that are not there any more."""

SEARCH_SPARE_MS = 3 * DAY_MS
"""How far before the moment when something may have been sent it is looked for: it was tried for two days."""


class ShowcaseMessages:
    """Carry what belongs into showcases to Discord; each raises `CardError` for what may pass."""

    def __init__(
        self,
        client: discord.Client,
        card_api: CardApi,
        batcher: AttachmentBatcher,
        clip_links: ClipLinks,
        readers: Readers,
        clock: Clock,
    ) -> None:
        self._readers = readers
        self._client = client
        self._card_api = card_api
        self._batcher = batcher
        self._clip_links = clip_links
        self._teller = AnswerTeller(client, clock)

    async def find(self, share: Share) -> int | None:
        """Give the message of a result that a try may have posted which nobody saw end; None when there is none."""
        return await self._search(share, share.shared_ms, lambda message: is_share(message, share))

    async def post(self, share: Share, job: Job, clip: Clip) -> int:
        """Post a result, made smaller or as a link where it is too large, and give the message.

        Raises `CannotShare` for what stays so.
        """
        there, size_limits = replace(job, channel_id=share.channel_id, token=None), SizeLimits()
        while True:
            limit = self._card_api.file_limit(there)
            async with self._batcher.batch(there, [clip], limit, size_limits) as uploads:
                try:
                    number = await self._send(share, there, job, clip, uploads[0].upload if uploads else None)
                except discord.HTTPException as error:
                    if error.code in UNREACHABLE_CODES:
                        raise CannotShare("no_channel") from error
                    if not is_too_large(error) or not uploads:
                        raise CardError(str(error)) from error
                    size_limits.learn(uploads)
                except DISCORD_ERRORS as error:
                    raise CardError(repr(error)) from error
                else:
                    return number

    async def draw_anew(self, share: Share, job: Job) -> Redrawn:
        """Show a posted result as its job is now, where its message is not gone; a closed channel may open again."""
        try:
            message = await self._message(share).fetch()
            with speaking(await self._readers.server(share.guild_id)):
                if not is_up_to_date(message, share, job):
                    await message.edit(view=draw_share(shown_again(message, share, job)))
        except DISCORD_ERRORS as error:
            self._check_gone(error)
            return Redrawn.DELETED if _code_of(error) == UNKNOWN_MESSAGE else Redrawn.NO_CHANNEL
        return Redrawn.SHOWN

    async def take_down(self, share: Share) -> None:
        """Delete the message of a result; one that is gone is done with, a channel that is closed may open again."""
        try:
            await self._message(share).delete()
        except DISCORD_ERRORS as error:
            self._check_gone(error)

    async def stars(self, share: Share) -> int | None:
        """Count the members who starred a result, its maker and bots left out; None where its message is gone.

        The message says how many there are, which needs no intent for message content.
        """
        try:
            message = await self._message(share).fetch()
            given = next((one for one in message.reactions if _is_star(one)), None)
            if given is None or given.count <= int(given.me):
                return 0
            return len([user.id async for user in given.users(limit=None) if not user.bot and user.id != share.user_id])
        except DISCORD_ERRORS as error:
            self._check_gone(error)
            return None

    async def find_best(self, week: ShowcaseWeek, channel_id: int) -> int | None:
        """Give the message of a week's best that a try may have posted; None when there is none."""
        place = replace(week, channel_id=channel_id)
        return await self._search(place, week.due_ms or 0, lambda message: is_best(message, week.week))

    async def post_best(self, week: ShowcaseWeek, channel_id: int, best: Sequence[tuple[Share, Job]]) -> int | None:
        """Post a week's best, and give the message; None where the channel cannot be reached any more."""
        nonce = f"best{week.guild_id % _GUILD_DIGITS}{week.week}"
        channel = self._client.get_partial_messageable(channel_id, guild_id=week.guild_id)
        try:
            with speaking(await self._readers.server(week.guild_id)):
                return (await channel.send(view=draw_best(week.week, best), nonce=nonce)).id
        except DISCORD_ERRORS as error:
            if _code_of(error) not in UNREACHABLE_CODES:
                raise CardError(repr(error)) from error
            return None

    async def redraw_best(self, week: ShowcaseWeek, best: Sequence[tuple[Share, Job]]) -> bool:
        """Leave out of a week's best what was taken down, and delete the message with the last one.

        False once there is no message.
        """
        try:
            message = self._message(week)
            if not best:
                await message.delete()
                return False
            with speaking(await self._readers.server(week.guild_id)):
                await message.edit(view=draw_best(week.week, best))
        except DISCORD_ERRORS as error:
            self._check_gone(error)
            return False
        return True

    async def tell_shared(self, share: Share) -> None:
        """Tell who shares a result where it is, if their answer can still be filled."""
        with speaking(share.locale):
            await self._tell(share, text.shared(share_link(share)))

    async def tell_failure(self, share: Share, error: Exception) -> None:
        """Tell them why it is not shared."""
        with speaking(share.locale):
            await self._tell(share, describe_error(error))

    async def _send(self, share: Share, there: Job, job: Job, clip: Clip, file: Upload | None) -> int:
        link = None if file is not None else self._link(share, job)
        if file is None and link is None:
            raise CannotShare("too_large")
        named = replace(file, filename=share_name(share, Path(file.filename).suffix)) if file is not None else None
        with speaking(await self._readers.server(share.guild_id)):
            instead = text.too_large(clip.bytes or 0, link) if link is not None else ""
            shown = ShownShare(share, job, named.filename if named is not None else None, instead)
            return await self._post_shown(shown, there, [named] if named is not None else [])

    async def _post_shown(self, shown: ShownShare, there: Job, files: Sequence[Upload]) -> int:
        share = shown.share
        # A wish of its own has a nonce of its own: what was deleted meanwhile can be posted again.
        nonce = f"{share.job_id}s{share.slot}{share.shared_ms % _NONCE_DIGITS}"
        return (await self._card_api.send(there, lambda: draw_share(shown), files, nonce, reply=False)).id

    def _link(self, share: Share, job: Job) -> str | None:
        return self._clip_links.film_link(job, 0) if share.slot == FILM else self._clip_links.link(job, share.slot)

    async def begin_stars(self, share: Share) -> None:
        """Give the first star, which counts for nothing, so that members need no more than a click."""
        try:
            await self._message(share).add_reaction(STAR)
        except DISCORD_ERRORS:
            # Members can still find the star themselves.
            return

    async def _search(
        self, place: Share | ShowcaseWeek, from_ms: int, wanted: Callable[[discord.Message], bool]
    ) -> int | None:
        me = self._client.user
        after = datetime.fromtimestamp(max(0, from_ms - SEARCH_SPARE_MS) / 1000, UTC)
        channel = self._client.get_partial_messageable(place.channel_id or 0, guild_id=place.guild_id)
        try:
            async for message in channel.history(limit=SEARCHED, after=after, oldest_first=False):
                if me is not None and message.author.id == me.id and wanted(message):
                    return message.id
        except DISCORD_ERRORS as error:
            self._check_gone(error)
        return None

    def _message(self, place: Share | ShowcaseWeek) -> discord.PartialMessage:
        channel = self._client.get_partial_messageable(place.channel_id or 0, guild_id=place.guild_id)
        return channel.get_partial_message(place.message_id or 0)

    @staticmethod
    def _check_gone(error: Exception) -> None:
        """Raise `CardError` but for what is gone for good: that the bot may not read something is no sign of it."""
        if _code_of(error) not in GONE_CODES:
            raise CardError(repr(error)) from error

    async def _tell(self, share: Share, sentence: str) -> None:
        await self._teller.tell(
            sentence, answer_id=share.answer_id, token=share.token, until_ms=share.token_until_ms, job=share.job_id
        )


def _code_of(error: Exception) -> int | None:
    return error.code if isinstance(error, discord.HTTPException) else None


def _is_star(reaction: discord.Reaction) -> bool:
    """Leave out what only says that a character is to be drawn in colour."""
    return str(reaction.emoji).replace("\ufe0f", "") == STAR
