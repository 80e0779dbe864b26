"""Extend with words: a button opens a form, and the form becomes a job, once, or a sentence."""

from typing import Any

import pytest

from bot.domain.job import Job, Kind
from bot.domain.params import JobParams, Motion, Resolution
from bot.ui.buttons import WordsButton
from sandbox.discord import Interaction, Message, Permission
from sandbox.discord.modals import Modal
from tests.support.in_process_bot import Server, row_of
from tests.unit.cogs.test_extend import followers

pytestmark = pytest.mark.asyncio(loop_scope="module")

EMPTY = "The prompt is empty. Nothing was charged. Say in a few words what should happen in the film."


async def film(server: Server, **fields: Any) -> tuple[Job, Message]:
    """Give a finished film of mira's, and a card with the button of it alone."""
    job = await server.done(server.mira, **fields)
    return job, await server.card(row_of(WordsButton(job.id)))


async def opened(server: Server, card: Message) -> tuple[Interaction, Modal]:
    """Press the button, and wait for the form."""
    asked = await server.leo.click(card, card.buttons[0])
    await asked.answered()
    assert asked.modal is not None, asked.describe()
    return asked, asked.modal


async def extension(server: Server, sent: Interaction, parent: Job) -> Job:
    """Wait for the job that comes of a form, and its promised card."""
    await sent.answered()
    await server.until(lambda jobs: len(jobs) == 2)
    [job] = await followers(server, parent)
    assert sent.message is not None
    assert (job.kind, job.message_id, job.user_id) == (Kind.EXTEND, sent.message.id, server.leo.id)
    return job


async def test_the_form_asks_for_clip_words_motion_and_number_each_with_its_whole_price(server: Server) -> None:
    _, card = await film(server, params=JobParams("a boat", clips=2, resolution=Resolution.HD))
    _, form = await opened(server, card)
    assert form.title == "Extend with words"
    assert [(field.custom_id, field.label) for field in form.fields] == [
        ("prompt", "What happens next"),
        ("clip", "Clip"),
        ("motion", "Motion"),
        ("films", "Films"),
    ]
    assert [choice.label for choice in form["clip"].choices] == ["Clip 1", "Clip 2"]
    assert [choice.label for choice in form["films"].choices] == [
        "2 films, HD: 12 credits",
        "4 films, HD: 24 credits",
        "1 film, HD: 6 credits",
    ]
    # TTAPI takes no words for an extend, and the form says what comes of them.
    assert form["prompt"].description == "It becomes a new film that starts at the clip's last frame."
    assert form["prompt"].value in ("", None)


async def test_a_single_clip_needs_no_choice(server: Server) -> None:
    parent, card = await film(server, clips=1)
    asked, form = await opened(server, card)
    assert [field.custom_id for field in form.fields] == ["prompt", "motion", "films"]
    job = await extension(server, await server.leo.submit(asked, {"prompt": "it sinks"}), parent)
    assert (job.parent_slot, job.params.clips) == (0, 1)


async def test_what_was_chosen_stands_in_the_row(server: Server) -> None:
    parent, card = await film(server)
    asked, _ = await opened(server, card)
    values = {"prompt": "it sinks", "clip": "3", "motion": "high", "films": "1"}
    job = await extension(server, await server.leo.submit(asked, values), parent)
    assert (job.parent_slot, job.params.prompt, job.params.motion) == (2, "it sinks", Motion.HIGH)
    assert (job.params.clips, job.params.from_last_frame) == (1, True)


async def test_flags_in_the_words_are_read_and_what_was_chosen_counts(server: Server) -> None:
    parent, card = await film(server)
    asked, _ = await opened(server, card)
    link = "https://example.com/end.png"
    values = {"prompt": f"it sinks --motion high --bs 1 --hd --end {link}", "motion": "low", "films": "2"}
    params = (await extension(server, await server.leo.submit(asked, values), parent)).params
    assert (params.prompt, params.motion, params.clips) == ("it sinks", Motion.LOW, 2)
    assert params.end_image is not None
    assert params.end_image.url == link
    assert (params.read, params.removed) == ((f"--end {link}",), ("--motion high", "--bs 1", "--hd"))


async def test_a_form_that_is_sent_twice_makes_one_job(server: Server) -> None:
    parent, card = await film(server)
    asked, _ = await opened(server, card)
    first = await extension(server, await server.leo.submit(asked, {"prompt": "it sinks"}), parent)
    told = await server.told(await server.leo.submit(asked, {"prompt": "it sinks"}))
    assert f"/{first.channel_id}/{first.message_id}" in told
    assert len(await followers(server, parent)) == 1
    other = await server.leo.submit(asked, {"prompt": "it flies"})
    await other.answered()
    await server.until(lambda jobs: len(jobs) == 3)


@pytest.mark.parametrize("prompt", ["   ", "-", "--motion high", "--fast --bs 4", "--loop"])
async def test_words_are_needed(server: Server, prompt: str) -> None:
    _, card = await film(server)
    asked, _ = await opened(server, card)
    sent = await server.leo.submit(asked, {"prompt": prompt})
    assert await server.refused(sent) == EMPTY
    # No card was promised for it.
    assert sent.message is not None
    assert sent.message.ephemeral


async def test_too_many_words_are_refused_at_once(server: Server) -> None:
    _, card = await film(server)
    asked, form = await opened(server, card)
    assert form["prompt"].high == 2000
    sent = await server.leo.submit(asked, {"prompt": "x" * 2001}, force=True)
    assert await server.refused(sent) == (
        "The prompt has 2,001 characters, and 2,000 are allowed. Nothing was charged. Shorten it and try again."
    )


@pytest.mark.parametrize(("clip", "number"), [("9", 9), ("5", 5)])
async def test_a_clip_that_is_not_there_is_not_extended(server: Server, clip: str, number: int) -> None:
    parent, card = await film(server)
    asked, _ = await opened(server, card)
    sent = await server.leo.submit(asked, {"prompt": "it sinks", "clip": clip}, force=True)
    assert (await server.refused(sent)).startswith(f"Job {parent.id} has no clip {number} that can be extended.")


async def test_what_no_form_offers_is_left_to_the_parent(server: Server) -> None:
    parent, card = await film(server)
    asked, _ = await opened(server, card)
    values = {"prompt": "it sinks", "clip": "²", "motion": "sideways", "films": "17"}
    job = await extension(server, await server.leo.submit(asked, values, force=True), parent)
    assert (job.parent_slot, job.params.motion, job.params.clips) == (0, Motion.LOW, 4)


@pytest.mark.parametrize("job_id", ["00000000000000", "waiting", "pictures"])
async def test_what_has_no_clips_opens_no_form(server: Server, job_id: str) -> None:
    if job_id == "waiting":
        job_id = (await server.db.queued(user=server.mira.id, guild=server.guild.id)).id
    elif job_id == "pictures":
        job_id = (await server.done(server.mira, kind=Kind.IMAGINE, params=JobParams("a kite", motion=None))).id
    card = await server.card(row_of(WordsButton(job_id)))
    asked = await server.leo.click(card, card.buttons[0])
    assert (await server.refused(asked)).startswith(f"Job {job_id} has no clip 1 that can be extended.")
    assert asked.modal is None


async def test_the_blocked_see_no_form_and_send_none(server: Server) -> None:
    _, card = await film(server)
    asked, _ = await opened(server, card)
    await server.db.store.accounts.set_allowance(server.guild.id, "member", server.leo.id, 0, server.db.now)
    assert "blocked" in (told := await server.refused(await server.leo.submit(asked, {"prompt": "it sinks"}))), told
    again = await server.leo.click(card, card.buttons[0])
    assert "blocked" in await server.refused(again)
    assert again.modal is None


async def test_whoever_sees_the_card_may_go_on_wherever_it_was_asked_for(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    parent, card = await film(server, channel_id=hidden.id)
    asked, _ = await opened(server, card)
    # What is sent names the job; the message that it says it comes from does not.
    components = card.components
    card.components = (await server.card(row_of(WordsButton("other")))).components
    told = await server.refused(await server.leo.submit(asked, {"prompt": "it sinks"}))
    assert told.startswith(f"There is no job {parent.id} here that you may see.")
    card.components = components
    await extension(server, await server.leo.submit(asked, {"prompt": "it sinks"}), parent)


async def test_words_typed_into_the_command_go_on_from_the_last_frame_too(server: Server) -> None:
    parent, _ = await film(server)
    typed = await server.leo.slash(server.channel, "extend", job=parent.id, clip=2, prompt="it sinks --motion high")
    params = (await extension(server, typed, parent)).params
    assert (params.prompt, params.motion, params.from_last_frame) == ("it sinks", Motion.HIGH, True)
