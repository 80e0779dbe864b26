"""/film and its button: who may have which film joined, and what they are asked or told."""

import asyncio
from typing import Any

import pytest

from bot.domain.film import Film
from bot.domain.job import Job, Kind
from bot.ui.film_button import FilmButton
from sandbox.discord import Message, Permission
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def chain(server: Server, clips: int = 1, **first: Any) -> Job:
    """Give an extend of mira's, which goes on from the second clip of another job."""
    parent = await server.done(server.mira, **first)
    return await server.done(server.mira, kind=Kind.EXTEND, parent_job_id=parent.id, parent_slot=1, clips=clips)


async def button_of(server: Server, job: Job) -> Message:
    return await server.card(row_of(FilmButton(job.id)))


async def wished(server: Server, job: Job, slot: int = 0) -> Film:
    """Wait for a wish to be written down."""
    async with asyncio.timeout(10):
        while (film := await server.db.store.films.get(job.id, slot)) is None:  # noqa: ASYNC110  # the bot writes it
            await asyncio.sleep(0.005)
    return film


async def wishes(server: Server, job: Job) -> list[Film]:
    found = [await server.db.store.films.get(job.id, slot) for slot in range(4)]
    return [film for film in found if film is not None]


async def test_one_click_is_enough_where_there_is_one_clip(server: Server) -> None:
    job = await chain(server)
    clicked = await server.leo.click(await button_of(server, job), f"film:{job.id}")
    film = await wished(server, job)
    reply = clicked.message
    assert reply is not None
    assert reply.ephemeral
    assert reply.thinking
    assert (film.user_id, film.answer_id, film.token) == (server.leo.id, reply.id, clicked.token)


async def test_where_there_are_several_it_is_asked_which_and_the_answer_takes_the_place_of_the_question(
    server: Server,
) -> None:
    job = await chain(server, clips=4)
    clicked = await server.leo.click(await button_of(server, job), f"film:{job.id}")
    question = await clicked.private_reply(10)
    await question.until(lambda message: bool(message.buttons), 10)
    assert question.text == "Which clip should the film end with? They count left to right, top to bottom."
    assert [one.custom_id for one in question.buttons] == [f"film:{job.id}:{number}" for number in range(1, 5)]
    assert await wishes(server, job) == []
    await server.leo.click(question, f"film:{job.id}:3")
    assert (await wished(server, job, 2)).answer_id == question.id
    assert len(await wishes(server, job)) == 1


async def test_the_command_asks_too_unless_the_clip_was_named(server: Server) -> None:
    job = await chain(server, clips=2)
    asked = await server.mira.slash(server.channel, "film", job=f" `{job.id.upper()}` ")
    question = await asked.private_reply(10)
    await question.until(lambda message: bool(message.buttons), 10)
    await server.mira.slash(server.channel, "film", job=job.id, clip=2)
    await wished(server, job, 1)
    assert len(await wishes(server, job)) == 1


async def test_who_comes_second_is_told_that_it_is_being_joined(server: Server) -> None:
    job = await chain(server)
    await server.mira.slash(server.channel, "film", job=job.id)
    await wished(server, job)
    told = await server.told(await server.leo.slash(server.channel, "film", job=job.id))
    card = f"https://discord.com/channels/{server.guild.id}/{server.channel.id}/{job.message_id}"
    assert told == f"This film is being joined just now. It will appear below its card: {card}"
    [film] = await wishes(server, job)
    assert film.user_id == server.mira.id


async def test_there_is_no_film_of_one_clip_nor_up_to_one_that_is_not_there(server: Server) -> None:
    job = await chain(server)
    parent = job.parent_job_id or ""
    assert "is a whole film already" in await server.told(await server.mira.slash(server.channel, "film", job=parent))
    clicked = await server.mira.click(await server.card(row_of(FilmButton(parent))), f"film:{parent}")
    assert "is a whole film already" in await server.told(clicked)
    told = await server.told(await server.mira.slash(server.channel, "film", job=job.id, clip=4))
    assert told == f"Job {job.id} has no clip 4. Nothing was charged. Choose one that its card shows."
    assert await wishes(server, job) == []


@pytest.mark.parametrize("typed", ["1jd8x3k2m9f4qz", "no id at all"])
async def test_what_is_no_job_here_is_said_to_be_none(server: Server, typed: str) -> None:
    told = await server.told(await server.mira.slash(server.channel, "film", job=typed))
    assert "Nothing was charged." in told


async def test_nobody_joins_what_they_may_not_see(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    whole = await chain(server, channel_id=hidden.id)
    card = await button_of(server, whole)
    for asked in (
        await server.leo.slash(server.channel, "film", job=whole.id, clip=1),
        await server.leo.click(card, f"film:{whole.id}"),
    ):
        assert f"There is no job {whole.parent_job_id} here that you may see." in await server.told(asked)
    last = await server.db.done(
        user=server.mira.id,
        guild=server.guild.id,
        channel_id=hidden.id,
        kind=Kind.EXTEND,
        parent_job_id=whole.id,
        parent_slot=0,
    )
    told = await server.told(await server.leo.slash(server.channel, "film", job=last.id, clip=1))
    assert f"There is no job {last.id} here that you may see." in told
    await server.mira.click(card, f"film:{whole.id}")
    assert (await wished(server, whole)).user_id == server.mira.id


async def test_where_the_bot_may_not_post_the_button_says_so(server: Server) -> None:
    job = await chain(server)
    card = await button_of(server, job)
    server.channel.set_overwrite(server.discord.bot_user, deny=Permission.ATTACH_FILES)
    assert "I lack Attach Files in this channel." in await server.told(await server.mira.click(card, f"film:{job.id}"))
    assert await wishes(server, job) == []


async def test_own_extends_are_suggested(server: Server) -> None:
    job = await chain(server)
    await server.done(server.leo)
    assert await server.suggested(server.mira, "film", "job", "BOAT") == [job.id]
    assert await server.suggested(server.leo, "film", "job", "") == []
