"""The language that each member speaks to the bot in: it is kept, whatever they do, and answered in as they type."""

import asyncio

import pytest

from bot.ui.text.captions import suggested
from bot.ui.text.translate import speaking
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_interactions_language_is_kept(server: Server) -> None:
    server.mira.locale = "de"
    await (await server.mira.autocomplete(server.channel, "jobs show", focused="id", id="")).answered()
    async with asyncio.timeout(10):
        while await server.db.store.locales.get(server.guild.id, server.mira.id) != "de":  # noqa: ASYNC110  # the bot writes through another connection
            await asyncio.sleep(0.02)


async def test_suggestions_are_made_in_the_language_of_whoever_types(server: Server) -> None:
    server.leo.locale = "zh-CN"
    jobs = {who: await server.done(who) for who in (server.leo, server.mira)}
    asked = await asyncio.gather(*(who.autocomplete(server.channel, "jobs show", focused="id", id="") for who in jobs))
    await asyncio.gather(*(one.answered() for one in asked))
    theirs, english = (str(choice["name"]) for one in asked for choice in one.choices or ())
    with speaking("zh-CN"):
        chinese = suggested(jobs[server.leo])
    assert (theirs, english) == (chinese, suggested(jobs[server.mira]))
    assert chinese != suggested(jobs[server.leo])
