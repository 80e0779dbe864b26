"""/mod jobs, /mod who and *Who made this?*: what moderators are told, and what they are not."""

from typing import Any

import pytest

from bot.domain.job import Job, Kind
from bot.domain.job_lists import JobQuery, Place
from bot.domain.params import JobParams
from bot.ui.cards import Card, ShownClip, draw, draw_result
from bot.ui.film import ShownFilm, draw_film
from bot.ui.list_buttons import ListPageButton
from bot.ui.who_made import draw_maker
from sandbox.discord import Message, Permission, User
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

WHO = "Who made this?"


@pytest.fixture(autouse=True)
def moderator(server: Server) -> None:
    """Let leo keep order."""
    server.guild.members[server.leo.id].give(server.guild.role("moderator", Permission.MANAGE_MESSAGES))


async def mod(server: Server, command: str, by: User | None = None, **options: Any) -> str:
    return await server.told(await (by or server.leo).slash(server.channel, f"mod {command}", force=True, **options))


async def pressed(server: Server, message: Message, by: User | None = None) -> str:
    return await server.told(await (by or server.leo).menu(message, WHO, force=True))


async def card_of(server: Server, job: Job) -> Message:
    return await server.card(draw(Card(job, "TTAPI", 8, clips=[ShownClip(slot) for slot in range(4)])))


async def private_job(server: Server) -> Job:
    """Let mira ask for something in a private thread that leo is not in."""
    thread = server.channel.thread("a secret", private=True)
    thread.add(server.mira)
    return await server.done(server.mira, channel_id=thread.id, params=JobParams("a secret", clips=1))


async def test_a_moderator_sees_a_members_jobs_and_what_is_known_of_them(server: Server) -> None:
    job = await server.done(server.mira)
    other = server.discord.guild(f"beside {server.guild.id}", owner=server.ada)
    elsewhere = await server.db.done(user=server.mira.id, guild=other.id)
    for refused in (job, elsewhere):
        await server.db.store.strikes.add(refused, "2020-01-01")
    asked = await server.leo.slash(server.channel, "mod jobs", member=server.mira)
    told = await server.told(asked)
    assert told.startswith(
        f"### Jobs of <@{server.mira.id}>\n"
        "Spent 8 credits in this period, 8 in all. 1 prompt was refused for its words, 0 of them today.\n"
    )
    assert f"job `{job.id}`" in told
    assert elsewhere.id not in told
    assert asked.message is not None
    assert asked.message.ephemeral
    assert asked.message.pinged.users == []


async def test_a_blocked_member_is_told_as_such(server: Server) -> None:
    await server.told(await server.ada.slash(server.channel, "mod block", member=server.mira))
    assert "No prompt was ever refused for its words. Blocked without an end." in await mod(
        server, "jobs", member=server.mira
    )
    await server.told(await server.ada.slash(server.channel, "mod unblock", member=server.mira))
    await server.told(await server.ada.slash(server.channel, "quota set", target=server.mira, credits=0))
    assert "Blocked by a quota of 0." in await mod(server, "jobs", member=server.mira)


async def test_who_has_left_is_listed_too_and_words_narrow_it_down(server: Server) -> None:
    await server.done(server.mira, params=JobParams("a paper boat", clips=1))
    await server.db.store.words.fill_in()
    server.guild.leave(server.mira)
    assert "a paper boat" in await mod(server, "jobs", member=server.mira)
    assert "Nothing fits." in await mod(server, "jobs", member=server.mira, words="kite")


async def test_what_was_asked_for_in_a_private_thread_is_told_those_alone_who_may_read_there(server: Server) -> None:
    job = await private_job(server)
    told = await mod(server, "jobs", member=server.mira)
    assert "This was asked for where you may not read." in told
    assert job.id not in told
    assert f"There is no job {job.id} here that you may see." in await mod(server, "who", what=job.id)
    server.guild.members[server.leo.id].give(server.guild.role("threads", Permission.MANAGE_THREADS))
    assert job.id in await mod(server, "jobs", member=server.mira)
    assert f"**<@{server.mira.id}>** asked for job" in await mod(server, "who", what=job.id)


async def test_pages_of_another_members_list_are_turned_by_moderators_alone(server: Server) -> None:
    await server.done(server.mira)
    page = ListPageButton(JobQuery(server.mira.id, moderated=True), Place(2**53, ""))
    own = ListPageButton(JobQuery(server.mira.id), Place(2**53, ""))
    card = await server.card(row_of(page, own))
    ann = server.discord.user(f"ann of {server.guild.id}")
    server.guild.join(ann)
    for button, told in (
        (page, "Only members with the permission Manage Messages may do that."),
        (own, "Only the member who asked for this list may turn its pages."),
    ):
        asked = await ann.click(card, button.custom_id, force=True)
        assert (await asked.private_reply(10)).text.startswith(told)
    await server.leo.click(card, page.custom_id)
    await card.until(lambda message: "### Jobs of" in message.text)


@pytest.mark.parametrize("command", ["jobs", "who"])
async def test_a_member_is_told_nothing_by_either_command_nor_by_the_menu(server: Server, command: str) -> None:
    job = await server.done(server.leo)
    options: dict[str, Any] = {"member": server.leo} if command == "jobs" else {"what": job.id}
    refusal = "Only members with the permission Manage Messages may do that."
    assert await mod(server, command, server.mira, **options) == refusal
    assert await pressed(server, await card_of(server, job), server.mira) == refusal


async def test_who_made_it_is_told_nothing_that_only_moderators_are(server: Server) -> None:
    job = await server.done(server.mira)
    told = await mod(server, "who", server.mira, what=job.id)
    assert told == "Only members with the permission Manage Messages may do that."


async def test_a_blocked_moderator_is_told_why_they_are_and_nothing_else(server: Server) -> None:
    job = await server.done(server.mira)
    card = await card_of(server, job)
    await mod(server, "block", server.ada, member=server.leo, reason="lunch")
    for told in (
        await mod(server, "jobs", member=server.mira),
        await mod(server, "who", what=job.id),
        await pressed(server, card),
        await server.told(await server.leo.select(await server.card(draw_maker(job, None)), "remove-listed", job.id)),
    ):
        assert told.startswith("A moderator of this server has blocked you: “lunch”.")


async def test_who_moderates_one_channel_alone_is_told_of_its_jobs_and_nothing_of_members(server: Server) -> None:
    job = await server.done(server.leo)
    server.channel.set_overwrite(server.mira, allow=Permission.MANAGE_MESSAGES)
    told = await mod(server, "who", server.mira, what=job.id)
    assert f"**<@{server.leo.id}>** asked for job `{job.id}`" in told
    assert "Spent" not in told
    assert "permission Manage Messages" in await mod(server, "jobs", server.mira, member=server.leo)


async def test_who_made_a_job_is_told_with_what_it_says_and_is_known_of_them(server: Server) -> None:
    job = await server.done(server.mira, params=JobParams("a *boat* for <@1>", clips=4))
    asked = await server.leo.slash(server.channel, "mod who", what=f"job `{job.id}`")
    told = await server.told(asked)
    assert told.startswith(f"**<@{server.mira.id}>** asked for job `{job.id}`, video, <t:")
    assert f"-# member `{server.mira.id}`, 8 credits, TTAPI\n> a \\*boat\\* for \\<\\@1>\n" in told
    assert told.endswith("Spent 8 credits in this period, 8 in all. No prompt was ever refused for its words.")
    assert asked.message is not None
    assert asked.message.pinged.users == []


async def test_a_card_a_result_and_a_film_lead_to_their_job_by_link_and_by_menu(server: Server) -> None:
    job = await server.done(server.mira)
    film = ShownFilm(job.id, 0, 2, 10.0, ["https://a.example"], link="https://a.example/film.mp4", bytes=9)
    result = Card(job, "TTAPI", 8, clips=[ShownClip(0)], motions=(None,))
    for message in (
        await card_of(server, job),
        await server.card(draw_result(result)),
        await server.card(draw_film(film)),
    ):
        for told in (await pressed(server, message), await mod(server, "who", what=message.link)):
            assert f"asked for job `{job.id}`" in told


async def test_what_answers_a_card_leads_to_its_job(server: Server) -> None:
    job = await server.done(server.mira)
    card = await card_of(server, job)
    channel = server.client.get_partial_messageable(server.channel.id, guild_id=server.guild.id)
    sent = await channel.send("it is ready", reference=channel.get_partial_message(card.id).to_reference())
    [ping] = [message for message in server.channel.messages if message.id == sent.id]
    assert f"asked for job `{job.id}`" in await pressed(server, ping)


async def test_nothing_is_believed_of_what_others_post_and_of_messages_elsewhere(server: Server) -> None:
    job = await server.done(server.mira)
    other = server.discord.guild(f"beside {server.guild.id}", owner=server.ada)
    elsewhere = await server.db.done(user=server.mira.id, guild=other.id)
    forged = await server.mira.say(
        server.channel, f"job {job.id}", attachments=[server.image(f"animatic-{job.id}-1.png")]
    )
    foreign = await card_of(server, elsewhere)
    nothing = "I find no job in that message"
    for message in (forged, foreign):
        assert nothing in await pressed(server, message)
        assert nothing in await mod(server, "who", what=message.link)
    for link in (
        foreign.link.replace(f"/{server.guild.id}/", f"/{other.id}/"),
        f"https://discord.com/channels/{server.guild.id}/{server.channel.id}/1",
        f"https://discord.com/channels/{server.guild.id}/1/1",
    ):
        assert nothing in await mod(server, "who", what=link)
    assert "There is no job" in await mod(server, "who", what=elsewhere.id)
    assert "is not the id of a job" in await mod(server, "who", what="https://evil.example/1")


async def test_a_card_that_shows_what_a_moderator_may_not_read_is_as_if_there_were_none(server: Server) -> None:
    job = await private_job(server)
    assert "I find no job in that message" in await pressed(server, await card_of(server, job))


async def test_a_picture_without_words_has_no_quote(server: Server) -> None:
    job = await server.done(server.mira, kind=Kind.DESCRIBE, params=JobParams("", clips=1))
    assert "\n> " not in await mod(server, "who", what=job.id)


async def test_the_menu_below_another_members_list_asks_before_it_removes_one_and_once_only(server: Server) -> None:
    job, other = await server.done(server.mira), await server.done(server.mira)
    asked = await server.leo.slash(server.channel, "mod jobs", member=server.mira)
    await server.told(asked)
    assert asked.message is not None
    question = await server.leo.select(asked.message, "remove-listed", job.id)
    assert f"{job.id}" in await server.told(question)
    assert {one.id for one in await server.jobs()} == {job.id, other.id}
    assert question.message is not None
    form = await server.leo.click(question.message, f"remove:{job.id}:1")
    await form.answered()
    await (await server.leo.submit(form, {"reason": "spam"})).answered()
    await question.message.until(lambda message: not message.buttons)
    rows = await server.db.database.fetch("select job_id, by_user_id, reason from removal")
    assert [tuple(row) for row in rows if row["job_id"] in (job.id, other.id)] == [(job.id, server.leo.id, "spam")]


async def test_a_forged_choice_of_a_member_or_of_another_server_removes_nothing(server: Server) -> None:
    job = await server.done(server.leo)
    other = server.discord.guild(f"beside {server.guild.id}", owner=server.ada)
    elsewhere = await server.db.done(user=server.mira.id, guild=other.id)
    card = await server.card(draw_maker(job, None))
    for by, job_id in ((server.mira, job.id), (server.leo, elsewhere.id)):
        chosen = await by.select(card, "remove-listed", job_id, force=True)
        assert (await server.told(chosen)).startswith(("Only the member who asked for it", "There is no job"))
    rows = await server.db.database.fetch("select job_id from removal")
    assert {row["job_id"] for row in rows}.isdisjoint({job.id, elsewhere.id})
