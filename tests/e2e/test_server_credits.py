"""The server's shared purse: one limit for all members together."""

import asyncio
from pathlib import Path

from tests.e2e.support.guild import create_server
from tests.e2e.test_races import outcome
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox


async def test_the_servers_pool_holds_when_everybody_asks_at_once(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        people = [sandbox.discord.user(f"guest{n}") for n in range(10)]
        for person in people:
            server.guild.join(person)
        async with sandbox.bot(SERVER_CREDITS="10"):
            asked = await asyncio.gather(*(server.video(person, clips=1) for person in people))
            outcomes = await asyncio.gather(*(outcome(one) for one in asked))
            assert outcomes.count("made") == 5
            assert all(
                told.startswith("This takes 2 credits, and the whole server has 0 left. Nothing was charged.")
                for told in outcomes
                if told != "made"
            )
            assert "The whole server has 0 left." in await server.private_text(
                await server.mira.slash(server.channel, "credits")
            )
        assert sandbox.provider.submits == 5
