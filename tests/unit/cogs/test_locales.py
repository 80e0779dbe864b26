"""The language that each member speaks to the bot in: it is kept, whatever they do, and answered in as they type."""

import asyncio

import pytest

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
    theirs, english = (choice for one in asked for choice in one.choices or ())
    assert theirs["name"] == f"a paper boat（视频，{jobs[server.leo].id}）"
    assert english["name"] == f"a paper boat (video, {jobs[server.mira].id})"
