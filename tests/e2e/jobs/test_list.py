"""/jobs list and /favourites in a whole bot: its cards have the pictures of what was made, and stars outlive a kill."""

import asyncio
import re
from io import BytesIO

import pytest
from PIL import Image

from sandbox.discord import Interaction, Message, User
from sandbox.harness import Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import bot_without_errors
from tests.e2e.support.guild import Server, create_server, job_id
from tests.e2e.support.job_show import delivered, made

pytestmark = pytest.mark.asyncio(loop_scope="module")

SETTINGS = {"MAX_RUNNING_PER_USER": "10", "MAX_OPEN_PER_USER": "20"}
MOST_BYTES = 20_000
"""Of a thumbnail: a page of five is sent each time that it is turned."""


async def opened(server: Server, asked: Interaction) -> Message:
    """Wait for the page of a list."""
    await server.private_text(asked)
    assert asked.message is not None
    return asked.message


async def pressed(page: Message, who: User, label: str) -> None:
    """Press a button of a page, and wait for the page that comes in its place."""
    before, button = page.edits, next(button for button in page.buttons if button.label == label)
    await who.click(page, button)
    await page.until(lambda message: message.edits > before)


def listed(page: Message) -> list[str]:
    """Give the ids of the jobs on a page."""
    return re.findall(r", job `(\w+)`$", page.text, re.MULTILINE)


async def test_what_was_made_is_found_again_page_by_page_with_its_pictures(sandbox: Sandbox) -> None:
    async with bot_without_errors(sandbox, called=False, **SETTINGS):
        await find_again(create_server(sandbox))


async def find_again(server: Server) -> None:
    await server.quota("set", target=server.mira, credits=100)
    prompt = f"a boat with **sails** <@{server.leo.id}>"
    cards = await asyncio.gather(*(made(server, clips=1, prompt=prompt) for _ in range(6)))
    names = sorted(map(job_id, cards), reverse=True)
    server.sandbox.provider.next_submit(faults.FailLater())
    failed = await (await server.video(clips=1)).until(lambda message: "came back" in message.text, 20)
    await made(server, server.leo, clips=1)
    page = await opened(server, await server.mira.slash(server.channel, "jobs list"))
    assert page.ephemeral
    assert page.pinged.users == []
    assert listed(page) == [job_id(failed), *names[:4]]
    assert "\\*\\*sails\\*\\* \\<\\@" in page.text
    # The failed one has none, all others have that of the picture that they began with.
    assert len(page.media) == 4
    for picture in page.media:
        assert len(picture.data) < MOST_BYTES
        assert Image.open(BytesIO(picture.data)).format == "JPEG"
    await pressed(page, server.mira, "Next")
    assert listed(page) == names[4:]
    assert len(page.media) == 2
    await pressed(page, server.mira, "Failed")
    assert listed(page) == [job_id(failed)]
    again = await server.mira.click(page := await opened(server, await search(server)), f"show:{names[0]}")
    assert listed(page) == names[:5]
    assert job_id(await delivered(server, again, 1)) == names[0]


async def search(server: Server) -> Interaction:
    return await server.mira.slash(server.channel, "jobs list", words="sail bo", only="films")


async def test_a_star_outlives_a_kill_and_a_list_that_was_open_goes_on_after_it(sandbox: Sandbox) -> None:
    async with sandbox.bot(settings=SETTINGS) as bot:
        server = create_server(sandbox)
        cards = [await made(server, clips=1, prompt=f"a kite {number}") for number in range(3)]
        for card in cards[:2]:
            starred = await server.leo.select(card, f"more:{job_id(card)}", "star")
            assert "has your star" in await server.private_text(starred)
        await bot.kill()
    async with sandbox.bot(settings=SETTINGS):
        page = await opened(server, await server.leo.slash(server.channel, "favourites", words="kite"))
        assert listed(page) == [job_id(cards[1]), job_id(cards[0])]
        assert len(page.media) == 2
        gone = await server.leo.click(page, f"unstar:{job_id(cards[0])}")
        assert "has your star no longer" in await server.private_text(gone)
        page = await opened(server, await server.leo.slash(server.channel, "favourites"))
        assert listed(page) == [job_id(cards[1])]
