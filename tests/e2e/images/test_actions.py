"""Every action of the documented table: its button is pressed, the provider does it, and a card shows the result."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.domain.image_actions import ACTIONS
from sandbox.discord import Message
from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.ttapi.image_actions import offered_actions
from tests.e2e.support.delivery import overridden, rows
from tests.e2e.support.guild import Server, create_server, finished, job_id
from tests.e2e.support.images import (
    CREDITS,
    click_forged,
    drawn,
    image_sandbox,
    imagine,
    newest,
    offered_on,
    ordered,
    refused,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

GRID, SINGLE, LARGE, OLD_SINGLE, OLD_LARGE = "a grid", "one", "one enlarged", "one of version 5", "5, enlarged"

TABLE = {
    **{f"upsample{number}": (GRID, f"U{number}", 1) for number in (1, 2, 3, 4)},
    **{f"variation{number}": (GRID, f"V{number}", 4) for number in (1, 2, 3, 4)},
    "reroll": (GRID, "🔄", 4),
    "high_variation": (SINGLE, "Vary strong", 4),
    "low_variation": (SINGLE, "Vary subtle", 4),
    "upscale2": (OLD_SINGLE, "Upscale 2x", 1),
    "upscale4": (OLD_SINGLE, "Upscale 4x", 1),
    "zoom_out_2": (SINGLE, "Zoom out 2x", 4),
    "zoom_out_1_5": (SINGLE, "Zoom out 1.5x", 4),
    "pan_left": (SINGLE, "⬅️", 4),
    "pan_right": (SINGLE, "➡️", 4),
    "pan_up": (SINGLE, "⬆️", 4),
    "pan_down": (SINGLE, "⬇️", 4),
    "upscale_creative": (SINGLE, "Upscale creative", 1),
    "upscale_subtle": (SINGLE, "Upscale subtle", 1),
    "redo_upscale2": (OLD_LARGE, "Redo 2x", 1),
    "redo_upscale4": (OLD_LARGE, "Redo 4x", 1),
    "make_square": (SINGLE, "Make square", 4),
    "redo_upscale_subtle": (LARGE, "Redo subtle", 1),
    "redo_upscale_creative": (LARGE, "Redo creative", 1),
}
"""The document's table: where each action's button stands, what is written on it, and how many pictures it makes."""


@dataclass
class ImageCards:
    """Hold cards whose pictures offer everything that there is, together."""

    server: Server
    cards: dict[str, Message]

    async def press(self, card: Message, action: str, pictures: int) -> Message:
        return await drawn(await self.server.mira.click(card, f"act:{job_id(card)}:{action}"), pictures)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def image_cards(sandbox: Sandbox, bot: BotProcess) -> ImageCards:
    """Make pictures of both versions, at every stage of being worked on."""
    image_cards = ImageCards(create_server(sandbox), {})

    async def make(prompt: str, first: str, names: list[str]) -> None:
        card = await imagine(image_cards.server, prompt)
        for name, action in zip(names, ["", "upsample2", first], strict=True):
            card = await image_cards.press(card, action, 1) if action else card
            image_cards.cards[name] = card

    await asyncio.gather(
        make("a red kite --ar 16:9 --v 6", "upscale_subtle", [GRID, SINGLE, LARGE]),
        make("a red kite --ar 16:9 --v 5", "upscale2", ["a grid of version 5", OLD_SINGLE, OLD_LARGE]),
    )
    return image_cards


async def test_the_table_here_is_the_bots_table() -> None:
    assert set(TABLE) == set(ACTIONS)


IN_WORDS = {"🔄": "Drawn again", "⬅️": "Pan left", "➡️": "Pan right", "⬆️": "Pan up", "⬇️": "Pan down"}
"""What a card calls an action whose button has a symbol."""


@pytest.mark.parametrize("action", TABLE)
async def test_a_press_leads_to_the_job_and_to_a_card_with_its_pictures(
    image_cards: ImageCards, sandbox: Sandbox, action: str
) -> None:
    place, label, pictures = TABLE[action]
    parent = image_cards.cards[place]
    [button] = [one for one in parent.buttons if one.custom_id == f"act:{job_id(parent)}:{action}"]
    assert button.label == label
    before = set(sandbox.provider.jobs)
    card = await image_cards.press(parent, action, pictures)
    [made] = [job for name, job in sandbox.provider.jobs.items() if name not in before]
    assert made.action == action
    assert made.parent is not None
    [remote] = rows(sandbox, "select remote_id from job where id = ?", job_id(parent))
    assert made.parent.id == remote[0]
    title = IN_WORDS.get(label, label)
    assert card.text.startswith(f"**{title}** by {image_cards.server.mira.mention}, 1 credit\n")
    assert f"(job {job_id(parent)}), made by TTAPI" in card.text
    assert offered_on(card) == set(offered_actions(made, sandbox.provider.settings))


async def test_only_the_buttons_that_the_result_names_are_shown(image_cards: ImageCards, sandbox: Sandbox) -> None:
    for place, card in image_cards.cards.items():
        [remote] = rows(sandbox, "select remote_id from job where id = ?", job_id(card))
        named = set(offered_actions(sandbox.provider.jobs[remote[0]], sandbox.provider.settings))
        assert offered_on(card) == named, place
        assert len(named) > 8, place


async def test_a_square_picture_cannot_be_made_square_and_a_grid_without_reroll_has_no_such_button(
    image_cards: ImageCards, sandbox: Sandbox
) -> None:
    with overridden(sandbox.provider.settings, ttapi_reroll=False):
        grid = await imagine(image_cards.server, "a red kite")
    assert "reroll" not in offered_on(grid)
    assert len(offered_on(grid)) == 8
    single = await image_cards.press(grid, "upsample1", 1)
    assert "make_square" not in offered_on(single)
    assert "zoom_out_2" in offered_on(single)


async def test_an_action_goes_on_in_the_speed_of_its_picture(image_cards: ImageCards, sandbox: Sandbox) -> None:
    grid = await imagine(image_cards.server, speed="turbo")
    assert ordered(sandbox).speed == "turbo"
    await image_cards.press(grid, "reroll", 4)
    assert ordered(sandbox).speed == "turbo"
    assert "mode" not in (ordered(sandbox).sent_fields)


async def test_what_a_picture_does_not_offer_is_refused(
    server: Server, sandbox: Sandbox, image_cards: ImageCards
) -> None:
    card = await imagine(server)
    film = await finished(await server.video(clips=1))
    left = CREDITS - 3
    not_offered, not_there = "The picture of job {} does not offer that.", "There is no job {} here that you may see."
    for job, action, sentence in (
        (job_id(card), "upscale2", not_offered),
        (job_id(card), "make_square", not_offered),
        (job_id(card), "explode", not_offered),
        (job_id(film), "upsample1", "Job {} has no pictures to go on from."),
        (job_id(image_cards.cards[GRID]), "upsample1", not_there),
        ("00000000000000", "upsample1", not_there),
    ):
        asked = await click_forged(server.mira, card, f"act:{job}:{action}")
        told = await refused(server, asked, left)
        assert told.startswith(sentence.format(job))


async def test_an_old_button_is_refused_after_the_picture_changed(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    offers = """update job set result = replace(result, '"upsample3",', '') where id = ? returning result"""
    [[result]] = rows(sandbox, offers, job_id(card))
    assert "upsample3" not in result
    told = await refused(server, await server.mira.click(card, f"act:{job_id(card)}:upsample3"), CREDITS - 1)
    assert told == f"The picture of job {job_id(card)} does not offer that. Nothing was charged."
    await drawn(await server.mira.click(card, f"act:{job_id(card)}:upsample4"), 1)


async def test_a_second_press_while_it_is_made_leads_to_the_first_ones_card(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    sandbox.provider.settings.hold = True
    press = f"act:{job_id(card)}:variation1"
    first = await server.mira.click(card, press)
    shown = await first.until(lambda message: "%" in message.text, 20)
    told = await server.private_text(await server.mira.click(card, press))
    assert told == (
        "You have asked for this already, and it is being made. Nothing was charged. Watch it: " + shown.link
    )
    sandbox.provider.release()
    await drawn(first)
    assert await server.credits() == CREDITS - 2
    await drawn(await server.mira.click(card, press))


async def test_a_button_whose_picture_the_studio_forgot_gives_the_credit_back(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    [[remote]] = rows(sandbox, "select remote_id from job where id = ?", job_id(card))
    forgotten = sandbox.provider.jobs.pop(remote)
    asked = await server.mira.click(card, f"act:{job_id(card)}:upsample1")
    failed = await asked.until(lambda message: "came back" in message.text, 20)
    sandbox.provider.jobs[remote] = forgotten
    assert "TTAPI did not accept the request. 1 credit came back." in failed.text
    assert await server.credits() == CREDITS - 1
    assert newest(sandbox) is not None
