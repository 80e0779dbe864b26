"""Who may see a job: who asked for it, who may read where it was asked for, and moderators of what is gone."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import discord
import pytest

from bot.client import Animatic
from bot.domain.job import Job, Kind
from bot.domain.job_lists import Needed
from bot.domain.params import JobParams
from bot.media import FileStore
from bot.services.job_history import SUGGESTED, JobHistory
from bot.ui.buttons import DiscardButton
from bot.ui.interactions import Interaction, defer_update
from bot.ui.job_access import can_view_job_id, suggest_own
from sandbox.discord import Permission, TextChannel, User
from sandbox.discord.channels import Thread
from tests.support.clock import clock_of
from tests.support.in_process_bot import InProcessBot, Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

Place = TextChannel | Thread


class Door:
    """Ask for each click on a button whether whoever pressed it may see the job that it names."""

    def __init__(self, server: Server, history: JobHistory) -> None:
        self._server = server
        self._history = history
        self._told: asyncio.Queue[bool | Exception] = asyncio.Queue()
        cast("Animatic", server.client).click_handlers.on_click(DiscardButton, self._ask)

    async def opens(self, who: User, job: Job | str, place: Place | None = None) -> bool | Exception:
        """Tell whether somebody may see a job, asked in a channel."""
        button = DiscardButton(job if isinstance(job, str) else job.id)
        card = await self._server.card(row_of(button), place)
        await who.click(card, card.buttons[0], force=True)
        async with asyncio.timeout(10):
            return await self._told.get()

    async def _ask(self, interaction: Interaction, button: DiscardButton) -> None:
        await defer_update(interaction)
        try:
            self._told.put_nowait(await can_view_job_id(interaction, self._history, button.preview_id))
        except discord.HTTPException as error:
            self._told.put_nowait(error)


@dataclass
class Asks:
    """Be as much of an interaction as suggestions look at."""

    guild_id: int | None
    user: discord.Object


@pytest.fixture
def history(server: Server, tmp_path: Path) -> JobHistory:
    return JobHistory(server.db.store, FileStore(tmp_path), clock_of(lambda: server.db.now), lambda: None)


@pytest.fixture
def door(server: Server, history: JobHistory) -> Door:
    return Door(server, history)


def make_moderator(server: Server, permission: Permission) -> None:
    """Let leo do something everywhere in the server."""
    server.guild.members[server.leo.id].give(server.guild.role("moderators", permission))


async def test_who_may_read_the_channel_sees_its_jobs_from_anywhere(server: Server, door: Door) -> None:
    job = await server.done(server.mira)
    elsewhere = server.guild.text_channel("elsewhere")
    for place in (server.channel, elsewhere):
        assert await door.opens(server.leo, job, place) is True


@pytest.mark.parametrize("denied", [Permission.VIEW_CHANNEL, Permission.READ_MESSAGE_HISTORY])
async def test_who_may_not_read_the_channel_does_not_and_its_requester_does(
    server: Server, door: Door, denied: Permission
) -> None:
    hidden = server.guild.text_channel("hidden")
    job = await server.done(server.mira, channel_id=hidden.id)
    for member in (server.leo, server.mira):
        hidden.set_overwrite(member, deny=denied)
    assert await door.opens(server.leo, job) is False
    assert await door.opens(server.mira, job) is True


async def test_who_may_not_read_what_was_before_them_sees_no_job_there_either(server: Server, door: Door) -> None:
    job = await server.done(server.mira)
    server.channel.set_overwrite(server.leo, deny=Permission.READ_MESSAGE_HISTORY)
    assert await door.opens(server.leo, job) is False


async def test_a_job_of_another_server_or_of_nowhere_is_seen_by_nobody(
    bot: InProcessBot, server: Server, door: Door
) -> None:
    other = bot.server()
    other.guild.join(server.mira)
    job = await other.done(server.mira)
    assert await door.opens(server.mira, job) is False
    assert await door.opens(server.ada, "nothing") is False


async def test_a_thread_is_read_by_those_who_may_read_its_channel_even_when_it_is_archived(
    server: Server, door: Door
) -> None:
    thread, elsewhere = server.channel.thread("a thread"), server.guild.text_channel("elsewhere")
    job = await server.done(server.mira, channel_id=thread.id)
    thread.archive()
    assert await door.opens(server.leo, job, elsewhere) is True
    server.channel.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    assert await door.opens(server.leo, job, elsewhere) is False


async def test_what_a_member_may_do_where_they_ask_opens_no_other_channel(server: Server, door: Door) -> None:
    staff, own = server.guild.text_channel("staff"), server.guild.text_channel("own")
    job = await server.done(server.mira, channel_id=staff.id)
    staff.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    own.set_overwrite(server.leo, allow=Permission.MANAGE_MESSAGES | Permission.MANAGE_THREADS)
    assert await door.opens(server.leo, job, own) is False
    staff.delete()
    assert await door.opens(server.leo, job, own) is False


async def test_jobs_of_a_channel_that_is_gone_are_for_their_requester_and_moderators(
    server: Server, door: Door
) -> None:
    doomed = server.guild.text_channel("doomed")
    job = await server.done(server.mira, channel_id=doomed.id)
    doomed.delete()
    assert await door.opens(server.leo, job) is False
    assert await door.opens(server.mira, job) is True
    make_moderator(server, Permission.MANAGE_MESSAGES)
    assert await door.opens(server.leo, job) is True


async def test_a_channel_that_discord_does_not_tell_of_is_not_taken_for_one_that_is_gone(
    server: Server, door: Door
) -> None:
    doomed = server.guild.text_channel("doomed")
    job = await server.done(server.mira, channel_id=doomed.id)
    doomed.delete()
    server.discord.faults.status("GET", f"/channels/{doomed.id}$", 400)
    assert isinstance(await door.opens(server.ada, job), discord.HTTPException)


@pytest.mark.parametrize("archived", [False, True])
async def test_a_private_thread_is_for_its_requester_and_moderators_alone(
    server: Server, door: Door, *, archived: bool
) -> None:
    thread = server.channel.thread("between us", owner=server.mira, private=True)
    job = await server.done(server.mira, channel_id=thread.id)
    if archived:
        thread.archive()
    assert await door.opens(server.leo, job) is False
    assert await door.opens(server.mira, job) is True
    make_moderator(server, Permission.MANAGE_THREADS)
    assert await door.opens(server.leo, job) is True


async def test_who_is_in_a_private_thread_sees_its_jobs_there_and_nowhere_else(server: Server, door: Door) -> None:
    thread = server.channel.thread("between us", owner=server.mira, private=True)
    job = await server.done(server.mira, channel_id=thread.id)
    thread.add(server.leo)
    assert await door.opens(server.leo, job, thread) is True
    assert await door.opens(server.leo, job) is False


async def test_only_ones_own_finished_jobs_of_this_server_are_suggested(bot: InProcessBot, server: Server) -> None:
    boat = await server.done(server.mira, params=JobParams("a paper boat"))
    server.db.now += 1
    kite = await server.done(server.mira, params=JobParams("a red kite"))
    await server.done(server.leo)
    await server.db.running(user=server.mira.id, guild=server.guild.id)
    await bot.server().done(server.mira)

    async def suggested(typed: str) -> list[str]:
        return await server.suggested(server.mira, "jobs show", "id", typed)

    assert await suggested("") == [kite.id, boat.id]
    assert await suggested("KITE") == [kite.id]
    assert await suggested(boat.id) == [boat.id]
    assert await suggested("nothing like it") == []


async def test_suggestions_are_no_more_and_no_longer_than_discord_takes(server: Server) -> None:
    for _ in range(SUGGESTED + 1):
        await server.done(server.mira, params=JobParams("a red kite " + "x" * 200, clips=1))
    asked = await server.mira.autocomplete(server.channel, "jobs show", focused="id", id="")
    await asked.answered()
    choices = asked.choices or []
    assert len(choices) == SUGGESTED
    assert {len(choice["name"]) <= 100 for choice in choices} == {True}


async def test_only_what_fits_is_suggested_and_nothing_outside_a_server(server: Server, history: JobHistory) -> None:
    drawn = await server.done(server.mira, kind=Kind.IMAGINE, params=JobParams("a kite", motion=None))
    await server.done(server.mira)
    found: list[list[str]] = []
    where: list[int | None] = [server.guild.id, None]
    for guild_id in where:
        asks = cast("Any", Asks(guild_id, discord.Object(server.mira.id)))
        choices = await suggest_own(history, asks, "", Needed.PICTURES)
        found.append([choice.value for choice in choices])
    assert found == [[drawn.id], []]
