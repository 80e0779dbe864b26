"""Who may remove a job is asked first, and looked at again; nobody else's press does anything."""

import asyncio
from typing import Any

import pytest

from bot.domain.job import Job
from bot.ui.cards import Card, ShownClip, draw
from bot.ui.removal import draw_question
from sandbox.discord import Message, Permission, User
from tests.support.in_process_bot import InProcessBot, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

REMOVED = "Removed: the card and all that showed it are being deleted."
KEPT = "What was charged stays charged."
NOT_YOURS = "Only the member who asked for it, or a moderator, may remove this."


async def shown(server: Server, job: Job) -> Message:
    return await server.card(draw(Card(job, "TTAPI", 8, clips=[ShownClip(slot) for slot in range(4)])))


def make_moderator(server: Server, who: User) -> None:
    server.guild.members[who.id].give(server.guild.role("moderators", Permission.MANAGE_MESSAGES))


async def is_removed(server: Server, job: Job) -> bool:
    found = await server.db.store.jobs.get_even_removed(job.id)
    return found is not None and found.removed_ms is not None


async def question(server: Server, who: User, job: Job) -> Message:
    """Let somebody choose Remove on a job's card, and give what they are asked."""
    asked = await who.select(await shown(server, job), f"more:{job.id}", "remove")
    reply = await asked.private_reply(10)
    await reply.until(lambda message: not message.thinking, 10)
    return reply


async def test_a_member_removes_their_own_by_its_menu_after_a_question(server: Server) -> None:
    job = await server.done(server.mira)
    asked = await question(server, server.mira, job)
    assert asked.text.startswith(f"Remove job `{job.id}` for good?")
    assert asked.text.endswith(KEPT)
    assert not await is_removed(server, job)
    pressed = await server.mira.click(asked, f"remove:{job.id}:0")
    await asked.until(lambda message: message.text == f"{REMOVED} {KEPT}", 10)
    assert pressed.followups == []
    assert await is_removed(server, job)


async def test_what_waits_comes_back_and_what_is_being_made_does_not(server: Server) -> None:
    place = {"guild": server.guild.id, "channel_id": server.channel.id, "user": server.mira.id}
    waiting, running = await server.db.queued(**place), await server.db.running(**place)
    assert (await question(server, server.mira, waiting)).text.endswith("All 8 credits come back.")
    assert "nobody will see what comes of it" in (await question(server, server.mira, running)).text
    for job, told in (
        (waiting, f"{REMOVED} All 8 credits came back."),
        (running, f"{REMOVED} 1 is being made at its provider: it is paid for, and nobody will see it. {KEPT}"),
    ):
        asked = await question(server, server.mira, job)
        await server.mira.click(asked, f"remove:{job.id}:0")
        await asked.until(lambda message, told=told: message.text == told, 10)


async def test_others_are_refused_and_nothing_happens(server: Server) -> None:
    job = await server.done(server.mira)
    chosen = await server.leo.select(await shown(server, job), f"more:{job.id}", "remove")
    assert await server.told(chosen) == NOT_YOURS
    forged = await server.card(draw_question(job, shots=0, asks_why=False))
    assert await server.told(await server.leo.click(forged, f"remove:{job.id}:0", force=True)) == NOT_YOURS
    assert not await is_removed(server, job)


async def test_a_moderator_is_asked_why_and_that_is_written_down(server: Server) -> None:
    job = await server.done(server.mira)
    make_moderator(server, server.leo)
    asked = await question(server, server.leo, job)
    opened = await server.leo.click(asked, f"remove:{job.id}:1")
    await opened.answered()
    sent = await server.leo.submit(opened, {"reason": "  it is spam "})
    await sent.answered()
    await asked.until(lambda message: message.text == f"{REMOVED} {KEPT}", 10)
    rows = await server.db.database.fetch("select by_user_id, reason from removal where job_id = $1", job.id)
    assert [dict(row) for row in rows] == [{"by_user_id": server.leo.id, "reason": "it is spam"}]


async def test_a_form_that_was_kept_until_somebody_is_no_moderator_any_more_does_nothing(server: Server) -> None:
    job = await server.done(server.mira)
    make_moderator(server, server.leo)
    asked = await question(server, server.leo, job)
    opened = await server.leo.click(asked, f"remove:{job.id}:1")
    await opened.answered()
    server.guild.members[server.leo.id].roles.clear()
    sent = await server.leo.submit(opened, {"reason": "spam"})
    async with asyncio.timeout(10):
        while not sent.followups:  # noqa: ASYNC110  # the bot answers through another connection
            await asyncio.sleep(0.005)
    assert [message.text for message in sent.followups] == [NOT_YOURS]
    assert not await is_removed(server, job)


async def test_the_command_removes_a_job_with_a_reason_at_once(server: Server) -> None:
    job = await server.done(server.mira)
    make_moderator(server, server.leo)
    asked = await server.leo.slash(server.channel, "mod remove", job=job.id, reason="spam")
    assert await server.told(asked) == f"{REMOVED} {KEPT}"
    again = await server.leo.slash(server.channel, "mod remove", job=job.id)
    assert "There is no job" in await server.told(again)


async def test_a_job_of_another_server_does_not_exist(bot: InProcessBot, server: Server) -> None:
    other = bot.server()
    job = await other.done(other.mira)
    make_moderator(server, server.leo)
    asked = await server.leo.slash(server.channel, "mod remove", job=job.id)
    assert "There is no job" in await server.told(asked)
    assert not await is_removed(server, job)


async def test_a_job_of_a_channel_that_they_cannot_see_does_not_exist_for_a_moderator(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    job = await server.done(server.mira, channel_id=hidden.id)
    make_moderator(server, server.leo)
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    asked = await server.leo.slash(server.channel, "mod remove", job=job.id)
    assert "There is no job" in await server.told(asked)
    assert not await is_removed(server, job)


@pytest.mark.parametrize("named", [{}, {"since": "1h"}, {"both": True}], ids=["nothing", "only since", "both"])
async def test_a_command_that_names_neither_or_both_is_refused_at_once(
    server: Server, named: dict[str, object]
) -> None:
    make_moderator(server, server.leo)
    options: dict[str, Any] = {"job": "1m7wte9b7e357w", "member": server.mira} if "both" in named else named
    asked = await server.leo.slash(server.channel, "mod remove", **options)
    assert (await server.told(asked)).startswith("A removal needs a job, or a member and since when.")


async def test_several_are_removed_after_a_question_with_their_number(server: Server) -> None:
    before = await server.done(server.mira)
    await server.db.db_write("update job set created_ms = created_ms - 7200000 where id = $1", before.id)
    lately = [await server.done(server.mira) for _ in range(2)]
    other = await server.done(server.leo)
    make_moderator(server, server.leo)
    asked = await server.leo.slash(server.channel, "mod remove", member=server.mira, since="1h", reason="spam")
    await asked.answered()
    assert asked.modal is not None
    assert asked.modal.title == "Remove 2 jobs for good?"
    assert not await is_removed(server, lately[0])
    sent = await server.leo.submit(asked, {"reason": "spam, all of it"})
    assert (await server.told(sent)).startswith("2 jobs are removed: all that showed them is being deleted.")
    assert [await is_removed(server, job) for job in (before, *lately, other)] == [False, True, True, False]
    rows = await server.db.database.fetch("select reason from removal where job_id = $1", lately[0].id)
    assert rows[0]["reason"] == "spam, all of it"


async def test_where_there_is_nothing_to_remove_no_form_opens(server: Server) -> None:
    make_moderator(server, server.leo)
    asked = await server.leo.slash(server.channel, "mod remove", member=server.mira, since="1 day")
    assert await server.told(asked) == f"<@{server.mira.id}> asked for nothing since then that is still there."


async def test_who_moderates_one_channel_alone_does_not_remove_a_members_jobs(server: Server) -> None:
    await server.done(server.mira)
    server.channel.set_overwrite(server.leo, allow=Permission.MANAGE_MESSAGES)
    asked = await server.leo.slash(server.channel, "mod remove", member=server.mira, since="1h")
    assert await server.told(asked) == "Only members with the permission Manage Messages may do that."


async def test_the_menu_of_messages_removes_what_a_card_shows(server: Server) -> None:
    job = await server.done(server.mira)
    card = await shown(server, job)
    make_moderator(server, server.leo)
    asked = await server.leo.menu(card, "Remove")
    reply = await asked.private_reply(10)
    await reply.until(lambda message: f"Remove job `{job.id}`" in message.text, 10)
    assert [button.custom_id for button in reply.buttons] == [f"remove:{job.id}:1"]


async def test_a_card_whose_job_was_erased_for_its_age_is_known_to_moderators_and_its_maker(server: Server) -> None:
    make_moderator(server, server.leo)
    jobs = [await server.done(server.mira) for _ in range(2)]
    cards = [await shown(server, job) for job in jobs]
    later = server.db.now + 1
    assert await server.db.store.old_jobs.erase(jobs, later, later) == 2
    asked = await server.leo.menu(cards[0], "Who made this?")
    assert f"<@{server.mira.id}> asked for job `{jobs[0].id}`" in (await server.told(asked)).replace("**", "")
    opened = await server.leo.menu(cards[0], "Report to moderators")
    await opened.answered()
    assert (await server.told(await server.leo.submit(opened, {"reason": "old"}))).startswith("The moderators are told")
    removed = await server.leo.slash(server.channel, "mod remove", job=jobs[0].id)
    assert await server.told(removed) == f"{REMOVED} {KEPT}"
    question_asked = await question(server, server.mira, jobs[1])
    await server.mira.click(question_asked, f"remove:{jobs[1].id}:0")
    await question_asked.until(lambda message: message.text == f"{REMOVED} {KEPT}", 10)
    for job in jobs:
        assert await server.db.store.jobs.get_even_erased(job.id) is None


async def test_a_message_of_somebody_else_is_none_of_ours(server: Server) -> None:
    said = await server.mira.say(server.channel, "made by TTAPI, job 1m7wte9b7e357w")
    make_moderator(server, server.leo)
    asked = await server.leo.menu(said, "Remove")
    assert "job" in await server.told(asked)


async def test_the_blocked_remove_nothing(server: Server) -> None:
    job = await server.done(server.mira)
    card = await shown(server, job)
    await server.db.store.accounts.set_allowance(server.guild.id, "member", server.mira.id, 0, server.db.now)
    chosen = await server.mira.select(card, f"more:{job.id}", "remove")
    assert "blocked" in await server.told(chosen)
    assert not await is_removed(server, job)
