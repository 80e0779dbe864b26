"""Who asks is read from the payload, and whatever goes wrong is told to them alone, once, in one sentence."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

import aiohttp
import discord
import pytest

from bot.client import Animatic
from bot.errors import DatabaseError, PreviewGone
from bot.log import JsonFormatter, TextFormatter
from bot.services.requests import Requester
from bot.ui.buttons import DiscardButton
from bot.ui.interactions import (
    Interaction,
    answer,
    check_blocked_in_time,
    defer_card,
    defer_private,
    defer_update,
    requester_from,
)
from bot.ui.permissions import only_managers
from sandbox.discord import Interaction as Asked
from sandbox.discord import Message, Permission
from sandbox.discord.interactions import DID_NOT_RESPOND
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUR_MISTAKE = (
    "Something went wrong on my side. Nothing was charged. Please try again, and tell an admin if it happens again."
)
REFUSAL = (
    "This preview has ended: I keep a mask for a day, or until it is discarded. Nothing was charged. "
    "Run /region with it once more."
)
BLOCKED = (
    "An admin of this server has blocked you. Nothing was charged. "
    "Ask an admin; /help, /credits and /privacy still work."
)

FIRST_ANSWERS: dict[str, Callable[[Interaction], Awaitable[object]]] = {
    "words to come": defer_private,
    "a change to come": defer_update,
    "a card to come": defer_card,
}

CarryOut = Callable[[Interaction], Awaitable[object]]


async def press(server: Server, card: Message, carry_out: CarryOut) -> Asked:
    """Let mira press the button of a card, whose click is carried out so."""

    async def handle(interaction: Interaction, _: DiscardButton) -> None:
        await carry_out(interaction)

    cast("Animatic", server.client).click_handlers.on_click(DiscardButton, handle)
    return await server.mira.click(card, card.buttons[0])


async def pressed(server: Server, carry_out: CarryOut) -> Asked:
    """Let mira press a button of a new card."""
    return await press(server, await server.card(row_of(DiscardButton("preview"))), carry_out)


def promised(server: Server) -> list[Message]:
    """Give the answers to come that stand in the channel."""
    return [message for message in server.channel.messages if message.thinking]


class Log(logging.Handler):
    """Hold what is logged of interactions, to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.records: asyncio.Queue[logging.LogRecord] = asyncio.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.records.put_nowait(record)

    async def line(self) -> tuple[str, str]:
        """Wait for the next record; gives how grave it is, and what it says."""
        async with asyncio.timeout(10):
            record = await self.records.get()
        return record.levelname, record.getMessage()


@pytest.fixture
def log() -> Iterator[Log]:
    log = Log()
    logging.getLogger("bot.ui.interactions").addHandler(log)
    yield log
    logging.getLogger("bot.ui.interactions").removeHandler(log)


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()], ids=["text", "json"])
async def test_an_unknown_error_is_told_as_our_own_mistake_and_logged_whole_but_for_its_secrets(
    server: Server, log: Log, formatter: logging.Formatter
) -> None:
    async def fail(interaction: Interaction) -> None:
        raise RuntimeError(f"PATCH /webhooks/{interaction.application_id}/{interaction.token}/messages/@original")

    asked = await pressed(server, fail)
    assert await server.told(asked) == OUR_MISTAKE
    record = log.records.get_nowait()
    printed = formatter.format(record)
    assert record.levelname == "ERROR"
    assert f"interaction {asked.id} failed" in printed
    assert "RuntimeError: PATCH /webhooks/" in printed
    assert asked.token not in printed


@pytest.mark.parametrize("answered", ["nothing yet", *FIRST_ANSWERS])
async def test_a_refusal_is_told_privately_whatever_was_promised_and_no_public_promise_stays(
    server: Server, log: Log, answered: str
) -> None:
    async def refuse(interaction: Interaction) -> None:
        if answered in FIRST_ANSWERS:
            await FIRST_ANSWERS[answered](interaction)
        raise PreviewGone

    card = await server.card(row_of(DiscardButton("preview")))
    asked = await press(server, card, refuse)
    assert await server.told(asked) == REFUSAL
    assert promised(server) == []
    assert [button.custom_id for button in card.buttons] == ["discard:preview"]
    assert log.records.empty()


async def test_an_answer_that_comes_too_late_is_no_error(
    server: Server, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_late = asyncio.Event()
    monkeypatch.setattr(server.discord.knobs, "first_answer_seconds", 0.05)

    async def dawdle(interaction: Interaction) -> None:
        await too_late.wait()
        await defer_card(interaction)

    asked = await pressed(server, dawdle)
    assert await asked.lapsed() == DID_NOT_RESPOND
    too_late.set()
    level, said = await log.line()
    assert level == "WARNING"
    assert said.startswith(f"interaction {asked.id} was answered by somebody else, or too late")
    assert promised(server) == []


async def test_what_another_process_has_answered_is_left_to_it(server: Server, log: Log) -> None:
    async def come_second(interaction: Interaction) -> None:
        other = f"{server.discord.api_url}/interactions/{interaction.id}/{interaction.token}/callback"
        async with aiohttp.ClientSession() as session, session.post(other, json={"type": 5}) as answer:
            assert answer.ok
        await defer_card(interaction)

    asked = await pressed(server, come_second)
    level, said = await log.line()
    assert (level, "was answered by somebody else" in said) == ("WARNING", True)
    assert promised(server) == [asked.message]
    assert asked.followups == []


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_promise_whose_answer_was_lost_is_taken_back_and_our_mistake_is_told(
    server: Server, log: Log, when: Literal["before", "after"]
) -> None:
    server.discord.faults.reset("POST", "/callback", when=when)
    asked = await pressed(server, defer_card)
    assert await server.told(asked) == OUR_MISTAKE
    assert promised(server) == []
    level, said = await log.line()
    assert level == "WARNING"
    assert said.startswith(f"interaction {asked.id}: the connection to Discord failed")


async def test_a_sentence_that_discord_does_not_take_is_given_up(server: Server, log: Log) -> None:
    async def refuse(interaction: Interaction) -> None:
        raise PreviewGone

    server.discord.faults.status("POST", "/callback", 400)
    asked = await pressed(server, refuse)
    level, said = await log.line()
    assert level == "WARNING"
    assert said.startswith(f"interaction {asked.id} could not be answered")


async def test_who_does_not_manage_the_server_is_told_what_it_takes(server: Server) -> None:
    async def manage(interaction: Interaction) -> None:
        only_managers(interaction)

    asked = await pressed(server, manage)
    assert await server.told(asked) == "Only members with the permission Manage Server may do that."


@pytest.mark.parametrize("answered", FIRST_ANSWERS)
async def test_the_blocked_are_refused_right_after_the_first_answer(server: Server, answered: str) -> None:
    went_on: list[str] = []

    async def carry_out(interaction: Interaction) -> None:
        await FIRST_ANSWERS[answered](interaction)
        went_on.append(answered)

    await server.told(await server.ada.slash(server.channel, "quota set", target=server.mira, credits=0))
    asked = await pressed(server, carry_out)
    assert await server.told(asked) == BLOCKED
    assert promised(server) == []
    assert went_on == []


async def test_what_is_open_to_the_blocked_is_answered_them(server: Server) -> None:
    async def carry_out(interaction: Interaction) -> None:
        await defer_private(interaction, open_to_blocked=True)
        await answer(interaction, "You have credits.")

    await server.told(await server.ada.slash(server.channel, "quota set", target=server.mira, credits=0))
    asked = await pressed(server, carry_out)
    assert await server.told(asked) == "You have credits."


@dataclass
class Blocks:
    """Be a database that is locked, or that never answers."""

    locked: bool

    async def check(self, *_: object) -> None:
        """Fail, or wait for ever."""
        if self.locked:
            raise DatabaseError("locked")
        await asyncio.Event().wait()


@dataclass
class Opening:
    """Be as much of an interaction as is looked at before a form opens; it is its own client."""

    blocks: Blocks
    id: int = 7
    guild_id: int = 1

    @property
    def client(self) -> "Opening":
        """Give the client that knows who is blocked."""
        return self

    @property
    def user(self) -> discord.Object:
        """Give a person without roles."""
        return discord.Object(11)


@pytest.mark.parametrize("locked", [True, False])
async def test_a_form_opens_where_nobody_knows_in_time_who_is_blocked(log: Log, *, locked: bool) -> None:
    await check_blocked_in_time(cast("Any", Opening(Blocks(locked))))
    level, said = await log.line()
    assert level == "WARNING"
    assert said.startswith("interaction 7: nobody knows in time who is blocked")


@pytest.mark.parametrize(
    ("denied", "in_thread", "missing"),
    [
        (Permission.SEND_MESSAGES, False, ("Send Messages",)),
        (Permission.ATTACH_FILES, False, ("Attach Files",)),
        (Permission.SEND_MESSAGES_IN_THREADS, False, ()),
        (Permission.SEND_MESSAGES_IN_THREADS, True, ("Send Messages in Threads",)),
        (Permission.ATTACH_FILES, True, ("Attach Files",)),
    ],
)
async def test_who_asks_is_read_with_their_roles_and_what_the_bot_lacks_in_that_place(
    server: Server, denied: Permission, missing: tuple[str, ...], *, in_thread: bool
) -> None:
    read: list[Requester] = []

    async def carry_out(interaction: Interaction) -> None:
        read.append(requester_from(interaction))
        await defer_update(interaction)

    painters = server.guild.role("painters")
    server.guild.members[server.mira.id].give(painters)
    server.mira.locale = "de"
    place = server.channel.thread("a thread") if in_thread else server.channel
    card = await server.card(row_of(DiscardButton("preview")), place)
    server.channel.set_overwrite(server.discord.bot_user, deny=denied)
    asked = await press(server, card, carry_out)
    await asked.answered()
    assert read == [
        Requester(
            request_id=str(asked.id),
            guild_id=server.guild.id,
            channel_id=place.id,
            user_id=server.mira.id,
            roles=(painters.id,),
            file_limit=server.discord.knobs.attachment_size_limit,
            missing_permissions=missing,
            parent_channel_id=server.channel.id if in_thread else None,
            locale="de",
        )
    ]
