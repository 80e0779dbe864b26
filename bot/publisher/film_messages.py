"""Joined films in their channels: a reply to the card of the last part, and a word to whoever wanted it."""

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.domain.clock import Clock
from bot.domain.film import Film, Part
from bot.domain.job import Clip, Job, card_address, card_link
from bot.errors import CardError, FilmNotPosted, FilmTooLarge
from bot.publisher.attachment_batches import AttachmentBatcher, SizeLimits
from bot.publisher.discord_messages import (
    DISCORD_ERRORS,
    UNREACHABLE_CODES,
    CardApi,
    is_gone,
    is_too_large,
)
from bot.publisher.readers import Readers
from bot.publisher.told_answers import AnswerTeller
from bot.services.clip_links import ClipLinks
from bot.ui.attachments import Upload
from bot.ui.film import ShownFilm, draw_film, film_name, is_film
from bot.ui.text import films as text
from bot.ui.text.errors import describe_error
from bot.ui.text.translate import speaking

_NONCE_DIGITS = 10**8


class FilmMessages:
    """Post films once, and find those that are there."""

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
        self._card_api = card_api
        self._batcher = batcher
        self._clip_links = clip_links
        self._teller = AnswerTeller(client, clock)

    async def find(self, film: Film, parts: Sequence[Part]) -> int | None:
        """Give the message that shows a film already, as was written down or as a try sent it that nobody saw end.

        None when there is none, or it was deleted; raises `CardError` for what may pass.
        """
        job = _as_bot(parts[-1].job)
        try:
            if film.message_id is not None and film.channel_id is not None:
                there = replace(job, channel_id=film.channel_id, message_id=film.message_id)
                return (await self._card_api.fetch(there)).id
            found = await self._card_api.search(job, lambda message: is_film(message, film.job_id, film.slot))
            return found[0].id if found else None
        except discord.HTTPException as error:
            if is_gone(error) or error.code in UNREACHABLE_CODES:
                return None
            raise CardError(str(error)) from error
        except DISCORD_ERRORS as error:
            raise CardError(repr(error)) from error

    async def post(self, film: Film, parts: Sequence[Part]) -> int:
        """Reply with a film to its card, made smaller or as a link where it is too large, and give the message's id.

        Raises `FilmTooLarge`, `FilmNotPosted`, and `CardError` for what may pass.
        """
        job, size_limits = _as_bot(parts[-1].job), SizeLimits()
        file = Clip(job.id, film.slot, "", film.media_file, bytes=film.bytes)
        while True:
            limit = self._card_api.file_limit(job)
            async with self._batcher.batch(job, [file], limit, size_limits) as uploads:
                small = replace(uploads[0].upload, filename=film_name(job.id, film.slot)) if uploads else None
                try:
                    return await self._send(film, parts, job, small)
                except discord.HTTPException as error:
                    if error.code in UNREACHABLE_CODES:
                        raise FilmNotPosted(card_link(job)) from error
                    if not is_too_large(error) or not uploads:
                        raise CardError(str(error)) from error
                    size_limits.learn(uploads)
                except DISCORD_ERRORS as error:
                    raise CardError(repr(error)) from error

    async def tell_posted(self, film: Film, parts: Sequence[Part]) -> None:
        """Tell who wants it where it is, if their answer can still be filled."""
        job = parts[-1].job
        with speaking(film.locale):
            await self._tell(film, text.posted(card_address(job.guild_id, film.channel_id or 0, film.message_id)))

    async def tell_failure(self, film: Film, error: Exception) -> None:
        """Tell them why there is none."""
        with speaking(film.locale):
            await self._tell(film, describe_error(error))

    async def _send(self, film: Film, parts: Sequence[Part], job: Job, file: Upload | None) -> int:
        link = None if file is not None else self._clip_links.film_link(job, film.slot)
        if file is None and link is None:
            raise FilmTooLarge
        shown = ShownFilm(
            film.job_id,
            film.slot,
            len(parts),
            film.seconds or 0,
            [card_link(part.job) for part in parts],
            filename=file.filename if file is not None else None,
            link=link,
            bytes=film.bytes or 0,
            spoiler=any(part.job.spoiler for part in parts),
        )
        # A wish of its own has a nonce of its own: what was deleted meanwhile is posted again.
        nonce = f"{film.job_id}f{film.slot}{film.asked_ms % _NONCE_DIGITS}"
        files = [file] if file is not None else []
        with speaking(await self._readers.server(job.guild_id)):
            return (await self._card_api.send(job, lambda: draw_film(shown), files, nonce, reply=True)).id

    async def _tell(self, film: Film, sentence: str) -> None:
        """Fill the answer of whoever wants a film; who cannot be told any more has the film all the same."""
        await self._teller.tell(
            sentence, answer_id=film.answer_id, token=film.token, until_ms=film.token_until_ms, job=film.job_id
        )


def _as_bot(job: Job) -> Job:
    """Leave out the interaction's token: a film is the bot's own message, within its own limits."""
    return replace(job, token=None)
