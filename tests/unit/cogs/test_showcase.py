"""Sharing: who may share what, which of several, with a question out of a private thread, and where it is told."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from discord.ui import LayoutView

from bot.domain.job import Job, Kind
from bot.domain.server_settings import ServerSettings
from bot.domain.showcase import FILM, Share
from bot.ui.cards import Card, ShownClip, draw
from bot.ui.more_menu import more_row
from bot.ui.share_button import ShareButton
from sandbox.discord import EVERYONE, Interaction, Message, Permission, TextChannel, User
from sandbox.discord.channels import Thread
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTHING = Permission(0)

NO_SUCH = "There is no job {job} here that you may see."


async def open_showcase(server: Server, channel: TextChannel | None = None) -> TextChannel:
    """Name a channel for the showcase, as /setup does."""
    showcase = channel or server.guild.text_channel("showcase")

    def edit(settings: ServerSettings) -> ServerSettings:
        return replace(settings, showcase_channel_id=showcase.id)

    await server.db.store.guild_settings.change(server.guild.id, edit, server.db.now)
    return showcase


async def card_of(server: Server, job: Job, place: TextChannel | Thread | None = None) -> Message:
    clips = [ShownClip(clip.slot) for clip in await server.db.store.clips.clips(job.id)]
    return await server.card(draw(Card(job, "TTAPI", 8, clips=clips)), place)


async def choose(server: Server, who: User, job: Job, place: TextChannel | Thread | None = None) -> Interaction:
    """Choose the entry of a card's menu."""
    return await who.select(await card_of(server, job, place), f"more:{job.id}", "share")


async def asked(interaction: Interaction) -> Message:
    """Give the question that only who asked sees."""
    question = await interaction.private_reply(10)
    return await question.until(lambda message: bool(message.buttons), 10)


async def shares(server: Server, job: Job) -> list[Share]:
    found = [await server.db.store.shares.get(job.id, slot) for slot in (*range(4), FILM)]
    return [share for share in found if share is not None]


async def shared(server: Server, job: Job, slot: int = 0) -> Share:
    """Wait for a wish to be written down."""
    async with asyncio.timeout(10):
        while (share := await server.db.store.shares.get(job.id, slot)) is None:  # noqa: ASYNC110  # the bot writes it
            await asyncio.sleep(0.005)
    return share


async def refused(server: Server, job: Job, interaction: Interaction) -> str:
    told = await server.told(interaction)
    assert await shares(server, job) == []
    return told


def moderate(server: Server, who: User) -> None:
    server.guild.members[who.id].give(server.guild.role("Mods", Permission.MANAGE_MESSAGES))


async def test_a_single_result_is_shared_at_once(server: Server) -> None:
    showcase = await open_showcase(server)
    job = await server.done(server.mira, clips=1)
    chosen = await choose(server, server.mira, job)
    share = await shared(server, job)
    assert (share.guild_id, share.user_id, share.channel_id) == (server.guild.id, server.mira.id, showcase.id)
    reply = chosen.message
    assert reply is not None
    assert reply.ephemeral
    assert (share.answer_id, share.token, share.again) == (reply.id, chosen.token, 0)


async def test_of_four_clips_it_is_asked_which_and_the_answer_takes_the_place_of_the_question(server: Server) -> None:
    await open_showcase(server)
    job = await server.done(server.mira)
    question = await asked(await choose(server, server.mira, job))
    assert question.text == "Which one do you want to share? They count left to right, top to bottom."
    assert [one.custom_id for one in question.buttons] == [f"share:{job.id}:{number}" for number in range(1, 5)]
    assert await shares(server, job) == []
    await server.mira.click(question, f"share:{job.id}:3")
    assert (await shared(server, job, 2)).answer_id == question.id


async def test_each_of_four_pictures_can_be_shared(server: Server) -> None:
    await open_showcase(server)
    job = await server.done(server.mira, kind=Kind.IMAGINE)
    question = await asked(await choose(server, server.mira, job))
    await server.mira.click(question, f"share:{job.id}:2")
    await shared(server, job, 1)


async def test_of_a_storyboard_the_film_or_one_of_its_shots_is_shared(server: Server) -> None:
    await open_showcase(server)
    board = await server.db.storyboard(2, user=server.mira.id, guild=server.guild.id)
    first, second = [await shot_of(server, board.id, shot) for shot in range(2)]
    await server.db.store.storyboards.set_film(board, second.id, "film1.mp4", parts=2, seconds=9.5, size=10)
    question = await asked(await server.mira.select(await server.card(menu_of(first)), f"more:{first.id}", "share"))
    assert question.text == "What do you want to share: the whole film, or one of its shots?"
    assert [(one.label, one.custom_id) for one in question.buttons] == [
        ("The film", f"share:{second.id}:film"),
        ("1", f"share:{first.id}:1"),
        ("2", f"share:{second.id}:1"),
    ]
    await server.mira.click(question, f"share:{second.id}:film")
    await shared(server, second, FILM)


async def shot_of(server: Server, storyboard_id: str, shot: int) -> Job:
    """Give one shot that is made."""
    job = await server.done(server.mira, clips=1)
    async with server.db.database.transaction() as tx:
        await tx.fetch("update job set storyboard_id = $2, shot = $3 where id = $1", job.id, storyboard_id, shot)
    return await server.db.get(job.id)


def menu_of(job: Job) -> LayoutView:
    """Draw a card of nothing but its menu."""
    view = LayoutView(timeout=None)
    for row in more_row(job, 0, ("share",)):
        view.add_item(row)
    return view


async def test_who_shares_something_twice_is_told_that_it_is_under_way(server: Server) -> None:
    showcase = await open_showcase(server)
    job = await server.done(server.mira, clips=1)
    await choose(server, server.mira, job)
    await shared(server, job)
    assert await server.told(await choose(server, server.mira, job)) == (
        f"It is being shared just now. It will appear in {showcase.mention}."
    )


async def test_a_moderator_shares_what_others_made_and_credits_them(server: Server) -> None:
    await open_showcase(server)
    moderate(server, server.leo)
    job = await server.done(server.mira, clips=1)
    await choose(server, server.leo, job)
    share = await shared(server, job)
    assert (share.user_id, share.again) == (server.mira.id, 1)


async def test_nobody_else_shares_it_not_even_by_a_forged_click(server: Server) -> None:
    await open_showcase(server)
    job = await server.done(server.mira)
    told = "Only who made something, or a moderator, may share it. Share something of your own."
    assert await refused(server, job, await choose(server, server.leo, job)) == told
    for sure in (False, True):
        # Discord lets nobody click what does not stand on a message; here it does.
        forged = await server.card(row_of(ShareButton(job.id, 1, sure=sure)))
        assert await refused(server, job, await server.leo.click(forged, forged.buttons[0])) == told
        assert forged.buttons


async def test_a_job_of_another_server_or_of_nobody_is_not_there(server: Server) -> None:
    await open_showcase(server)
    other = await server.db.done(user=server.mira.id, guild=1, clips=1)
    told = await refused(server, other, await choose(server, server.mira, other))
    assert told.startswith(NO_SUCH.format(job=other.id))
    for job_id in (other.id, "nothing"):
        forged = await server.card(row_of(ShareButton(job_id, 0, sure=True)))
        told = await refused(server, other, await server.mira.click(forged, forged.buttons[0]))
        assert told.startswith(NO_SUCH.format(job=job_id))


@pytest.mark.parametrize("slot", [8, FILM])
async def test_a_result_that_is_not_there_is_not_shared(server: Server, slot: int) -> None:
    await open_showcase(server)
    job = await server.done(server.mira)
    forged = await server.card(row_of(ShareButton(job.id, slot)))
    assert await refused(server, job, await server.mira.click(forged, forged.buttons[0])) == (
        f"Job {job.id} has made nothing yet that can be shared. Wait until it is ready."
    )


async def test_what_is_not_ready_or_made_nothing_is_not_shared(server: Server) -> None:
    await open_showcase(server)
    place: dict[str, Any] = {"user": server.mira.id, "guild": server.guild.id, "channel_id": server.channel.id}
    for job in (await server.db.running(**place), await server.done(server.mira, kind=Kind.DESCRIBE)):
        card = await server.card(row_of(ShareButton(job.id, 0)))
        told = await refused(server, job, await server.mira.click(card, f"share:{job.id}:1"))
        assert told.startswith(f"Job {job.id} has made nothing yet")


async def test_a_blocked_member_shares_nothing(server: Server) -> None:
    await open_showcase(server)
    job = await server.done(server.mira, clips=1)
    await server.db.store.accounts.set_allowance(server.guild.id, "member", server.mira.id, 0, server.db.now)
    told = await refused(server, job, await choose(server, server.mira, job))
    assert "blocked" in told.lower()
    card = await server.card(row_of(ShareButton(job.id, 0)))
    assert await refused(server, job, await server.mira.click(card, f"share:{job.id}:1")) == told


async def test_out_of_a_private_thread_its_maker_shares_after_a_question(server: Server) -> None:
    showcase = await open_showcase(server)
    thread = server.channel.thread("secret", owner=server.mira, private=True)
    job = await server.done(server.mira, clips=1, channel_id=thread.id)
    question = await asked(await choose(server, server.mira, job, thread))
    assert question.text == (
        f"You made this in a private thread. Everybody who reads {showcase.mention} will see it, with your prompt and "
        "your name. Share it?"
    )
    assert await shares(server, job) == []
    await server.mira.click(question, f"share:{job.id}:1:sure")
    assert (await shared(server, job)).answer_id == question.id


async def test_out_of_a_private_thread_nobody_else_shares_not_even_a_moderator(server: Server) -> None:
    await open_showcase(server)
    moderate(server, server.leo)
    thread = server.channel.thread("secret", owner=server.mira, private=True)
    thread.add(server.leo)
    job = await server.done(server.mira, clips=1, channel_id=thread.id)
    told = await refused(server, job, await choose(server, server.leo, job, thread))
    assert told == "This was made in a private thread, so only its maker may share it. Ask them to."
    for sure in (False, True):
        forged = await server.card(row_of(ShareButton(job.id, 0, sure=sure)))
        answer = await refused(server, job, await server.leo.click(forged, forged.buttons[0]))
        # From elsewhere nobody knows that leo is in that thread.
        assert answer.startswith(NO_SUCH.format(job=job.id))


async def test_out_of_a_channel_that_not_everybody_sees_only_its_maker_shares_after_a_question(server: Server) -> None:
    showcase = await open_showcase(server)
    moderate(server, server.leo)
    staff = server.guild.text_channel("staff", overwrites={server.guild.everyone: (NOTHING, Permission.VIEW_CHANNEL)})
    for member in (server.mira, server.leo, server.discord.bot_user):
        staff.set_overwrite(member, allow=Permission.VIEW_CHANNEL)
    job = await server.done(server.mira, clips=1, channel_id=staff.id)
    assert await refused(server, job, await choose(server, server.leo, job, staff)) == (
        "This was made in a channel that not everybody sees, so only its maker may share it. Ask them to."
    )
    question = await asked(await choose(server, server.mira, job, staff))
    assert question.text == (
        f"You made this in a channel that not everybody sees. Everybody who reads {showcase.mention} will see it, "
        "with your prompt and your name. Share it?"
    )
    assert await shares(server, job) == []
    # A showcase that not everybody sees either is no way out to them.
    showcase.set_overwrite(server.guild.everyone, deny=Permission.VIEW_CHANNEL)
    showcase.set_overwrite(server.discord.bot_user, allow=EVERYONE)
    await choose(server, server.leo, job, staff)
    await shared(server, job)


async def test_out_of_a_channel_that_is_gone_it_is_said_so(server: Server) -> None:
    await open_showcase(server)
    moderate(server, server.leo)
    gone = server.guild.text_channel("gone")
    job = await server.done(server.mira, clips=1, channel_id=gone.id)
    gone.delete()
    assert await refused(server, job, await choose(server, server.leo, job)) == (
        "The channel where this was made is gone, or I cannot see it, so only its maker may share it. Ask them to."
    )
    question = await asked(await choose(server, server.mira, job))
    assert question.text.startswith("The channel where you made this is gone, or I cannot see it. Everybody who reads ")


async def test_who_may_not_read_the_channel_knows_of_no_job(server: Server) -> None:
    await open_showcase(server)
    hidden = server.guild.text_channel("hidden", overwrites={server.guild.everyone: (NOTHING, Permission.VIEW_CHANNEL)})
    job = await server.done(server.mira, clips=1, channel_id=hidden.id)
    card = await server.card(row_of(ShareButton(job.id, 0)))
    told = await refused(server, job, await server.leo.click(card, f"share:{job.id}:1"))
    assert told.startswith(NO_SUCH.format(job=job.id))


async def test_without_a_showcase_that_can_be_posted_in_it_is_told_who_can_help(server: Server) -> None:
    job = await server.done(server.mira, clips=1)
    assert await refused(server, job, await choose(server, server.mira, job)) == (
        "This server has no showcase. An admin can name a channel for it with /setup."
    )
    showcase = await open_showcase(server)
    bot = server.discord.bot_user
    showcase.set_overwrite(bot, deny=Permission.SEND_MESSAGES | Permission.ATTACH_FILES)
    assert await refused(server, job, await choose(server, server.mira, job)) == (
        "I lack Send Messages and Attach Files in the showcase. Ask an admin to allow it."
    )
    showcase.set_overwrite(bot, deny=Permission.READ_MESSAGE_HISTORY)
    assert await refused(server, job, await choose(server, server.mira, job)) == (
        "I lack Read Message History in the showcase. Ask an admin to allow it."
    )
    showcase.set_overwrite(bot, deny=Permission.VIEW_CHANNEL)
    gone = (
        "The channel of this server's showcase is gone, or I cannot see it. An admin can name another one with /setup."
    )
    assert await refused(server, job, await choose(server, server.mira, job)) == gone
    showcase.set_overwrite(bot, allow=EVERYONE)
    showcase.delete()
    assert await refused(server, job, await choose(server, server.mira, job)) == gone


async def test_the_entry_stands_on_results_alone(server: Server) -> None:
    for kind, has in ((Kind.VIDEO, True), (Kind.ACTION, True), (Kind.DESCRIBE, False), (Kind.SEED, False)):
        card = await card_of(server, await server.done(server.mira, kind=kind, clips=1))
        assert ("Share in the showcase" in str(card.components)) == has, kind
    failed = await server.db.failed(user=server.mira.id, guild=server.guild.id)
    assert "Share in the showcase" not in str((await card_of(server, failed)).components)


async def test_the_longest_button_has_room() -> None:
    assert len(str(ShareButton("a" * 32, FILM, sure=True).item.custom_id)) <= 100
