"""Stars: from the menu of a card, on a list of their own, taken away; and only on what may be seen."""

import pytest

from bot.domain.job import Job
from bot.domain.params import JobParams
from bot.ui.cards import Card, draw
from bot.ui.list_buttons import UnstarButton
from sandbox.discord import Message, Permission
from tests.support.in_process_bot import Server, row_of
from tests.unit.cogs.test_jobs import listed, opened, prompts_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def card_of(server: Server, job: Job) -> Message:
    return await server.card(draw(Card(job, "TTAPI", 8)))


async def starred(server: Server, job: Job) -> str:
    """Let mira star a job, and give what she is told."""
    card = await card_of(server, job)
    return await server.told(await server.mira.select(card, f"more:{job.id}", "star"))


async def test_a_card_is_starred_once_and_listed_by_when_it_was(server: Server) -> None:
    boat = await server.done(server.mira, params=JobParams("a boat"))
    kite = await server.done(server.leo, params=JobParams("leo's kite"))
    assert await starred(server, kite) == f"Job {kite.id} has your star: **/favourites** lists it."
    assert await starred(server, boat) == f"Job {boat.id} has your star: **/favourites** lists it."
    assert await starred(server, boat) == f"Job {boat.id} had your star already: **/favourites** lists it."
    page = await opened(server, await server.mira.slash(server.channel, "favourites"))
    assert page.ephemeral
    assert prompts_of(page) == ["a boat", "leo's kite"]
    found = await opened(server, await server.mira.slash(server.channel, "favourites", words="kite", only="films"))
    assert prompts_of(found) == ["leo's kite"]
    assert "You have starred nothing" in await server.told(await server.leo.slash(server.channel, "favourites"))


async def test_what_failed_can_be_starred_too(server: Server) -> None:
    job = await server.db.failed(user=server.mira.id, guild=server.guild.id, channel_id=server.channel.id)
    assert "has your star" in await starred(server, job)


async def test_a_star_is_taken_away_once(server: Server) -> None:
    job = await server.done(server.mira)
    await starred(server, job)
    page = await opened(server, await server.mira.slash(server.channel, "favourites"))
    for told in (f"Job {job.id} has your star no longer.", f"Job {job.id} did not have your star."):
        assert await server.told(await server.mira.click(page, f"unstar:{job.id}")) == told
    assert "You have starred nothing" in await server.told(await server.mira.slash(server.channel, "favourites"))


async def test_another_members_star_is_not_taken_away(server: Server) -> None:
    job = await server.done(server.mira)
    await starred(server, job)
    forged = await server.card(row_of(UnstarButton(job.id), UnstarButton("nothing")))
    for button in forged.buttons:
        assert "did not have your star" in await server.told(await server.leo.click(forged, button))
    assert listed(await server.told(await server.mira.slash(server.channel, "favourites"))) == [job.id]


async def test_what_is_gone_is_not_starred(server: Server) -> None:
    job = await server.done(server.mira)
    card = await card_of(server, job)
    await server.db.db_write("update job set guild_id = 1 where id = $1", job.id)
    told = await server.told(await server.mira.select(card, f"more:{job.id}", "star"))
    assert told.startswith(f"There is no job {job.id} here that you may see.")
    rows = await server.db.database.fetch("select 1 from favourite where job_id = $1", job.id)
    assert rows == []


async def test_what_a_member_may_no_longer_see_tells_nothing_in_their_list(server: Server) -> None:
    secret = server.guild.text_channel("secret")
    job = await server.done(server.leo, channel_id=secret.id, params=JobParams("leo's secret"))
    own = await server.done(server.mira, channel_id=secret.id, params=JobParams("mira's own"))
    for one in (job, own):
        await starred(server, one)
    secret.set_overwrite(server.mira, deny=Permission.VIEW_CHANNEL)
    page = await opened(server, await server.mira.slash(server.channel, "favourites"))
    assert prompts_of(page) == ["mira's own"]
    assert "You can no longer see where this was asked for." in page.text
    assert "secret" not in page.text
    assert job.id not in page.text
    # Nor is it starred from a card that somebody brought along.
    card = await card_of(server, job)
    await server.told(await server.mira.click(page, f"unstar:{job.id}"))
    told = await server.told(await server.mira.select(card, f"more:{job.id}", "star"))
    assert told.startswith(f"There is no job {job.id} here that you may see.")
