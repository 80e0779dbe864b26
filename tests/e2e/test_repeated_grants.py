"""One interaction that Discord delivers more than once is carried out once."""

import asyncio

import pytest

from sandbox.discord import Interaction
from tests.e2e.support.delivery import logged, overridden
from tests.e2e.support.guild import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def grant(server: Server) -> Interaction:
    return await server.ada.slash(server.channel, "quota grant", member=server.mira, credits=5)


async def test_a_grant_that_is_delivered_again_at_once_is_granted_once(server: Server) -> None:
    asked = await grant(server)
    server.sandbox.discord.announce(asked)
    assert (
        await server.private_text(asked)
        == f"{server.mira.mention} got 5 credits on top for this period and has 29 left."
    )
    await logged(server.sandbox, f"interaction {asked.id} was answered by somebody else, or too late")
    assert await server.credits() == 29


async def test_a_grant_whose_answer_discord_has_forgotten_is_granted_once(server: Server) -> None:
    told = f"{server.mira.mention} got 5 credits on top for this period and has 29 left."
    with overridden(server.sandbox.discord.knobs, first_answer_seconds=60):
        asked = await grant(server)
        assert await server.private_text(asked) == told
        first = asked.original
        asked.response_type = None
        server.sandbox.discord.announce(asked)
        again = await asked.wait_for(
            lambda: asked.original if asked.original is not first else None, 20, asked.describe
        )
    async with asyncio.timeout(20):
        await again.until(lambda message: not message.thinking)
    assert again.text == told
    assert await server.credits() == 29
    assert f"{server.mira.mention}: 0 credits in 0 jobs, 5 granted" in await server.quota("usage")
