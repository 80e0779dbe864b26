"""/jobs: one's own list, and a finished job brought to a new card, for those who may see it."""

import re
from typing import Any

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.job_lists import NEWEST, JobQuery
from bot.domain.params import JobParams
from bot.media.store import thumbnail_path
from bot.ui.list_buttons import ListPageButton, ShowButton
from sandbox.discord import Interaction, Message, Permission
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


def listed(told: str) -> list[str]:
    """Give the ids of the jobs on a page."""
    return re.findall(r", job `(\w+)`$", told, re.MULTILINE)


def prompts_of(page: Message) -> list[str]:
    """Give the prompts on a page, which stand before what each job is."""
    return re.findall(r"^(.+)\n-# ", page.text, re.MULTILINE)


async def opened(server: Server, asked: Interaction) -> Message:
    """Wait for the page of a list."""
    await server.told(asked)
    assert asked.message is not None
    return asked.message


async def turned(server: Server, page: Message, label: str) -> None:
    """Click on a button of a page, and wait until it has changed."""
    before, button = page.edits, next(button for button in page.buttons if button.label == label)
    await server.mira.click(page, button)
    await page.until(lambda message: message.edits > before)


async def test_the_list_is_shown_to_the_member_alone(server: Server) -> None:
    job = await server.done(server.mira)
    await server.done(server.leo)
    asked = await server.mira.slash(server.channel, "jobs list")
    told = await server.told(asked)
    assert listed(told) == [job.id]
    assert asked.message is not None
    assert asked.message.ephemeral
    assert asked.message.pinged.users == []


async def test_pages_are_turned_in_place(server: Server) -> None:
    prompts = [f"boat {number}" for number in range(7)]
    for prompt in prompts:
        server.db.now += 1
        await server.done(server.mira, params=JobParams(prompt, clips=1))
    page = await opened(server, await server.mira.slash(server.channel, "jobs list"))
    assert prompts_of(page) == prompts[:1:-1]
    await turned(server, page, "Next")
    assert prompts_of(page) == prompts[1::-1]
    await turned(server, page, "Previous")
    assert prompts_of(page) == prompts[:1:-1]


async def test_a_list_is_narrowed_down_as_asked_and_by_its_buttons(server: Server) -> None:
    await server.done(server.mira, params=JobParams("a red kite"))
    await server.done(server.mira, kind=Kind.IMAGINE, params=JobParams("a drawn kite", motion=None))
    await server.db.failed(
        user=server.mira.id,
        guild=server.guild.id,
        channel_id=server.channel.id,
        params=JobParams("a boat that sank"),
    )
    page = await opened(server, await server.mira.slash(server.channel, "jobs list", only="pictures"))
    assert prompts_of(page) == ["a drawn kite"]
    for label, found in (("Failed", ["a boat that sank"]), ("Films", ["a boat that sank", "a red kite"])):
        await turned(server, page, label)
        assert sorted(prompts_of(page)) == found
    page = await opened(server, await server.mira.slash(server.channel, "jobs list", words="KIT a"))
    assert sorted(prompts_of(page)) == ["a drawn kite", "a red kite"]
    await turned(server, page, "Films")
    assert prompts_of(page) == ["a red kite"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("%_", "“\\_” holds no word to look for."),
        ("!?", "“!?” holds no word to look for."),
        ("x" * 2_000, "The words have 2,000 characters, and I can look for 40. Type fewer words."),
    ],
)
async def test_words_that_cannot_be_looked_for_are_refused_at_once(server: Server, words: str, told: str) -> None:
    for command in ("jobs list", "favourites"):
        asked = await server.mira.slash(server.channel, command, words=words)
        assert (await server.told(asked)).startswith(told)
        assert asked.message is not None
        assert asked.message.edits == 0


async def test_the_pages_of_a_list_are_for_its_member_alone(server: Server) -> None:
    for _ in range(6):
        await server.done(server.mira, params=JobParams("mira's boat", clips=1))
    page = await opened(server, await server.mira.slash(server.channel, "jobs list"))
    forged = await server.card(row_of(ListPageButton(JobQuery(server.mira.id), label="Next")))
    told = await server.told(await server.leo.click(forged, forged.buttons[0]))
    assert told == "Only the member who asked for this list may turn its pages. /jobs list shows yours."
    # Who makes a button up that is their own's sees what is their own.
    own = await server.card(row_of(ListPageButton(JobQuery(server.leo.id), NEWEST, "Next")))
    clicked = await server.leo.click(own, own.buttons[0])
    await own.until(lambda message: "You have no jobs" in message.text)
    assert "mira" not in own.text
    assert clicked is not None
    assert prompts_of(page) == ["mira's boat"] * 5


async def test_a_listed_job_is_shown_again_by_its_button(server: Server) -> None:
    job = await server.done(server.mira)
    page = await opened(server, await server.mira.slash(server.channel, "jobs list"))
    await (await server.mira.click(page, f"show:{job.id}")).answered()
    [again] = await server.until(lambda jobs: jobs[0].state is State.READY)
    assert again.id == job.id
    told = await server.told(await server.mira.click(page, f"show:{job.id}"))
    assert told.startswith(f"Job {job.id} is being shown just now.")


async def test_a_listed_job_that_waits_is_cancelled_by_its_button(server: Server) -> None:
    job = await server.db.queued(user=server.mira.id, guild=server.guild.id, channel_id=server.channel.id)
    page = await opened(server, await server.mira.slash(server.channel, "jobs list"))
    assert "8 credits came back" in await server.told(await server.mira.click(page, f"cancel:{job.id}"))
    assert (await server.db.get(job.id)).error_code == "cancelled"


async def test_a_button_of_a_job_that_may_not_be_seen_shows_nothing(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    job = await server.db.done(user=server.mira.id, guild=server.guild.id, channel_id=hidden.id)
    forged = await server.card(row_of(ShowButton(job.id), ShowButton("nothing")))
    for button in forged.buttons:
        assert "here that you may see" in await server.told(await server.leo.click(forged, button))
    assert (await server.db.get(job.id)).state is State.DONE


async def test_thumbnails_are_sent_with_the_page_that_shows_them_and_go_with_it(server: Server) -> None:
    jobs: list[Job] = []
    for number in range(6):
        server.db.now += 1
        jobs.append(await server.done(server.mira, params=JobParams(f"boat {number}", clips=1)))
    for job in (jobs[0], jobs[4]):
        await server.media.keep(thumbnail_path(job.id), f"picture of {job.id}".encode())
    page = await opened(server, await server.mira.slash(server.channel, "jobs list"))
    assert [media.data for media in page.media] == [f"picture of {jobs[4].id}".encode()]
    await turned(server, page, "Next")
    assert [media.data for media in page.media] == [f"picture of {jobs[0].id}".encode()]


async def test_a_finished_job_comes_to_the_new_card(server: Server) -> None:
    job = await server.done(server.mira)
    asked = await server.leo.slash(server.channel, "jobs show", id=f" {job.id.upper()}")
    await asked.answered()
    [again] = await server.until(lambda jobs: jobs[0].state is State.READY)
    assert asked.message is not None
    assert again.message_id == asked.message.id
    assert await server.db.used(server.mira.id, server.guild.id) == 8


@pytest.mark.parametrize("who", ["leo", "mira"])
async def test_a_job_of_a_hidden_channel_is_shown_to_its_member_alone(server: Server, who: str) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    job = await server.db.done(user=server.mira.id, guild=server.guild.id, channel_id=hidden.id)
    asked = await getattr(server, who).slash(server.channel, "jobs show", id=job.id)
    if who == "leo":
        assert await server.told(asked) == (
            f"There is no job {job.id} here that you may see. "
            "An id looks like `1m7wte9b7e357w`; /jobs list names yours."
        )
        assert (await server.db.get(job.id)).state is State.DONE
    else:
        await server.until(lambda jobs: jobs[0].state is State.READY)


async def test_moderators_see_jobs_of_a_channel_that_is_gone(server: Server) -> None:
    gone = server.guild.text_channel("gone")
    job = await server.db.done(user=server.mira.id, guild=server.guild.id, channel_id=gone.id)
    gone.delete()
    assert job.id in await server.told(await server.leo.slash(server.channel, "jobs show", id=job.id))
    assert (await server.db.get(job.id)).state is State.DONE
    await (await server.ada.slash(server.channel, "jobs show", id=job.id)).answered()
    await server.until(lambda jobs: jobs[0].state is State.READY)


async def test_what_did_not_reach_its_member_stands_first_in_their_list_however_old_it_is(server: Server) -> None:
    old = await server.undelivered(server.mira)
    newer: list[str] = []
    for _ in range(11):
        server.db.now += 1
        newer.append((await server.done(server.mira)).id)
    told = await server.told(await server.mira.slash(server.channel, "jobs list"))
    assert listed(told) == [old.id, *newer[:6:-1]]
    assert f"made, but not delivered: `/jobs show id:{old.id}`" in told


async def test_a_thread_that_was_unlocked_while_the_bot_was_away_catches_up_at_its_start(server: Server) -> None:
    thread = server.channel.thread("a thread")
    locked = server.channel.thread("a locked thread")
    locked.archive(locked=True)
    job = await server.undelivered(server.mira, channel_id=thread.id)
    still = await server.undelivered(server.mira, channel_id=locked.id)
    server.client.dispatch("ready")
    await server.until(lambda jobs: any(one.state is State.READY for one in jobs))
    assert (await server.db.get(job.id)).state is State.READY
    assert (await server.db.get(still.id)).state is State.DONE


async def test_a_thread_that_is_unlocked_catches_up(server: Server) -> None:
    await server.client.wait_until_ready()
    thread = server.channel.thread("a thread")
    thread.archive(locked=True)
    job = await server.undelivered(server.mira, channel_id=thread.id, message_id=71)
    elsewhere = await server.undelivered(server.leo)
    thread.archive(locked=True)
    thread.unarchive()
    await server.until(lambda jobs: any(one.state is State.READY for one in jobs))
    again = await server.db.get(job.id)
    assert (again.state, again.message_id, again.error_code) == (State.READY, 71, None)
    assert (await server.db.get(elsewhere.id)).state is State.DONE


async def test_jobs_of_another_server_are_not_there(server: Server) -> None:
    job = await server.db.done(user=server.mira.id)
    assert "here that you may see" in await server.told(await server.mira.slash(server.channel, "jobs show", id=job.id))


@pytest.mark.parametrize("shown_in", ["shown where all may read", "shown where few may read"])
async def test_who_may_see_a_job_follows_where_it_was_asked_for_wherever_it_is_shown(
    server: Server, shown_in: str
) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    asked_in, again = (server.channel, hidden) if shown_in == "shown where few may read" else (hidden, server.channel)
    job = await server.db.done(user=server.mira.id, guild=server.guild.id, channel_id=asked_in.id)
    await (await server.mira.slash(again, "jobs show", id=job.id)).answered()
    [ready] = await server.until(lambda jobs: jobs[0].state is State.READY)
    assert (ready.channel_id, ready.asked_channel_id) == (again.id, asked_in.id)
    await server.db.store.jobs.finish(await server.db.claim(ready))
    asked = await server.leo.slash(server.channel, "jobs show", id=job.id)
    if asked_in is hidden:
        assert "here that you may see" in await server.told(asked)
    else:
        await asked.answered()
        await server.until(lambda jobs: jobs[0].state is State.READY)


@pytest.mark.parametrize("pasted", ["`{}`", "#{}", " job {} ", "**{}**"])
async def test_an_id_is_taken_as_it_was_pasted(server: Server, pasted: str) -> None:
    job = await server.done(server.mira)
    await (await server.leo.slash(server.channel, "jobs show", id=pasted.format(job.id))).answered()
    assert [shown.id for shown in await server.until(lambda jobs: jobs[0].state is State.READY)] == [job.id]


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("jobs show", {"id": "a boat"}),
        ("seed", {"job": "a boat"}),
        ("extend", {"job": "a boat", "clip": 1}),
        ("region", {"job": "a boat"}),
    ],
)
async def test_what_can_be_no_id_is_refused_with_a_good_one(
    server: Server, command: str, options: dict[str, Any]
) -> None:
    masks: dict[str, Any] = {"mask": server.image()} if command == "region" else {}
    told = await server.refused(await server.mira.slash(server.channel, command, **options, **masks))
    assert told == (
        "“a boat” is not the id of a job. Nothing was charged. "
        "An id looks like `1m7wte9b7e357w`; /jobs list names yours."
    )


@pytest.mark.parametrize(
    ("command", "options"), [("seed", {"job": "nonsense"}), ("extend", {"job": "nonsense", "clip": 1})]
)
async def test_a_job_that_is_not_there_is_said_not_to_be_there(
    server: Server, command: str, options: dict[str, Any]
) -> None:
    told = await server.refused(await server.mira.slash(server.channel, command, **options))
    assert told.startswith("There is no job nonsense here that you may see. Nothing was charged. An id looks like")


async def test_the_seed_of_a_film_is_refused_for_what_it_is(server: Server) -> None:
    film = await server.done(server.mira)
    told = await server.refused(await server.mira.slash(server.channel, "seed", job=film.id))
    assert told.startswith(f"Job {film.id} has no pictures to go on from. Nothing was charged.")
