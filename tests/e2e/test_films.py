"""The film so far: a chain of clips joined into one, by its button and by /film, once, whatever happens meanwhile."""

import asyncio
import shutil
from pathlib import Path

import pytest

from sandbox.discord import Message
from tests.e2e.support.delivery import overridden
from tests.e2e.support.guild import Server, button, create_server, finished, gallery, job_id
from tests.e2e.test_restart import hasten
from tests.support.films import distance, frames_of
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECONDS = 5
CLOSE = 8.0
"""How far two images of a plain colour may be apart that went through a codec; the clips' colours are much farther."""


async def chain_of(server: Server, *clips: int) -> list[Message]:
    """Have a film made, and each of these clips of the one before extended; gives all cards."""
    cards = [await server.finished_video(clips=2)]
    for clip in clips:
        before = cards[-1]
        cards.append(await finished(await server.mira.click(before, button(before, clip, "low")), clips=2))
    return cards


def films(server: Server) -> list[Message]:
    return [message for message in server.messages if message.text.startswith("**Film of")]


async def posted(server: Server) -> Message:
    """Wait for the one film that is posted."""
    discord = server.sandbox.discord
    await discord.wait_for(lambda: bool(films(server)), 30, lambda: "no film")
    [film] = films(server)
    return film


async def joined_by_button(server: Server, card: Message, clip: int) -> tuple[Message, str]:
    """Click the button and then a clip; gives the film and what the member alone is told."""
    question = await (await server.mira.click(card, f"film:{job_id(card)}")).private_reply(10)
    await question.until(lambda message: bool(message.buttons), 10)
    await server.mira.click(question, f"film:{job_id(card)}:{clip}")
    film = await posted(server)
    await question.until(lambda message: not message.buttons, 10)
    return film, question.text


async def assert_is_whole(film: Message, parts: list[Path], folder: Path) -> None:
    """Hold the first and the last frame of each part against the film's at that moment."""
    [media] = gallery(film)
    path = folder / "posted.mp4"
    path.write_bytes(media.data)
    shown = [image for _, image in frames_of(path)]
    each = len(shown) // len(parts)
    assert len(shown) == each * len(parts)
    for number, part in enumerate(parts):
        own = [image for _, image in frames_of(part)]
        assert len(own) == each
        assert distance(shown[number * each], own[0]) < CLOSE
        assert distance(shown[number * each + each - 1], own[-1]) < CLOSE
    assert distance(shown[0], shown[each]) > CLOSE


async def test_a_chain_is_joined_below_its_card_and_made_once(server: Server, tmp_path: Path) -> None:
    folder = server.sandbox.folder
    cards = await chain_of(server, 2, 1)
    assert f"Part 3: [start]({cards[0].link}) > [clip 2]({cards[1].link}) > clip 1" in cards[2].text
    assert f"Part 2: [start]({cards[0].link}) > clip 2" in cards[1].text
    assert "Part" not in cards[0].text
    assert not any("film" in (one.custom_id or "") for one in cards[0].buttons)
    before, submits = await server.credits(), server.sandbox.provider.submits

    film, told = await joined_by_button(server, cards[2], 2)

    assert "**Film of 3 parts, 15 s**" in film.text
    assert all(f"[{number}]({card.link})" in film.text for number, card in enumerate(cards, 1))
    assert film.reference is cards[2]
    assert film.author is server.sandbox.discord.bot_user
    assert told == f"The film is here: {film.link}"
    kept = [folder / "media" / job_id(card) / f"{clip}.mp4" for card, clip in zip(cards, (2, 1, 2), strict=True)]
    await assert_is_whole(film, kept, tmp_path)

    again = await server.leo.slash(server.channel, "film", job=job_id(cards[2]), clip=2)
    assert await server.private_text(again) == told
    assert films(server) == [film]

    server.sandbox.discord.moderator_deletes(film)
    made = (folder / "media" / job_id(cards[2]) / "film2.mp4").stat()
    await server.private_text(await server.leo.slash(server.channel, "film", job=job_id(cards[2]), clip=2))
    new = await posted(server)
    assert gallery(new)[0].size == made.st_size
    assert (folder / "media" / job_id(cards[2]) / "film2.mp4").stat() == made
    assert (await server.credits(), server.sandbox.provider.submits) == (before, submits)


async def test_two_members_at_once_have_one_film(server: Server) -> None:
    card = (await chain_of(server, 1))[-1]
    asked = [await who.slash(server.channel, "film", job=job_id(card), clip=1) for who in (server.mira, server.leo)]
    told = await asyncio.gather(*(server.private_text(one) for one in asked))
    film = await posted(server)
    assert told[0] == f"The film is here: {film.link}"
    assert told[1] in (told[0], f"This film is being joined just now. It will appear below its card: {card.link}")


async def test_one_clip_is_a_film_already(server: Server) -> None:
    card = await server.finished_video(clips=1)
    told = await server.private_text(await server.mira.slash(server.channel, "film", job=job_id(card)))
    assert told == (
        f"Nothing comes before the clips of job {job_id(card)}, so each is a whole film already. Nothing was charged. "
        "Extend one, and join what comes of it."
    )
    assert films(server) == []


async def test_parts_that_are_gone_here_are_fetched_again_and_one_that_is_nowhere_is_named(server: Server) -> None:
    cards = await chain_of(server, 1, 2)
    media = server.sandbox.folder / "media"
    for card in cards:
        shutil.rmtree(media / job_id(card))
    server.sandbox.discord.moderator_deletes(cards[0])
    film, _ = await joined_by_button(server, cards[2], 1)
    assert "**Film of 3 parts, 15 s**" in film.text
    assert (media / job_id(cards[0]) / "1.mp4").exists()

    for card in cards:
        shutil.rmtree(media / job_id(card))
    server.sandbox.discord.moderator_deletes(cards[1])
    middle = list(server.sandbox.provider.jobs.values())[-2]
    with overridden(middle, clips=[]):
        told = await server.private_text(await server.mira.slash(server.channel, "film", job=job_id(cards[2]), clip=2))
    assert told == (
        f"Part 2 of this film is missing: clip 2 of job {job_id(cards[1])} is no longer kept here, on its card or at "
        "its provider. Nothing was charged. The other parts are on their cards."
    )
    assert films(server) == [film]


async def test_a_kill_between_the_parts_and_one_before_it_is_known_that_it_is_posted_make_one_film(
    tmp_path: Path,
) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        faults, never = sandbox.discord.faults, asyncio.Event()
        async with sandbox.bot() as bot:
            cards = await chain_of(server, 1, 1)
            for card in cards:
                shutil.rmtree(tmp_path / "media" / job_id(card))
            stuck = faults.delay("GET", f"/messages/{cards[1].id}", until=never)
            asked = await server.mira.slash(server.channel, "film", job=job_id(cards[2]), clip=1)
            await asyncio.wait_for(stuck.hit.wait(), 20)
            assert (tmp_path / "media" / job_id(cards[0]) / "1.mp4").exists()
            await bot.kill()
        faults.waiting.clear()
        go_on = asyncio.Event()
        posting = faults.reset_and_do_later("POST", f"/channels/{server.channel.id}/messages", until=go_on)
        async with sandbox.bot() as bot:
            await asyncio.wait_for(posting.hit.wait(), 20)
            assert films(server) == []
            await bot.kill()
        go_on.set()
        film = await posted(server)
        async with sandbox.bot():
            assert await server.private_text(asked) == f"The film is here: {film.link}"
            assert films(server) == [film]
        never.set()
        assert sandbox.discord.violations == []
