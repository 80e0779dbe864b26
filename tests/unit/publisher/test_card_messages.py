"""A job has one card: found again where it is, made where there was none, its files written down."""

import pytest
from discord import HTTPException
from discord.ui import LayoutView

from bot.domain.job import Job
from bot.errors import CardError
from bot.publisher.card_messages import CardMessages
from bot.publisher.discord_messages import CardApi
from bot.ui.cards import Card, draw
from tests.support.sample_images import draw_png
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def without_card(publishing: Publishing, job: Job) -> None:
    """Let a job be one whose card was never made."""
    publishing.server.discord.moderator_deletes(publishing.card(job))
    await publishing.server.db.db_write("update job set message_id = null, card_hash = null where id = $1", job.id)


async def test_a_new_card_that_is_there_already_is_taken_and_not_sent_again(publishing: Publishing) -> None:
    job = await publishing.ready([1000])
    await without_card(publishing, job)
    publishing.server.discord.faults.reset("POST", "/messages", when="after")
    with pytest.raises(CardError):
        await publishing.publisher.deliver(job)
    # The bot was not told of the card that stands there now.
    [card] = [one for one in publishing.channel.messages if one.text.endswith(f"job {job.id}")]
    assert (await publishing.server.db.get(job.id)).message_id is None
    assert await publishing.publisher.deliver(job)
    assert [one for one in publishing.channel.messages if one.text.endswith(f"job {job.id}")] == [card]
    assert (await publishing.server.db.get(job.id)).message_id == card.id


async def test_words_of_others_that_end_like_a_card_are_not_taken_for_it(publishing: Publishing) -> None:
    job = await publishing.ready([1000])
    await without_card(publishing, job)
    await publishing.server.leo.say(publishing.channel, f"-# made by TTAPI, job {job.id}")
    assert await publishing.publisher.deliver(job)
    fresh = await publishing.server.db.get(job.id)
    assert publishing.card(fresh).author is publishing.server.discord.bot_user


async def test_a_start_picture_that_cannot_be_read_leaves_the_card_without_it(publishing: Publishing) -> None:
    job = await publishing.running()
    name = await publishing.media.keep(f"{job.id}/start.png", b"no picture")
    await publishing.server.db.db_write(
        "insert into frame (job_id, role, media_file) values ($1, 'start', $2)", job.id, name
    )
    await publishing.publisher.show(job.id)
    assert "being made" in publishing.card(job).text
    assert publishing.card(job).media == []


async def test_a_link_to_the_picture_on_a_card_is_given_anew(publishing: Publishing) -> None:
    job = await publishing.running()
    assert await publishing.publisher.image_link(job, "start") is None
    picture = publishing.server.discord.attachment("boat.png", draw_png(["teal"]))
    name = await publishing.media.keep(f"{job.id}/start.png", picture.data)
    await publishing.server.db.db_write(
        "insert into frame (job_id, role, media_file) values ($1, 'start', $2)", job.id, name
    )
    await publishing.publisher.show(job.id)
    job = await publishing.server.db.get(job.id)
    link = await publishing.publisher.image_link(job, "start")
    assert link is not None
    assert "/start.jpg" in link
    assert await publishing.publisher.image_link(job, "end") is None


class CountedCards:
    """Bring cards up to date, and count how often one was drawn."""

    def __init__(self, publishing: Publishing) -> None:
        self._publishing = publishing
        self.drawn = 0
        server = publishing.server
        api = CardApi(server.client, publishing.clock)
        self._cards = CardMessages(api, server.db.store, publishing.media, publishing.builder, self._draw)

    def _draw(self, card: Card) -> LayoutView:
        self.drawn += 1
        return draw(card)

    async def show(self, job: Job) -> None:
        facts = await self._publishing.server.db.store.card_facts.read(job.id)
        assert facts is not None
        await self._cards.update(await self._publishing.builder.build(facts.job, facts), facts, wake=False)


async def test_a_waiting_card_is_drawn_only_when_its_row_changed(publishing: Publishing) -> None:
    job, cards = await publishing.waiting(), CountedCards(publishing)
    await cards.show(job)
    before = cards.drawn
    for _ in range(3):
        await cards.show(job)
    assert cards.drawn == before
    await publishing.server.db.db_write("update job set tries = 1, due_ms = 5 where id = $1", job.id)
    await cards.show(job)
    assert cards.drawn > before
    assert "TTAPI is busy" in publishing.card(job).text


async def test_a_card_that_somebody_else_changed_is_drawn_again(publishing: Publishing) -> None:
    job, cards = await publishing.waiting(), CountedCards(publishing)
    await cards.show(job)
    edits = publishing.card(job).edits
    await publishing.server.db.store.card_edits.set_card_hash(job.id, "another process")
    await cards.show(job)
    assert publishing.card(job).edits == edits + 1


async def test_a_card_whose_edit_failed_is_drawn_again(publishing: Publishing) -> None:
    job, cards = await publishing.waiting(), CountedCards(publishing)
    publishing.server.discord.faults.status("PATCH", "/messages/", 403)
    with pytest.raises(HTTPException):
        await cards.show(job)
    await cards.show(job)
    assert "Waiting, place" in publishing.card(job).text
