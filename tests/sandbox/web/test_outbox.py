"""What waits for a slow tab: the newest state of each thing, and never without end."""

from __future__ import annotations

import asyncio

import aiohttp

from sandbox.web import Page
from sandbox.web.guild_setup import GuildSetup
from sandbox.web.outbox import MOST, Outbox
from tests.sandbox.web.bot_words import bot_edits, bot_says
from tests.sandbox.web.page_client import open_client


def never() -> None:
    raise AssertionError("it overflowed")


async def test_news_of_one_thing_are_told_once_as_it_is_by_then_and_in_its_place() -> None:
    outbox = Outbox(never)
    state = {"percent": 10}
    outbox.put_newest("card", lambda: {"percent": state["percent"]})
    outbox.put({"op": "done"})
    for percent in (20, 30, 90):
        state["percent"] = percent
        outbox.put_newest("card", lambda: {"percent": state["percent"]})
    assert [await outbox.take(), await outbox.take()] == [{"percent": 90}, {"op": "done"}]
    assert not outbox.holds("card")


async def test_what_is_not_to_be_told_any_more_is_left_out() -> None:
    outbox = Outbox(never)
    outbox.put_newest("card", lambda: None)
    outbox.put_newest("other", lambda: {"op": "other"})
    outbox.put({"op": "done"})
    outbox.drop(lambda key: key == "other")
    assert await outbox.take() == {"op": "done"}


async def test_who_takes_from_an_empty_outbox_waits() -> None:
    outbox = Outbox(never)
    taking = asyncio.create_task(outbox.take())
    await asyncio.sleep(0.01)
    assert not taking.done()
    outbox.put({"op": "done"})
    assert await taking == {"op": "done"}


async def test_too_much_is_told_of_once_and_nothing_of_it_is_kept() -> None:
    overflows: list[bool] = []
    outbox = Outbox(lambda: overflows.append(True), most=3)
    for number in range(4):
        outbox.put({"number": number})
    assert overflows == [True]
    outbox.put({"op": "after"})
    assert await outbox.take() == {"op": "after"}


async def test_a_tab_that_does_not_read_is_cut_off_and_the_others_go_on(page: Page, guild_setup: GuildSetup) -> None:
    async with open_client(page, "mira") as reader, open_client(page, "leo") as sleeper:
        sleeper.reading.cancel()
        await asyncio.wait({sleeper.reading})
        for number in range(6 * MOST):
            bot_says(guild_setup.discord, guild_setup.films, f"{number} {'x' * 1900}")
            if number % 100 == 0:
                await reader.settled()
                reader.told.clear()
        async with asyncio.timeout(5):
            while (await sleeper.socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert sleeper.socket.closed
        await reader.does("send_message", content="still here")
        async with open_client(page, "leo") as again:
            assert again.history[-1]["content"] == "still here"


async def test_many_edits_reach_a_tab_that_lags_as_one(page: Page, guild_setup: GuildSetup) -> None:
    card = bot_says(guild_setup.discord, guild_setup.films, "0")
    async with open_client(page, "mira") as client:
        for number in range(1, 5000):
            bot_edits(guild_setup.discord, card, str(number))
        await client.until(lambda said: said["op"] == "message_shown" and said["message"]["content"] == "4999")
        assert len(client.all("message_shown")) == 1
