"""Who keeps order is decided by permissions in code: in the job's channel, or in the whole server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

import pytest
from discord import app_commands

from bot.client import Animatic
from bot.ui import permissions
from bot.ui.buttons import DiscardButton
from bot.ui.interactions import Interaction, defer_update
from sandbox.discord import Permission, TextChannel, User
from sandbox.discord.channels import Thread
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

Question = Callable[[Interaction], Awaitable[bool]]


async def ask(server: Server, who: User, question: Question, place: TextChannel | Thread | None = None) -> bool:
    """Let somebody click in a channel, and answer a question about who clicked."""
    told: asyncio.Queue[bool] = asyncio.Queue()

    async def answer(interaction: Interaction, button: DiscardButton) -> None:
        await defer_update(interaction)
        told.put_nowait(await question(interaction))

    cast("Animatic", server.client).click_handlers.on_click(DiscardButton, answer)
    card = await server.card(row_of(DiscardButton("any")), place)
    await who.click(card, card.buttons[0], force=True)
    async with asyncio.timeout(10):
        return await told.get()


def give(server: Server, *allowed: Permission) -> None:
    """Let leo do something everywhere in the server."""
    for permission in allowed:
        server.guild.members[server.leo.id].give(server.guild.role(permission.name or "", permission))


def moderates(channel_id: int) -> Question:
    return lambda interaction: permissions.moderates_channel(interaction, channel_id)


def plainly(question: Callable[[Interaction], bool]) -> Question:
    async def ask_it(interaction: Interaction) -> bool:
        try:
            return question(interaction)
        except app_commands.MissingPermissions:
            return False

    return ask_it


async def test_who_may_manage_messages_in_the_jobs_channel_moderates_it_from_anywhere(server: Server) -> None:
    elsewhere = server.guild.text_channel("elsewhere")
    server.channel.set_overwrite(server.leo, allow=Permission.MANAGE_MESSAGES)
    for place in (server.channel, elsewhere):
        assert await ask(server, server.leo, moderates(server.channel.id), place)
        assert not await ask(server, server.mira, moderates(server.channel.id), place)


async def test_what_is_allowed_where_they_ask_says_nothing_of_another_channel(server: Server) -> None:
    elsewhere = server.guild.text_channel("elsewhere")
    elsewhere.set_overwrite(server.leo, allow=Permission.MANAGE_MESSAGES)
    assert not await ask(server, server.leo, moderates(server.channel.id), elsewhere)
    assert not await ask(server, server.leo, plainly(permissions.moderates_server), elsewhere)


async def test_a_channel_that_they_cannot_see_is_moderated_by_others(server: Server) -> None:
    give(server, Permission.MANAGE_MESSAGES)
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    assert not await ask(server, server.leo, moderates(hidden.id))
    assert await ask(server, server.leo, plainly(permissions.moderates_server))


async def test_a_private_thread_is_moderated_by_those_within_and_from_elsewhere_by_who_manages_threads(
    server: Server,
) -> None:
    thread = server.channel.thread("a thread", private=True)
    thread.add(server.leo)
    give(server, Permission.MANAGE_MESSAGES)
    assert await ask(server, server.leo, moderates(thread.id), thread)
    assert not await ask(server, server.leo, moderates(thread.id))
    give(server, Permission.MANAGE_THREADS)
    assert await ask(server, server.leo, moderates(thread.id))


async def test_a_channel_that_is_gone_is_moderated_by_who_moderates_the_server(server: Server) -> None:
    assert not await ask(server, server.leo, moderates(1))
    give(server, Permission.MANAGE_MESSAGES)
    assert await ask(server, server.leo, moderates(1))


async def test_a_job_is_moderated_where_it_was_asked_for_and_where_its_card_is_and_in_no_other_server(
    server: Server,
) -> None:
    elsewhere, third = server.guild.text_channel("elsewhere"), server.guild.text_channel("third")
    job = await server.done(server.mira, channel_id=elsewhere.id)

    async def question(interaction: Interaction) -> bool:
        return await permissions.moderates_job(interaction, job)

    third.set_overwrite(server.leo, allow=Permission.MANAGE_MESSAGES)
    assert not await ask(server, server.leo, question, third)
    elsewhere.set_overwrite(server.leo, allow=Permission.MANAGE_MESSAGES)
    assert await ask(server, server.leo, question, third)


@pytest.mark.parametrize(
    ("held", "allowed"),
    [
        ((), set[str]()),
        ((Permission.MANAGE_MESSAGES,), {"moderators"}),
        ((Permission.MODERATE_MEMBERS,), set[str]()),
        ((Permission.MANAGE_MESSAGES, Permission.MODERATE_MEMBERS), {"moderators", "blockers"}),
        ((Permission.MANAGE_GUILD,), {"managers"}),
        ((Permission.ADMINISTRATOR,), {"moderators", "blockers", "managers"}),
    ],
    ids=["a member", "a moderator", "who only times out", "who may block", "an admin", "an administrator"],
)
async def test_each_door_lets_those_through_who_have_its_permissions(
    server: Server, held: tuple[Permission, ...], allowed: set[str]
) -> None:
    give(server, *held)
    doors = {
        "moderators": permissions.only_moderators,
        "blockers": permissions.only_blockers,
        "managers": permissions.only_managers,
    }
    passed = {name for name, door in doors.items() if await ask(server, server.leo, plainly(door))}
    assert passed == allowed
