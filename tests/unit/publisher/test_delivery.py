"""Clips come before the member once, on the card or in replies to it, however Discord takes them."""

from typing import Any, cast

import pytest

from bot.db.card_edits import Shown
from bot.errors import CardError
from sandbox.discord import Message, Permission
from sandbox.discord.components import walk
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 2**20


def gallery(message: Message) -> list[dict[str, Any]]:
    """Give the items of a message's gallery as they are on the wire."""
    [found] = [part for _, part in walk(message.components) if "items" in part]
    return cast("list[dict[str, Any]]", found["items"])


async def test_all_clips_that_fit_come_with_one_edit(publishing: Publishing) -> None:
    job = await publishing.ready([1000] * 4)
    since = len(publishing.server.discord.requests)
    assert await publishing.publisher.deliver(job)
    card = publishing.card(job)
    assert publishing.names(card) == [f"animatic-{job.id}-{number}.mp4" for number in (1, 2, 3, 4)]
    assert [len(request.files) for request in publishing.sent(since)] == [4]
    assert await publishing.shown_at(job) == [job.message_id] * 4
    assert card.buttons[0].custom_id == f"extend:{job.id}:1:low"


async def test_what_is_on_the_card_is_not_sent_again(publishing: Publishing) -> None:
    job = await publishing.ready([1000] * 2)
    assert await publishing.publisher.deliver(job)
    since = len(publishing.server.discord.requests)
    assert await publishing.publisher.deliver(job)
    assert publishing.sent(since) == []


async def test_clips_that_together_are_more_than_a_request_holds_come_in_several(publishing: Publishing) -> None:
    job = await publishing.ready([9 * MIB] * 3)
    since = len(publishing.server.discord.requests)
    assert await publishing.publisher.deliver(job)
    assert [len(request.files) for request in publishing.sent(since)] == [2, 1]
    assert len(publishing.names(publishing.card(job))) == 3


async def test_what_discord_finds_too_large_together_is_sent_one_by_one(publishing: Publishing) -> None:
    job = await publishing.ready([1000] * 3)
    publishing.server.discord.faults.status("PATCH", "/messages/", 413)
    since = len(publishing.server.discord.requests)
    assert await publishing.publisher.deliver(job)
    assert [len(request.files) for request in publishing.sent(since)] == [3, 1, 1, 1]
    assert len(publishing.names(publishing.card(job))) == 3


async def test_where_edits_with_files_are_refused_the_clips_are_a_reply_that_the_card_links_to(
    publishing: Publishing,
) -> None:
    publishing.server.discord.knobs.refuse_gallery_files_on_edit = True
    job = await publishing.ready([1000] * 2)
    assert await publishing.publisher.deliver(job)
    card = publishing.card(job)
    [reply] = [one for one in publishing.channel.messages if publishing.names(one)]
    assert reply is not card
    assert await publishing.shown_at(job) == [reply.id] * 2
    assert f"The clips are here: https://discord.com/channels/{job.guild_id}/{job.channel_id}/{reply.id}" in card.text
    # Edits are not tried again for a while.
    other = await publishing.ready([1000])
    since = len(publishing.server.discord.requests)
    assert await publishing.publisher.deliver(other)
    assert [request.method for request in publishing.sent(since)] == ["POST"]


@pytest.mark.parametrize("replied", [False, True], ids=["on the card", "in a reply"])
async def test_clips_that_are_shown_can_be_hidden_and_shown_again_without_sending_them(
    publishing: Publishing, *, replied: bool
) -> None:
    publishing.server.discord.knobs.refuse_gallery_files_on_edit = replied
    job = await publishing.ready([1000] * 2)
    assert await publishing.publisher.deliver(job)
    since = len(publishing.server.discord.requests)
    for hidden in (1, 0):
        await publishing.server.db.db_write("update job set spoiler = $2 where id = $1", job.id, hidden)
        assert await publishing.publisher.deliver(job)
        [shown] = [one for one in publishing.channel.messages if publishing.names(one)]
        assert [item["spoiler"] for item in gallery(shown)] == [bool(hidden)] * 2
        assert len(publishing.names(shown)) == 2
    assert publishing.sent(since) == []


async def test_a_reply_that_was_deleted_keeps_no_card_from_being_drawn_anew(publishing: Publishing) -> None:
    publishing.server.discord.knobs.refuse_gallery_files_on_edit = True
    job = await publishing.ready([1000])
    assert await publishing.publisher.deliver(job)
    [reply] = [one for one in publishing.channel.messages if publishing.names(one)]
    publishing.server.discord.moderator_deletes(reply)
    assert await publishing.publisher.deliver(job)


@pytest.mark.parametrize("method", ["PATCH", "POST"])
async def test_an_answer_that_was_lost_is_found_on_the_next_try(publishing: Publishing, method: str) -> None:
    publishing.server.discord.knobs.refuse_gallery_files_on_edit = method == "POST"
    job = await publishing.ready([1000] * 2)
    publishing.server.discord.faults.reset(method, "/messages", when="after")
    with pytest.raises(CardError):
        await publishing.publisher.deliver(job)
    assert await publishing.shown_at(job) == [None, None]
    since = len(publishing.server.discord.requests)
    assert await publishing.publisher.deliver(job)
    assert publishing.sent(since) == []
    [there] = [one for one in publishing.channel.messages if publishing.names(one)]
    assert await publishing.shown_at(job) == [there.id] * 2


async def test_a_card_deleted_before_the_delivery_does_not_come_anew(publishing: Publishing) -> None:
    job = await publishing.ready([1000])
    publishing.server.discord.moderator_deletes(publishing.card(job))
    before = list(publishing.channel.messages)
    for _ in range(2):
        assert await publishing.publisher.deliver(job)
    assert publishing.channel.messages == before
    assert await publishing.shown_at(job) == [None]


async def test_a_card_whose_clips_may_still_come_is_not_ended(publishing: Publishing) -> None:
    job = await publishing.ready([1000] * 2)
    await publishing.server.db.store.clips.clear_file(job.id, 1)
    assert await publishing.publisher.deliver(job, whole=False)
    card = publishing.card(job)
    assert publishing.names(card) == [f"animatic-{job.id}-1.mp4"]
    assert card.buttons == []
    assert await publishing.publisher.deliver(job, whole=True)
    assert publishing.card(job).buttons != []
    assert "could not fetch it from TTAPI" in publishing.card(job).text


async def test_where_files_are_not_allowed_the_card_says_how_to_get_them(publishing: Publishing) -> None:
    job = await publishing.ready([1000])
    publishing.channel.set_overwrite(publishing.server.discord.bot_user, deny=Permission.ATTACH_FILES)
    reached = await publishing.publisher.deliver(job)
    assert not reached
    assert f"use `/jobs show id:{job.id}`" in publishing.card(job).text


async def test_an_archived_thread_is_brought_back_for_the_result(publishing: Publishing) -> None:
    thread = publishing.channel.thread("films")
    job = await publishing.ready([1000])
    await publishing.server.db.db_write(
        "update job set channel_id = $1, message_id = null where id = $2", thread.id, job.id
    )
    thread.archive()
    assert await publishing.publisher.deliver(await publishing.server.db.get(job.id))
    assert [publishing.names(one) for one in thread.messages] == [[f"animatic-{job.id}-1.mp4"]]


async def test_a_file_that_a_late_edit_took_from_the_card_is_not_taken_for_a_refusal_of_edits(
    publishing: Publishing,
) -> None:
    job = await publishing.ready([1000] * 2)
    await publishing.server.db.store.card_edits.write_shown(job.id, Shown(job.message_id or 0, {0: 1}, {}))
    with pytest.raises(CardError):
        await publishing.publisher.deliver(job)
    publishing.server.discord.violations.clear()  # it is told of an attachment that is gone
    assert await publishing.publisher.deliver(job)
    assert publishing.names(publishing.card(job)) == [f"animatic-{job.id}-{number}.mp4" for number in (1, 2)]
    assert await publishing.shown_at(job) == [job.message_id] * 2
