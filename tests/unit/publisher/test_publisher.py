"""Cards are brought up to date while a job is under way, and failures reach the member on the way that is left."""

import pytest

from bot.db.card_edits import DELETED
from bot.domain.blocks import Source
from bot.domain.job import Job, State
from bot.errors import (
    AnimaticError,
    BadImage,
    BannedWords,
    Blocked,
    CardError,
    EmptyPrompt,
    ImageProblem,
    TooFewCredits,
)
from sandbox.discord import Message, Permission
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_card_shows_its_job_and_is_edited_only_when_it_changes(publishing: Publishing) -> None:
    job = await publishing.running()
    for _ in range(2):
        await publishing.publisher.show(job.id)
    card = publishing.card(job)
    assert "being made" in card.text
    assert card.edits == 1


@pytest.mark.parametrize("state", [State.RECEIVED, State.DONE, State.FAILED])
async def test_only_what_is_under_way_is_brought_up_to_date(publishing: Publishing, state: State) -> None:
    job = await publishing.running()
    await publishing.server.db.db_write("update job set state = $1 where id = $2", str(state), job.id)
    await publishing.publisher.show(job.id)
    assert publishing.card(job).text == "to come"


async def test_a_deleted_card_is_not_made_anew(publishing: Publishing) -> None:
    job = await publishing.running()
    publishing.server.discord.moderator_deletes(publishing.card(job))
    before = list(publishing.channel.messages)
    await publishing.publisher.show(job.id)
    assert publishing.channel.messages == before
    found = await publishing.server.db.get(job.id)
    assert (found.message_id, found.card_hash) == (None, DELETED)


async def test_a_card_that_cannot_be_edited_now_raises_nothing(
    publishing: Publishing, caplog: pytest.LogCaptureFixture
) -> None:
    job = await publishing.running()
    publishing.server.discord.faults.status("PATCH", "/messages/", 403)
    await publishing.publisher.show(job.id)
    assert f"job {job.id}: its card could not be brought up to date" in caplog.text


async def test_a_failure_is_told_on_the_card(publishing: Publishing) -> None:
    job = await publishing.failing()
    assert await publishing.publisher.tell_failure(job)
    card = publishing.card(job)
    assert "TTAPI" in card.text
    assert "8 credits" in card.text


async def test_a_failure_whose_card_was_deleted_is_told_on_none_and_nothing_else_is_tried(
    publishing: Publishing,
) -> None:
    job = await publishing.failing()
    publishing.server.discord.moderator_deletes(publishing.card(job))
    before = list(publishing.channel.messages)
    assert await publishing.publisher.tell_failure(job)
    assert publishing.channel.messages == before
    assert (await publishing.server.db.get(job.id)).card_hash == DELETED


async def test_where_the_channel_is_out_of_reach_no_way_is_left(publishing: Publishing) -> None:
    job = await publishing.failing()
    publishing.channel.set_overwrite(publishing.server.discord.bot_user, deny=Permission.VIEW_CHANNEL)
    assert not await publishing.publisher.tell_failure(job)


async def test_what_may_pass_is_raised_to_be_tried_again(publishing: Publishing) -> None:
    job = await publishing.failing()
    publishing.server.discord.faults.status("PATCH", "/messages/", 403)
    with pytest.raises(CardError):
        await publishing.publisher.tell_failure(job)
    publishing.server.discord.faults.reset("PATCH", "/messages/")
    with pytest.raises(CardError):
        await publishing.publisher.tell_failure(job)
    assert await publishing.publisher.tell_failure(job)


async def test_a_job_that_cost_nothing_is_refused_to_its_member_alone(publishing: Publishing) -> None:
    server = publishing.server
    asked = await server.mira.slash(server.channel, "video", prompt="a boat", image=server.image())
    job = await server.asked(asked)
    job = await server.db.store.jobs.fail(await server.db.claim(job), EmptyPrompt(), server.db.now)
    assert await publishing.publisher.tell_failure(job)
    assert "The prompt is empty." in asked.followups[0].text
    assert asked.followups[0].ephemeral
    assert job.message_id not in [message.id for message in publishing.channel.messages]


async def refused(publishing: Publishing, reason: AnimaticError) -> tuple[Job, Message]:
    """Refuse mira's film before anything was charged; gives the sentence that she alone sees."""
    server = publishing.server
    asked = await server.mira.slash(server.channel, "video", prompt="a boat", image=server.image())
    job = await server.asked(asked)
    job = await server.db.store.jobs.fail(await server.db.claim(job), reason, server.db.now)
    assert await publishing.publisher.tell_failure(job)
    return job, asked.followups[0]


@pytest.mark.parametrize(
    ("reason", "offered"),
    [
        (BannedWords(("x",), "TTAPI"), ["edit:{}"]),
        (TooFewCredits(8, 5, None), ["again:{}:8:8", "edit:{}"]),
        (BadImage(ImageProblem.UNREACHABLE), ["again:{}:8:8"]),
        (BadImage(ImageProblem.TOO_LARGE), []),
        (Blocked(Source.MEMBER, None), []),
    ],
    ids=["words", "credits", "unreachable", "too large", "blocked"],
)
async def test_whoever_is_refused_can_do_something_about_it_where_that_may_help(
    publishing: Publishing, reason: AnimaticError, offered: list[str]
) -> None:
    job, told = await refused(publishing, reason)
    assert [button.custom_id for button in told.buttons] == [one.format(job.id) for one in offered]


async def test_a_refused_request_is_edited_and_asked_for_once_more(publishing: Publishing) -> None:
    server = publishing.server
    job, told = await refused(publishing, BannedWords(("boat",), "TTAPI"))
    await server.db.store.jobs.finish(await server.db.claim(await server.db.get(job.id)))
    opened = await server.mira.click(told, f"edit:{job.id}")
    await opened.answered()
    assert opened.modal is not None
    assert opened.modal["prompt"].value == "a boat"
    await (await server.mira.submit(opened, {"prompt": "a ship"})).answered()
    [again] = [one for one in await server.until(lambda jobs: len(jobs) == 2) if one.id != job.id]
    assert (again.params.prompt, again.params.image) == ("a ship", job.params.image)


async def test_a_clip_is_found_on_the_card_or_reply_that_shows_it(publishing: Publishing) -> None:
    job = await publishing.ready([10])
    store, discord = publishing.server.db.store, publishing.server.discord
    for refuses_edits in (False, True):
        discord.knobs.refuse_gallery_files_on_edit = refuses_edits
        job = job if not refuses_edits else await publishing.ready([10])
        await publishing.publisher.deliver(job)
        job = await publishing.server.db.get(job.id)
        [clip] = await store.clips.clips(job.id)
        assert (clip.message_id == job.message_id) is not refuses_edits
        link = await publishing.publisher.clip_link(job, clip)
        assert link is not None
        assert link.split("?")[0].endswith(f"/animatic-{job.id}-1.mp4")
        discord.moderator_deletes(next(one for one in publishing.channel.messages if one.id == clip.message_id))
        assert await publishing.publisher.clip_link(job, clip) is None


async def test_a_clip_that_no_message_shows_has_no_link(publishing: Publishing) -> None:
    job = await publishing.ready([10])
    [clip] = await publishing.server.db.store.clips.clips(job.id)
    since = len(publishing.server.discord.requests)
    assert await publishing.publisher.clip_link(job, clip) is None
    assert len(publishing.server.discord.requests) == since
