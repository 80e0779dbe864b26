"""How soon a bot that starts again has asked for each of 1,000 jobs that are still being made.

The floor is a process that asks for the same jobs, as many at a time and with the same client, and does nothing else.
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

import aiohttp

from benchmarks.contestants import Contestant, hasten
from benchmarks.figures import Figure, at_most
from bot.domain.params import JobParams, Speed
from sandbox.discord import Message
from sandbox.harness import Sandbox, start_sandbox
from sandbox.provider.model.faults import Stuck
from sandbox.provider.rendering.sample_image import draw_sample

JOBS = 1_000
ROUNDS = 3
LIMIT_SECONDS = 3.0
PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.05

_JOB = """insert into job (id, request_id, kind, state, guild_id, channel_id, user_id, roles, file_limit, period,
        message_id, provider, remote_id, client_token, callback_hash, params, cost, progress, card_hash, epoch,
        due_ms, created_ms, submitted_ms, deadline_ms)
    values ($id, $id, 'video', 'running', $guild, $channel, $user, '[]', 10485760, $period,
        $message, 'ttapi', $remote, 'token ' || $id, 'hash ' || $id, $params, 8, 40, 'an older card', 5,
        $now - 30000, $now - 600000, $now - 590000, $now + 1500000)"""

_RESERVED = """insert into ledger (id, guild_id, user_id, period, job_id, request_id, kind, amount, at_ms)
    values ($id || 'r', $guild, $user, $period, $id, $id || ':reserve', 'reserve', 8, $now - 600000)"""

_ACCOUNTS = """insert into account (guild_id, user_id, period, cap, used)
    select guild_id, user_id, period, 1000, sum(amount) from ledger where job_id is not null group by user_id, period"""

ROWS = (_JOB, _RESERVED, _ACCOUNTS)
"""What a bot leaves behind whose host was down, as statements."""

_PARAMS = JobParams("a paper boat", speed=Speed.FAST)


async def measure() -> list[Figure]:
    """Write open jobs that the provider knows, all overdue, each with a card; start the bot; wait for its polls."""
    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder), checks=False) as sandbox:
            hasten(sandbox)
            contestant = Contestant(sandbox.discord, draw_sample())
            remote_ids = await write_open_jobs(sandbox, contestant)
            path = sandbox.database
            floor: list[float] = []
            ours: list[float] = []
            for _ in range(ROUNDS):
                floor.append(await _bare_polls(sandbox, remote_ids))
                await asyncio.to_thread(_make_due, path)
                ours.append(await _resumed(sandbox, remote_ids))
    name = f"{JOBS:,} open jobs taken up after connecting"
    return [at_most(name, median(ours), LIMIT_SECONDS, floor=median(floor))]


async def write_open_jobs(sandbox: Sandbox, contestant: Contestant) -> list[str]:
    """Leave a database behind with jobs that the provider knows; tells their ids there."""
    async with sandbox.bot():
        pass
    remote_ids = await _order(sandbox, contestant)
    await asyncio.to_thread(_write, sandbox.database, contestant, remote_ids)
    return remote_ids


async def _order(sandbox: Sandbox, contestant: Contestant) -> list[str]:
    """Give the provider jobs that never end; tells their ids."""
    sandbox.provider.settings.max_running = JOBS
    sandbox.provider.settings.kept_requests = 100 * JOBS
    sandbox.provider.settings.submit_fault = Stuck()
    order = {"prompt": "a paper boat", "imageUrl": contestant.image_link, "bs": 4, "hookUrl": "https://bot.example/"}
    headers = {"TT-API-KEY": sandbox.provider.key}
    async with aiohttp.ClientSession(sandbox.provider.base_url, headers=headers, raise_for_status=True) as session:
        for _ in range(JOBS):
            async with session.post("/midjourney/video/submit", json=order):
                pass
    return list(sandbox.provider.jobs)


def _write(path: Path, contestant: Contestant, remote_ids: list[str]) -> None:
    """Write the rows that a bot leaves behind whose host was down for a minute."""
    now = int(time.time() * 1000)
    period = time.strftime("%Y-%m-%d", time.gmtime(now / 1000))
    rows = [
        {
            "id": f"{number:014}",
            "guild": contestant.channel.guild.id,
            "channel": contestant.channel.id,
            "user": contestant.members[number % len(contestant.members)].id,
            "message": _card(contestant).id,
            "period": period,
            "remote": remote_id,
            "params": json.dumps(_PARAMS.to_json()),
            "now": now,
        }
        for number, remote_id in enumerate(remote_ids)
    ]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(_JOB, rows)
        connection.executemany(_RESERVED, rows)
        connection.execute(_ACCOUNTS)


def _card(contestant: Contestant) -> Message:
    """Put a message of the bot's into the channel."""
    message = Message(contestant.discord, contestant.channel, contestant.discord.bot_user)
    contestant.discord.publish(message)
    return message


def _make_due(path: Path) -> None:
    """Let all jobs be overdue, and their cards differ from what is to be shown."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update job set due_ms = created_ms, card_hash = 'an older card' where state = 'running'")


async def _bare_polls(sandbox: Sandbox, remote_ids: list[str]) -> float:
    """Tell how long the bare process takes from its first question to its last. Seconds."""
    sandbox.provider.requests.clear()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.bare_polls",
        sandbox.provider.base_url,
        sandbox.provider.key,
        stdin=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    await process.communicate("\n".join(remote_ids).encode())
    if process.returncode:
        raise RuntimeError("the bare polls failed")
    times = _first_asked(sandbox).values()
    return max(times) - min(times)


async def _resumed(sandbox: Sandbox, remote_ids: list[str]) -> float:
    """Tell how long after it is connected the bot has asked for every job. Seconds."""
    sandbox.provider.requests.clear()
    async with sandbox.bot(POLL_SECONDS=""):
        connected = time.time()
        return await all_asked(sandbox, set(remote_ids)) - connected


async def all_asked(sandbox: Sandbox, remote_ids: set[str]) -> float:
    """Wait until each job was asked for; tells when the last one was. Unix seconds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            first = _first_asked(sandbox)
            if remote_ids <= first.keys():
                return max(first.values())
            await asyncio.sleep(LOOK_SECONDS)


def _first_asked(sandbox: Sandbox) -> dict[str, float]:
    """Tell by its id when each job was asked for first. Unix seconds."""
    first: dict[str, float] = {}
    for request in sandbox.provider.requests:
        if request.path.endswith("/fetch"):
            first.setdefault(request.query["jobId"], request.at)
    return first
