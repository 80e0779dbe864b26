"""What a server decides, from the form of /setup to what its members get; and the first picture of /help."""

from typing import Any

import pytest

from sandbox.discord.components import walk
from sandbox.discord.json_types import as_objects
from tests.e2e.support.guild import Server, gallery

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def decide(server: Server, area: str, **values: Any) -> None:
    card = await (await server.ada.slash(server.channel, "setup")).private_reply(30)
    edits = card.edits
    opened = await server.ada.click(card, f"setup:{area}")
    await opened.answered()
    await server.ada.submit(opened, values)
    await card.until(lambda message: message.edits > edits, 30)


async def test_what_an_admin_decides_counts_at_once_for_everybody(server: Server) -> None:
    elsewhere = server.guild.text_channel("elsewhere")
    await decide(server, "words", words="blood\nblue whale")
    await decide(server, "films", channels=[server.channel])
    await decide(server, "look", spoiler="always")
    jobs = len(server.sandbox.provider.jobs)
    told = await server.private_text(await server.video(prompt="a Blue-Whale in bl\u043e\u043ed"))
    assert told == (
        "This server forbids words of the prompt: “blood”, “blue whale”. Nothing was charged. Say it in other words."
    )
    told = await server.private_text(await server.video(channel=elsewhere))
    assert told == (
        f"This server has no films made in this channel. Nothing was charged. Ask in <#{server.channel.id}>."
    )
    assert len(server.sandbox.provider.jobs) == jobs
    card = await server.finished_video(clips=1)
    shown = [one for _, one in walk(card.components) for one in [one, *as_objects(one.get("items"))] if "media" in one]
    assert [part.get("spoiler") for part in shown] == [True] * 2
    assert await server.credits() == 22


async def test_the_first_picture_is_drawn_from_the_button_of_help(server: Server) -> None:
    card = await (await server.mira.slash(server.channel, "help")).private_reply(30)
    asked = await server.mira.click(card, "first-picture")
    drawn = await asked.until(lambda message: len(gallery(message)) == 4, 30)
    assert "a paper boat" in drawn.text
    assert not drawn.ephemeral
    assert await server.credits() == 23
