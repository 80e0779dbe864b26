"""Films are replies to their cards, found again where nobody saw them sent, and smaller or linked where too large."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.domain.film import Film, Part
from bot.domain.job import Job, Kind
from bot.errors import CardError, FilmNotPosted, FilmTooLarge
from bot.media import FileStore, Transcoder
from bot.publisher.attachment_batches import AttachmentBatcher
from bot.publisher.discord_messages import CardApi
from bot.publisher.film_messages import FilmMessages
from bot.publisher.readers import Readers
from bot.services.clip_links import ClipLinks
from sandbox.discord import Message, Permission
from tests.support.clock import clock_of
from tests.support.in_process_bot import Server
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 2**20


class Shrinking(Transcoder):
    """Make a file of any size, or none."""

    size: int | None = None

    async def shrink(self, source: Path, limit: int, to: Path) -> bool:
        if self.size is None or self.size > limit:
            return False
        await asyncio.to_thread(to.write_bytes, bytes(self.size))
        return True


@dataclass
class Filming:
    """Hold a server, and what posts its films."""

    server: Server
    media: FileStore
    links: ClipLinks
    transcoder: Shrinking
    messages: FilmMessages

    async def film(self, size: int = 10) -> tuple[Film, list[Part], Message]:
        """Give a joined film that is posted nowhere, its parts, and the card of the last one."""
        server, sent = self.server, [await self.server.leo.say(self.server.channel, "a card") for _ in range(2)]
        place = {"user": server.mira.id, "guild": server.guild.id, "channel_id": server.channel.id, "token": None}
        first = await server.db.done(**place, message_id=sent[0].id)
        last = await server.db.done(
            **place, message_id=sent[1].id, kind=Kind.EXTEND, parent_job_id=first.id, parent_slot=1
        )
        name = await self.media.keep(f"{last.id}/film1.mp4", bytes(size))
        film = Film(last.id, 0, server.mira.id, 0, server.db.now, None, None, name, 2, 9.6, size)
        return film, [Part(await self._as_kept(first), 1), Part(await self._as_kept(last), 0)], sent[1]

    async def _as_kept(self, job: Job) -> Job:
        return await self.server.db.get(job.id)

    def posted(self) -> list[Message]:
        return [one for one in self.server.channel.messages if one.text.startswith("**Film of")]


@pytest.fixture
def filming(publishing: Publishing) -> Filming:
    return filming_with(publishing, None)


def filming_with(publishing: Publishing, public_url: str | None) -> Filming:
    server, transcoder = publishing.server, Shrinking()
    links = ClipLinks(server.db.store, publishing.media, public_url)
    clock = clock_of(lambda: server.db.now)
    messages = FilmMessages(
        server.client,
        CardApi(server.client, clock),
        AttachmentBatcher(publishing.media, transcoder),
        links,
        Readers(server.db.store.locales),
        clock,
    )
    return Filming(server, publishing.media, links, transcoder, messages)


async def test_a_film_replies_to_its_card_and_leads_to_its_parts(filming: Filming) -> None:
    film, parts, card = await filming.film()
    number = await filming.messages.post(film, parts)
    [message] = filming.posted()
    assert message.id == number
    assert message.reference is card
    assert "**Film of 2 parts, 10 s**" in message.text
    first, last = (
        f"https://discord.com/channels/{part.job.guild_id}/{part.job.channel_id}/{part.job.message_id}"
        for part in parts
    )
    assert f"-# Parts: [1]({first}), [2]({last})\n-# up to {film.job_id}#1" in message.text
    [media] = message.media
    assert (media.filename, media.size) == (f"animatic-{film.job_id}-film1.mp4", 10)
    assert media.description == "Film of 2 parts, 10 s"


async def test_a_film_is_found_by_what_was_written_down_or_by_its_words(filming: Filming) -> None:
    film, parts, _ = await filming.film()
    assert await filming.messages.find(film, parts) is None
    number = await filming.messages.post(film, parts)
    assert await filming.messages.find(film, parts) == number
    known = replace(film, channel_id=filming.server.channel.id, message_id=number)
    assert await filming.messages.find(known, parts) == number
    assert await filming.messages.find(replace(film, slot=1), parts) is None
    filming.server.discord.moderator_deletes(filming.posted()[0])
    assert await filming.messages.find(known, parts) is None


async def test_the_same_wish_is_posted_once_and_another_one_again(filming: Filming) -> None:
    film, parts, _ = await filming.film()
    assert await filming.messages.post(film, parts) == await filming.messages.post(film, parts)
    assert await filming.messages.post(replace(film, asked_ms=film.asked_ms + 1), parts) not in (None, 0)
    assert len(filming.posted()) == 2


async def test_a_film_with_a_hidden_part_is_hidden(filming: Filming) -> None:
    film, parts, _ = await filming.film()
    parts[0] = replace(parts[0], job=replace(parts[0].job, spoiler=1))
    since = len(filming.server.discord.requests)
    await filming.messages.post(film, parts)
    [request] = [one for one in filming.server.discord.requests[since:] if one.method == "POST"]
    gallery = request.body["components"][0]["components"][1]
    assert gallery["items"][0]["spoiler"] is True


async def test_a_film_that_is_too_large_is_sent_smaller(filming: Filming) -> None:
    film, parts, _ = await filming.film(11 * MIB)
    filming.transcoder.size = 5 * MIB
    await filming.messages.post(film, parts)
    assert filming.posted()[0].media[0].size == 5 * MIB
    assert await filming.media.has(f"{film.job_id}/film1.small.mp4")
    assert not await filming.media.has(f"{film.job_id}/1.small.mp4")


async def test_one_that_cannot_be_made_smaller_is_linked_where_we_can_be_reached(publishing: Publishing) -> None:
    filming = filming_with(publishing, "https://films.example")
    film, parts, _ = await filming.film(11 * MIB)
    await filming.messages.post(film, parts)
    link = filming.links.film_link(parts[-1].job, 0)
    [message] = filming.posted()
    assert f"The film is 11 MiB, too large for this chat: [watch it here]({link})" in message.text
    assert message.media == []
    assert link is not None
    assert link.startswith(f"https://films.example/films/{film.job_id}/film1/")
    assert await filming.messages.find(film, parts) == message.id
    secret = link.rsplit("/", 1)[1].removesuffix(".mp4")
    assert await filming.links.find_film(film.job_id, 1, secret) is None
    await filming.server.db.store.films.ask(film)
    await filming.server.db.store.films.joined(film)
    assert await filming.links.find_film(film.job_id, 1, secret) == filming.media.path(film.media_file or "")
    assert await filming.links.find_film(film.job_id, 1, "0" * 40) is None
    assert await filming.links.find(film.job_id, 1, secret) is None


async def test_one_that_cannot_be_shown_at_all_is_refused(filming: Filming) -> None:
    film, parts, _ = await filming.film(11 * MIB)
    with pytest.raises(FilmTooLarge):
        await filming.messages.post(film, parts)
    assert filming.posted() == []


async def test_a_channel_out_of_reach_is_refused_and_what_may_pass_is_raised(filming: Filming) -> None:
    film, parts, _ = await filming.film()
    server = filming.server
    server.discord.faults.reset("POST", f"/channels/{server.channel.id}/messages")
    with pytest.raises(CardError):
        await filming.messages.post(film, parts)
    server.channel.set_overwrite(server.discord.bot_user, deny=Permission.VIEW_CHANNEL)
    with pytest.raises(FilmNotPosted) as refused:
        await filming.messages.post(film, parts)
    assert str(server.channel.id) in refused.value.link


async def test_who_wants_it_is_told_as_long_as_their_answer_can_be_filled(filming: Filming) -> None:
    _, parts, _ = await filming.film()
    server, last = filming.server, parts[-1]
    asked = await server.mira.slash(server.channel, "film", job=last.job.id, clip=1)
    film = None
    async with asyncio.timeout(10):
        while film is None:
            film = await server.db.store.films.get(last.job.id, 0)
    reply = asked.message
    assert reply is not None
    assert (film.answer_id, film.user_id) == (reply.id, server.mira.id)
    late = replace(film, token_until_ms=server.db.now + 1000)
    await filming.messages.tell_failure(late, FilmTooLarge())
    assert reply.thinking
    await filming.messages.tell_posted(replace(film, channel_id=5, message_id=6), parts)
    assert reply.text == f"The film is here: https://discord.com/channels/{server.guild.id}/5/6"
    await filming.messages.tell_failure(film, FilmTooLarge())
    assert reply.text.startswith("The film is joined, but it is too large for this chat, and I have no other way")
    server.discord.knobs.token_seconds = 0
    await filming.messages.tell_posted(film, parts)
    server.discord.knobs.token_seconds = 900
    assert reply.text.startswith("The film is joined, but")
