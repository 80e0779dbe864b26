"""/jobs list: what members asked for, and what /jobs show suggests."""

import asyncio
import re
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import bot_without_errors, running
from tests.e2e.support.guild import Server, job_id
from tests.e2e.support.job_show import made

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncGenerator[BotProcess]:
    """Run a bot that makes many films of one member at once."""
    async with bot_without_errors(sandbox, MAX_RUNNING_PER_USER="10", MAX_OPEN_PER_USER="20") as bot:
        yield bot


async def test_the_list_names_the_askers_ten_newest_jobs_to_them_alone(server: Server) -> None:
    await server.quota("set", target=server.mira, credits=100)
    prompt = f"a boat with **sails** <@{server.leo.id}>"
    cards = await asyncio.gather(*(made(server, clips=1, prompt=prompt) for _ in range(11)))
    names = sorted(map(job_id, cards), reverse=True)
    server.sandbox.provider.next_submit(faults.FailLater())
    failed = await (await server.video(clips=1)).until(lambda message: "came back" in message.text, 20)
    await made(server, server.leo, clips=1)
    asked = await server.mira.slash(server.channel, "jobs list")
    reply = await asked.private_reply()
    await reply.until(lambda message: not message.thinking)
    lines = reply.text.splitlines()
    assert [line[1:15] for line in lines] == [job_id(failed), *names[:9]]
    assert lines[0].startswith(f"`{job_id(failed)}` video, failed, <t:")
    assert re.fullmatch(
        rf"`{names[0]}` video, done, <t:\d+:R>: a boat with \\\*\\\*sails\\\*\\\* \\<\\@\S+ https://discord.com/channels/\S+",
        lines[1],
    )
    assert reply.ephemeral
    assert reply.pinged.users == []


async def test_the_list_of_somebody_who_asked_for_nothing_says_how_to_begin(server: Server) -> None:
    told = await server.private_text(await server.leo.slash(server.channel, "jobs list"))
    assert told == "You have no jobs in this server yet. Attach a picture to **/video** to begin."


async def test_the_list_ends_before_it_is_too_long_for_discord(server: Server) -> None:
    await server.quota("set", target=server.mira, credits=100)
    await asyncio.gather(*(made(server, clips=1, prompt="*" * 1500) for _ in range(10)))
    asked = await server.mira.slash(server.channel, "jobs list")
    assert len((await server.private_text(asked)).splitlines()) == 10


async def test_the_suggestions_are_the_askers_own_finished_jobs(server: Server) -> None:
    boat = job_id(await made(server, clips=1, prompt="a paper boat"))
    kite = job_id(await made(server, clips=1, prompt="a red kite " + "x" * 200))
    await made(server, server.leo, clips=1)
    _, _, unfinished = await running(server, clips=1)

    async def suggested(typed: str) -> list[str]:
        asked = await server.mira.autocomplete(server.channel, "jobs show", focused="id", id=typed)
        await asked.answered()
        choices = asked.choices or []
        assert all(len(choice["name"]) <= 100 for choice in choices)
        return [choice["value"] for choice in choices]

    assert await suggested("") == [kite, boat]
    assert await suggested(boat[:12]) == ([boat] if boat[:12] != kite[:12] else [kite, boat])
    assert await suggested("KITE") == [kite]
    assert await suggested("nothing like it") == []
    assert unfinished not in await suggested("")
    server.sandbox.provider.release()
