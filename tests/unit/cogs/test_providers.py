"""/providers: every provider in the server's order, what it can do and how it is doing, told to its member alone."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from bot.db.provider_health import PAUSE_AFTER
from tests.support.in_process_bot import InProcessBot, Server, in_process_bot

pytestmark = pytest.mark.asyncio(loop_scope="module")

MINUTE_MS = 60_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[InProcessBot]:
    """Run a bot with two providers, neither of which can be asked how it is doing."""
    keys = {"ACEDATA_API_KEY": "a-key-that-is-never-used", "ACEDATA_BASE_URL": "http://127.0.0.1:1"}
    async with in_process_bot(tmp_path_factory.mktemp("bot"), **keys) as bot:
        yield bot


async def told(server: Server) -> list[str]:
    """Give what mira is told, line by line."""
    return (await server.told(await server.mira.slash(server.channel, "providers"))).splitlines()


def headings(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("**")]


async def test_the_answer_is_for_its_member_alone(server: Server) -> None:
    asked = await server.mira.slash(server.channel, "providers")
    await server.told(asked)
    assert asked.message is not None
    assert asked.message.ephemeral


async def test_each_provider_is_told_with_what_it_can_do_and_its_prices(server: Server) -> None:
    lines = await told(server)
    assert headings(lines) == ["**TTAPI**: well", "**AceData**: well"]
    ttapi, acedata = (line for line in lines if line.startswith("Films: "))
    assert ttapi.startswith("Films: 2 credits a clip in SD, 6 credits a clip in HD; 1, 2 or 4 clips")
    assert "low or high motion" in ttapi
    assert "loop" not in ttapi
    assert "loop" in acedata
    assert "Pictures: 1 credit for four" in "\n".join(lines)


async def test_the_providers_stand_in_the_order_of_the_server(bot: InProcessBot, server: Server) -> None:
    await server.db.store.guild_settings.rank(server.guild.id, ["acedata"], server.db.now)
    assert headings(await told(server)) == ["**AceData**: well", "**TTAPI**: well"]
    assert headings(await told(bot.server())) == ["**TTAPI**: well", "**AceData**: well"]


@pytest.mark.parametrize("trouble", ["paused", "ailing", "refuses our key"])
async def test_a_provider_in_trouble_is_told_so_and_the_other_is_well(server: Server, trouble: str) -> None:
    health, now = server.db.store.provider_health, server.db.now
    await server.db.db_write("delete from provider_health")
    if trouble == "paused":
        until_ms = now // 1000 * 1000 + 10 * MINUTE_MS
        await health.pause("acedata", until_ms)
        said = f"does not answer well, I try again <t:{until_ms // 1000}:R>"
    elif trouble == "ailing":
        for _ in range(PAUSE_AFTER):
            await health.record_failure("acedata", now - 60 * MINUTE_MS)
        said = "did not answer well lately"
    else:
        await health.block_account("acedata", "auth", now + 10 * MINUTE_MS)
        said = "does not accept our key"
    assert headings(await told(server)) == ["**TTAPI**: well", f"**AceData**: {said}"]
    await server.db.db_write("delete from provider_health")


async def test_how_long_jobs_took_of_late_is_told(server: Server) -> None:
    job = await server.done(server.mira)
    took = "update job set submitted_ms = $1, finished_ms = $2 where id = $3"
    await server.db.db_write(took, server.db.now, server.db.now + 2 * MINUTE_MS, job.id)
    assert headings(await told(server))[0] == "**TTAPI**: well, a job usually takes 2 min"
