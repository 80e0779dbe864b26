"""One interaction that Discord delivers more than once is carried out once."""

import asyncio

import pytest

from sandbox.discord import Interaction
from tests.e2e.support.delivery import logged, turned
from tests.e2e.support.guild import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def grant(scene: Scene) -> Interaction:
    return await scene.ada.slash(scene.channel, "quota grant", member=scene.mira, credits=5)


async def test_a_grant_that_is_delivered_again_at_once_is_granted_once(scene: Scene) -> None:
    asked = await grant(scene)
    scene.sandbox.discord.announce(asked)
    assert await scene.told(asked) == f"{scene.mira.mention} got 5 credits on top for this period and has 29 left."
    await logged(scene.sandbox, f"interaction {asked.id} was answered by somebody else, or too late")
    assert await scene.credits() == 29


async def test_a_grant_whose_answer_discord_has_forgotten_is_granted_once(scene: Scene) -> None:
    told = f"{scene.mira.mention} got 5 credits on top for this period and has 29 left."
    with turned(scene.sandbox.discord.knobs, first_answer_seconds=60):
        asked = await grant(scene)
        assert await scene.told(asked) == told
        first = asked.original
        asked.response_type = None
        scene.sandbox.discord.announce(asked)
        again = await asked.wait_for(
            lambda: asked.original if asked.original is not first else None, 20, asked.describe
        )
    async with asyncio.timeout(20):
        await again.until(lambda message: not message.thinking)
    assert again.text == told
    assert await scene.credits() == 29
    assert f"{scene.mira.mention}: 0 credits in 0 jobs, 5 granted" in await scene.quota("usage")
