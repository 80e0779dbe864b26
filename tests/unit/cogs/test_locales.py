"""The language that each member speaks to the bot in: it is kept, whatever they do."""

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
