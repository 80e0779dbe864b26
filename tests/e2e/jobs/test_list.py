"""/jobs list: what members asked for, and what /jobs show suggests."""

import asyncio
import re
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import bot_without_errors
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
