"""What one process can do, told by the CPU that it takes: an interaction, a film, an event of the gateway, a shard.

The bot works on PostgreSQL here. CPU is counted, not time: what else the machine does matters little then. Of two cores
one is the bot's and its picture process', the other the server's.
"""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.contestants import START_SECONDS, Contestant, hasten, is_done
from benchmarks.crew import crew_of
from benchmarks.figures import Figure, at_most
from benchmarks.history import resident_megabytes
from sandbox.discord import Discord
from sandbox.harness import BotProcess, Sandbox, start_sandbox
from sandbox.provider.rendering.sample_image import draw_sample
from tests.support.postgres_server import connect

INTERACTIONS, FILMS, AT_ONCE, EVENTS = 300, 45, 15, 5_000
SERVERS, SHARDS = 1_000, 16

MOST_INTERACTION_MS = 20.0
MOST_FILM_MS = 400.0
MOST_EVENT_MS = 1.0
MOST_SHARD_MB = 2.0
REST_SECONDS = 2.0
TICKS = os.sysconf("SC_CLK_TCK")

_COMMITS = "select xact_commit from pg_stat_database where datname = current_database()"


async def measure() -> list[Figure]:
    """Let one bot answer, make films and hear of messages; then let it hold many shards."""
    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder), checks=False) as sandbox, crew_of(sandbox, 1) as (crew, url):
            hasten(sandbox)
            sandbox.settings.update(
                POLL_SECONDS="", DEFAULT_CREDITS="1000000", MAX_RUNNING=str(AT_ONCE), MAX_RUNNING_PER_USER=str(AT_ONCE)
            )
            sandbox.provider.settings.max_running = AT_ONCE
            contestant = Contestant(sandbox.discord, draw_sample())
            bot = await crew.start(0)
            small = resident_megabytes(bot.pid)
            await _films(contestant)
            before = await _commits(url)
            film = await _milliseconds(bot, lambda: _films(contestant), FILMS)
            transactions = (await _commits(url) - before) / FILMS
            answer = await _milliseconds(bot, lambda: _refused(contestant), INTERACTIONS)
            event = await _milliseconds(bot, lambda: _messages(contestant), EVENTS)
            await crew.kill(0)
            sandbox.discord.gateway.sessions.clear()
            large = await _with_shards(sandbox, crew.start)
    print(f"a film of 4 clips: {transactions:.0f} transactions at the server, reads among them", flush=True)
    return [
        at_most("CPU of an interaction that is refused", answer, MOST_INTERACTION_MS, "ms"),
        at_most(f"CPU of a film of 4 clips, {AT_ONCE} at once", film, MOST_FILM_MS, "ms"),
        at_most("CPU of a message that is none of ours", event, MOST_EVENT_MS, "ms"),
        at_most(f"memory of a shard, {SERVERS:,} servers on {SHARDS}", (large - small) / SHARDS, MOST_SHARD_MB, "MB"),
    ]


async def _milliseconds(bot: BotProcess, work: Callable[[], Awaitable[None]], number: int) -> float:
    """Tell how much CPU a bot and its children take for each of so many."""
    before = _cpu(bot.pid)
    await work()
    await asyncio.sleep(REST_SECONDS)  # what is left to be done after the last answer counts, too
    return (_cpu(bot.pid) - before) * 1000 / number


def _cpu(pid: int) -> float:
    """Tell how much CPU a process and its children have taken. Seconds."""
    pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in pids]
    # utime and stime, and of the first one those of children that have ended (proc(5)).
    return sum(int(own[11]) + int(own[12]) for own in fields) / TICKS + sum(map(int, fields[0][13:15])) / TICKS


async def _films(contestant: Contestant) -> None:
    for first in range(0, FILMS, AT_ONCE):
        members = contestant.members[first : first + AT_ONCE]
        asked = await asyncio.gather(*(contestant.command(member, f"boat {member.name}") for member in members))
        await asyncio.gather(*(one.until(is_done, START_SECONDS) for one in asked))


async def _refused(contestant: Contestant) -> None:
    """Ask for an empty film, again and again."""
    for number in range(INTERACTIONS):
        asked = await contestant.command(contestant.members[number % len(contestant.members)], "--end")
        await asked.private_reply(START_SECONDS)


async def _messages(contestant: Contestant) -> None:
    for number in range(EVENTS):
        await contestant.owner.say(contestant.channel, "a message")
        if number % 100 == 0:
            await asyncio.sleep(0.05)


async def _commits(url: str) -> int:
    connection = await connect(url)
    try:
        await asyncio.sleep(REST_SECONDS)  # the server tells of them a second later
        return await connection.fetchval(_COMMITS)
    finally:
        await connection.close()


async def _with_shards(sandbox: Sandbox, start: Callable[[int], Awaitable[BotProcess]]) -> float:
    """Start it again with many servers and shards; gives its memory. Megabytes."""
    _populate(sandbox.discord)
    sandbox.discord.knobs.recommended_shards = sandbox.discord.knobs.max_concurrency = SHARDS
    bot = await start(0)
    await asyncio.sleep(REST_SECONDS)
    return resident_megabytes(bot.pid)


def _populate(discord: Discord) -> None:
    for number in range(SERVERS):
        discord.guild(f"Server {number}", guild_id=(1_000_000 + number) << 22).text_channel("films")
