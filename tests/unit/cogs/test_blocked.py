"""Whom an admin has blocked is refused every command, button, menu, form and suggestion, and told why."""

import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, cast

import discord
import pytest
from discord import app_commands

from bot.domain.job import Kind, State
from bot.domain.job_lists import JobQuery
from bot.domain.params import JobParams, Motion
from bot.ui.buttons import (
    BUTTONS,
    ActionButton,
    AgainButton,
    AnimateButton,
    AnimateClick,
    CancelButton,
    CardButton,
    DiscardButton,
    EditButton,
    ExtendButton,
    ExtendClick,
    ImagineButton,
    RedrawButton,
    WordsButton,
)
from bot.ui.cards import Card, draw
from bot.ui.film_button import FilmButton
from bot.ui.help_buttons import FirstPictureButton
from bot.ui.list_buttons import LIST_BUTTONS, ListPageButton, ShowButton, UnstarButton
from bot.ui.more_menu import ENTRIES
from bot.ui.storyboard_buttons import STORYBOARD_BUTTONS, DropButton, GoOnButton, MakeButton, RefillButton, StopButton
from sandbox.discord import Interaction
from tests.support.in_process_bot import InProcessBot, Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSAL = (
    "An admin of this server has blocked you. Nothing was charged. "
    "Ask an admin; /help, /credits and /privacy still work."
)

JOB = "1jd8x3k2m9f4qz"

ASKED: dict[str, dict[str, Any]] = {
    "video": {"prompt": "a boat", "source": JOB},
    "extend": {"job": JOB, "clip": 1},
    "imagine": {"prompt": "a boat"},
    "blend": {"image1": "an image", "image2": "an image"},
    "describe": {"link": "https://cdn.example/boat.png"},
    "seed": {"job": JOB},
    "region": {"job": JOB, "mask": "an image"},
    "film": {"job": JOB, "clip": 1},
    "storyboard": {"image": "an image"},
    "info": {},
    "jobs list": {},
    "favourites": {},
    "jobs show": {"id": JOB},
    "providers": {},
    "settings": {"clips": "1"},
    "preset save": {"name": "boat", "words": "in oil"},
    "preset list": {},
    "preset delete": {"name": "boat"},
}
"""Each command that members have, and what makes it a good one."""

OPEN = {"credits", "help", "privacy"}
FOR_KEEPERS = {"quota", "admin", "mod", "setup"}
"""What those have who share credits and keep order; each asks for permissions of its own."""

CLICKED: list[CardButton] = [
    FirstPictureButton(),
    ExtendButton(ExtendClick(JOB, 0, Motion.LOW)),
    AgainButton(JOB),
    EditButton(JOB),
    WordsButton(JOB),
    FilmButton(JOB),
    FilmButton(JOB, 1),
    ActionButton(JOB, "reroll"),
    AnimateButton(AnimateClick(JOB, 1, Motion.LOW)),
    ImagineButton(JOB, 1),
    RedrawButton(JOB),
    DiscardButton(JOB),
    MakeButton(JOB),
    RefillButton(JOB),
    DropButton(JOB),
    GoOnButton(JOB, 1, 2),
    ShowButton(JOB),
    UnstarButton(JOB),
]


async def block(server: Server) -> None:
    """Grant mira something, and block her all the same."""
    steps: dict[str, dict[str, Any]] = {
        "quota grant": {"member": server.mira, "credits": 40},
        "quota set": {"target": server.mira, "credits": 0},
    }
    for command, options in steps.items():
        told = await server.told(await server.ada.slash(server.channel, command, **options))
        assert f"<@{server.mira.id}>" in told


async def block_by_moderator(server: Server) -> str:
    """Block mira for an hour and say why; gives how she is refused."""
    options: dict[str, Any] = {"member": server.mira, "for": "1h", "reason": "*spam*"}
    told = await server.told(await server.ada.slash(server.channel, "mod block", **options))
    ends = re.search(r"<t:(\d+):f>", told)
    assert ends is not None
    return (
        "A moderator of this server has blocked you: “\\*spam\\*”. Nothing was charged. "
        f"It ends <t:{ends[1]}:R>, <t:{ends[1]}:f>; /help, /credits and /privacy still work."
    )


async def block_by_quota(server: Server) -> str:
    await block(server)
    return REFUSAL


Blocking = Callable[[Server], Awaitable[str]]

by_both = pytest.mark.parametrize("block_her", [block_by_quota, block_by_moderator], ids=["quota", "moderator"])


def commands_of(tree: app_commands.CommandTree[Any]) -> Iterator[str]:
    for command in tree.walk_commands():
        if not isinstance(command, app_commands.Group):
            yield command.qualified_name


async def test_every_command_that_members_have_is_among_those_asked(bot: InProcessBot) -> None:
    named = set(commands_of(cast("Any", bot.client).tree))
    assert {name for name in named if name.partition(" ")[0] not in FOR_KEEPERS} == set(ASKED) | OPEN


@by_both
@pytest.mark.parametrize("command", ASKED)
async def test_the_blocked_are_refused_every_command(server: Server, command: str, block_her: Blocking) -> None:
    refusal = await block_her(server)
    options: dict[str, Any] = {
        name: server.image() if value == "an image" else value for name, value in ASKED[command].items()
    }
    before = await server.db.everything()
    assert await server.refused(await server.mira.slash(server.channel, command, **options)) == refusal
    assert await server.db.everything() == before


@by_both
async def test_the_blocked_still_see_their_credits_and_that_they_are_blocked(
    server: Server, block_her: Blocking
) -> None:
    refusal = await block_her(server)
    told = await server.told(await server.mira.slash(server.channel, "credits"))
    assert "credits left" in told
    assert told.startswith(refusal.partition(" Nothing was charged.")[0])


async def test_every_kind_of_button_is_among_those_clicked() -> None:
    assert {type(button) for button in CLICKED} == {
        *BUTTONS,
        *LIST_BUTTONS,
        *STORYBOARD_BUTTONS,
        FilmButton,
        FirstPictureButton,
    } - {
        CancelButton,
        StopButton,
        ListPageButton,
    }


@by_both
@pytest.mark.parametrize("button", CLICKED, ids=lambda button: button.custom_id)
async def test_the_blocked_are_refused_every_button(server: Server, button: CardButton, block_her: Blocking) -> None:
    refusal = await block_her(server)
    card = await server.card(row_of(button))
    before = await server.db.everything()
    clicked = await server.mira.click(card, button.custom_id)
    assert (await clicked.private_reply(10)).text == refusal
    assert clicked.modal is None
    assert await server.db.everything() == before


async def test_the_blocked_are_refused_the_pages_of_their_own_list(server: Server) -> None:
    await block(server)
    card = await server.card(row_of(ListPageButton(JobQuery(server.mira.id))))
    clicked = await server.mira.click(card, card.buttons[0])
    assert (await clicked.private_reply(10)).text == REFUSAL


@by_both
@pytest.mark.parametrize("entry", [entry.value for entry in ENTRIES])
async def test_the_blocked_are_refused_every_entry_of_a_cards_menu(
    server: Server, entry: str, block_her: Blocking
) -> None:
    job = await server.done(server.mira)
    refusal = await block_her(server)
    card = await server.card(draw(Card(job, "TTAPI", 8)))
    before = await server.db.everything()
    chosen = await server.mira.select(card, f"more:{job.id}", entry, force=True)
    assert (await chosen.private_reply(10)).text == refusal
    assert chosen.modal is None
    assert await server.db.everything() == before


@by_both
async def test_the_blocked_are_refused_the_menu_and_the_form_that_was_open(server: Server, block_her: Blocking) -> None:
    shown = await server.leo.say(server.channel, attachments=[server.image()])
    opened = await server.mira.menu(shown, "Animate this image")
    await opened.answered()
    assert opened.modal is not None
    refusal = await block_her(server)
    before = await server.db.everything()
    for asked in (
        await server.mira.submit(opened, {"prompt": "it sails"}),
        await server.mira.menu(shown, "Animate this image"),
    ):
        assert (await asked.private_reply(10)).text == refusal
    assert await server.db.everything() == before


@by_both
async def test_the_blocked_are_refused_every_command_in_the_menu_of_a_message(
    bot: InProcessBot, server: Server, block_her: Blocking
) -> None:
    card = await server.card(draw(Card(await server.done(server.mira), "TTAPI", 8)))
    refusal = await block_her(server)
    before = await server.db.everything()
    for menu in cast("Any", bot.client).tree.get_commands(type=discord.AppCommandType.message):
        asked = await server.mira.menu(card, menu.name, force=True)
        assert (await asked.private_reply(10)).text == refusal
        assert asked.modal is None
    assert await server.db.everything() == before


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("video", "source"),
        ("video", "provider"),
        ("extend", "job"),
        ("film", "job"),
        ("seed", "job"),
        ("region", "job"),
    ],
)
async def test_the_blocked_are_suggested_nothing(server: Server, command: str, option: str) -> None:
    await server.done(server.mira, kind=Kind.ACTION, params=JobParams("a kite", clips=1))
    film = await server.done(server.mira)
    await server.done(server.mira, kind=Kind.EXTEND, parent_job_id=film.id, parent_slot=0)
    suggested = await server.suggested(server.mira, command, option, "")
    assert suggested != []
    await block(server)
    assert await server.suggested(server.mira, command, option, "") == []


async def test_the_blocked_may_cancel_their_own_waiting_job_and_no_other(server: Server) -> None:
    painters = server.guild.role("painters")
    server.guild.members[server.mira.id].give(painters)
    fields = {"guild": server.guild.id, "channel_id": server.channel.id}
    own = await server.db.queued(user=server.mira.id, roles=(painters.id,), **fields)
    others = await server.db.queued(user=server.leo.id, **fields)
    card = await server.card(row_of(CancelButton(own.id), CancelButton(others.id)))
    await server.told(await server.ada.slash(server.channel, "quota set", target=painters, credits=0))

    async def cancel(job_id: str) -> str:
        return await server.told(await server.mira.click(card, f"cancel:{job_id}"))

    assert "blocked those with your roles" in await cancel(others.id)
    assert await cancel(own.id) == "Cancelled. All 8 credits came back."
    states = {job.id: job.state for job in await server.jobs()}
    assert states == {own.id: State.FAILING, others.id: State.QUEUED}


async def test_setting_a_member_to_zero_says_so_and_cancels_what_waits(server: Server) -> None:
    fields = {"user": server.mira.id, "guild": server.guild.id, "channel_id": server.channel.id}
    queued, running = await server.db.queued(**fields), await server.db.running(**fields)
    told = await server.told(await server.ada.slash(server.channel, "quota set", target=server.mira, credits=0))
    assert told == (
        f"<@{server.mira.id}> is blocked now from everything but /help, /credits and /privacy, whatever was granted. "
        "1 waiting job of theirs is cancelled and its credits came back; what is being made is delivered."
    )
    states = {job.id: job.state for job in await server.jobs()}
    assert states == {queued.id: State.FAILING, running.id: State.RUNNING}
    told = await server.told(await server.ada.slash(server.channel, "quota grant", member=server.mira, credits=5))
    assert "is blocked, so a grant would be of no use; nothing was granted. Unblock them first:" in told
    assert f"<@{server.mira.id}>: blocked" in await server.told(await server.ada.slash(server.channel, "quota usage"))


async def test_a_default_of_zero_blocks_until_something_is_granted_and_never_those_who_share_credits(
    server: Server,
) -> None:
    async def ada(command: str, **options: Any) -> str:
        return await server.told(await server.ada.slash(server.channel, command, **options))

    assert "blocked from everything but /help, /credits and /privacy" in await ada("quota default", credits=0)
    told = await server.refused(await server.mira.slash(server.channel, "imagine", prompt="a boat"))
    assert told.startswith("An admin of this server has blocked everybody to whom nothing was granted.")
    assert "has 5 left" in await ada("quota grant", member=server.mira, credits=5)
    asked: Interaction = await server.mira.slash(server.channel, "imagine", prompt="a boat")
    await server.asked(asked)


async def test_a_form_opens_where_nobody_knows_in_time_and_what_is_sent_is_checked(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await block(server)
    shown = await server.leo.say(server.channel, attachments=[server.image()])
    with monkeypatch.context() as late:
        late.setattr("bot.ui.interactions.FORM_SECONDS", -1)
        opened = await server.mira.menu(shown, "Animate this image")
        await opened.answered()
    assert opened.modal is not None
    sent = await server.mira.submit(opened, {"prompt": "it sails"})
    assert (await sent.private_reply(10)).text == REFUSAL
