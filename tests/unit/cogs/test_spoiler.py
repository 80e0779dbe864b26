"""What a card shows is hidden by an option, by what it goes on from, and by an entry of its menu."""

from typing import Any

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams
from bot.ui.cards import Card, ShownClip, draw
from sandbox.discord import Message
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def shown(server: Server, job: Job) -> Message:
    return await server.card(draw(Card(job, "TTAPI", 8, clips=[ShownClip(slot) for slot in range(4)])))


@pytest.mark.parametrize("spoiler", [True, False, None])
@pytest.mark.parametrize("command", ["video", "imagine", "blend"])
async def test_each_command_that_shows_media_has_the_option(server: Server, command: str, spoiler: bool | None) -> None:
    options: dict[str, Any] = {
        "video": {"prompt": "a boat", "image": server.image()},
        "imagine": {"prompt": "a boat"},
        "blend": {"image1": server.image(), "image2": server.image()},
    }[command]
    job = await server.asked(await server.mira.slash(server.channel, command, **options, spoiler=spoiler))
    assert job.spoiler == (spoiler is True)


@pytest.mark.parametrize(("typed", "hidden"), [({}, 1), ({"spoiler": False}, 0)], ids=["left out", "no"])
async def test_a_film_of_a_hidden_picture_is_hidden_unless_somebody_says_otherwise(
    server: Server, typed: dict[str, bool], hidden: int
) -> None:
    picture = await server.done(server.mira, kind=Kind.IMAGINE, params=JobParams("a kite", motion=None), spoiler=1)
    await server.keep_pictures(picture)
    asked = await server.mira.slash(server.channel, "video", prompt="it rises", source=f"{picture.id}#2", **typed)
    await asked.answered()
    jobs = await server.until(lambda jobs: len(jobs) == 2)
    assert [job.spoiler for job in jobs if job.kind is Kind.VIDEO] == [hidden]


async def test_what_goes_on_from_a_hidden_card_is_hidden(server: Server) -> None:
    film = await server.done(server.mira, spoiler=1)
    card = await server.card(draw(Card(film, "TTAPI", 8, clips=[ShownClip(0)], motions=(None,))))
    await (await server.leo.click(card, f"extend:{film.id}:1:none")).answered()
    jobs = await server.until(lambda jobs: len(jobs) == 2)
    assert [job.spoiler for job in jobs] == [1, 1]


async def test_the_requester_and_moderators_hide_a_card_and_show_it_again(server: Server) -> None:
    job = await server.done(server.mira)
    card = await shown(server, job)
    hidden = await server.mira.select(card, f"more:{job.id}", "hide")
    [job] = await server.until(lambda jobs: jobs[0].spoiler == 1)
    # The worker is to draw it anew, and nobody is told anything.
    assert job.state is State.READY
    assert hidden.followups == []
    job = await server.db.store.jobs.finish(await server.db.claim(job))
    card = await shown(server, job)
    assert "Show without spoiler" in str(card.components)
    await server.ada.select(card, f"more:{job.id}", "unhide")
    await server.until(lambda jobs: jobs[0].spoiler == 0)


async def test_nobody_else_may(server: Server) -> None:
    job = await server.done(server.mira)
    card = await shown(server, job)
    assert await server.refused(await server.leo.select(card, f"more:{job.id}", "hide")) == (
        "Only the member who asked for it, or a moderator, may hide or show what this card holds."
    )


async def test_while_a_card_is_being_told_it_cannot_be_hidden(server: Server) -> None:
    job = await server.done(server.mira)
    card = await shown(server, job)
    await server.db.claim(await server.db.show_again(job))
    told = await server.refused(await server.mira.select(card, f"more:{job.id}", "hide"))
    assert told.startswith(f"Job {job.id} is being shown just now.")


async def test_a_job_of_another_server_is_not_there(server: Server) -> None:
    job = await server.db.done(user=server.mira.id, guild=1)
    card = await shown(server, job)
    told = await server.refused(await server.mira.select(card, f"more:{job.id}", "hide"))
    assert told.startswith(f"There is no job {job.id} here that you may see.")
    assert (await server.db.get(job.id)).spoiler == 0
