"""A storyboard that has ended is edited and run again: the form holds all its lines, and another one comes of it."""

from dataclasses import replace

import pytest
from discord.ui import LayoutView

from bot.domain.job import Frame, Job, State
from bot.domain.params import JobImageRef, Motion
from bot.ui.more_menu import more_row
from bot.ui.storyboard_card import OFFERED
from sandbox.discord import Interaction, Message
from tests.support.in_process_bot import Server
from tests.unit.cogs.test_storyboard import Studio

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES = "a paper boat drifts\nit spins *twice* --motion high\nit sails out"


@pytest.fixture
def studio(server: Server) -> Studio:
    return Studio(server)


async def ended(studio: Studio, *, shows_image: bool = True) -> tuple[Job, Message]:
    """Give the first job of a storyboard that has ended, and a card with its menu."""
    server = studio.server
    _, jobs = await studio.stopped()
    first = jobs[0]
    if shows_image:
        name = await server.media.keep(f"{first.id}/start.png", b"nobody reads this")
        await server.db.store.clips.add_frame(Frame(first.id, "start", name))
    view = LayoutView(timeout=None)
    for row in more_row(replace(first, state=State.DONE), 0, OFFERED):
        view.add_item(row)
    return first, await server.card(view)


async def form_of(server: Server, first: Job, card: Message) -> Interaction:
    chosen = await server.leo.select(card, f"more:{first.id}", "shots")
    await chosen.wait_for(lambda: chosen.modal, 10, chosen.describe)
    return chosen


async def test_the_form_holds_the_lines_and_a_storyboard_of_whoever_sends_it_comes_of_it(studio: Studio) -> None:
    server = studio.server
    await server.db.store.member_settings.change(server.guild.id, server.mira.id, {"resolution": "hd"})
    first, card = await ended(studio)
    asked = await form_of(server, first, card)
    assert asked.modal is not None
    assert asked.modal["shots"].value == LINES
    sent = await server.leo.submit(asked, {"shots": LINES.replace("sails out", "sinks")})
    preview = await sent.until(lambda message: message.buttons, 10)
    assert "**Storyboard**, low motion, HD, 3 shots, TTAPI" in preview.text
    before = {job.id for job in await server.jobs()}
    await studio.make(preview, server.leo)
    jobs = [job for job in await server.until(lambda jobs: len(jobs) == 6) if job.id not in before]
    assert {job.user_id for job in jobs} == {server.leo.id}
    assert [job.params.prompt for job in jobs] == ["a paper boat drifts", "it spins *twice*", "it sinks"]
    assert [job.params.motion for job in jobs] == [Motion.LOW, Motion.HIGH, Motion.LOW]
    assert (jobs[0].params.image, jobs[0].params.job_image) == (None, JobImageRef(first.id, "start"))
    assert first.storyboard_id not in {job.storyboard_id for job in jobs}


async def test_what_is_hidden_by_now_stays_hidden(studio: Studio) -> None:
    server = studio.server
    first, card = await ended(studio)
    await server.db.db_write("update job set spoiler = 1 where storyboard_id = $1", first.storyboard_id or "")
    sent = await server.leo.submit(await form_of(server, first, card), {"shots": LINES})
    preview = await sent.until(lambda message: message.buttons, 10)
    await studio.make(preview, server.leo)
    jobs = await server.until(lambda jobs: len(jobs) == 6)
    assert [job.spoiler for job in jobs] == [1] * 6


async def test_where_the_image_is_gone_that_is_told_and_nothing_is_spent(studio: Studio) -> None:
    first, card = await ended(studio, shows_image=False)
    sent = await studio.server.leo.submit(await form_of(studio.server, first, card), {"shots": LINES})
    assert "Nothing was charged." in await studio.server.refused(sent)


async def test_a_job_that_is_no_shot_has_no_such_form(studio: Studio) -> None:
    server = studio.server
    first, card = await ended(studio)
    await server.db.db_write("update job set storyboard_id = null where id = $1", first.id)
    told = await server.refused(await server.leo.select(card, f"more:{first.id}", "shots"))
    assert told.startswith("I do not remember this storyboard")
