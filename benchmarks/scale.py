"""1,000 servers on 16 shards over 4 processes, one of which is killed every 20 seconds and started again.

Discord lets one session begin every 5 seconds here, as it does for a bot of that size. Members of all servers ask for
films meanwhile, two commands a second; SCALE_SECONDS is how long (default 100, of which the first kill is at 20).
"""

import asyncio
import os
import random
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.contestants import hasten, is_done
from benchmarks.crew import START_SECONDS, Crew, crew_of
from benchmarks.figures import Figure, at_most
from benchmarks.history import resident_megabytes
from sandbox.discord import Discord, Interaction, TextChannel, User
from sandbox.harness import BotProcess, Sandbox, start_sandbox
from sandbox.provider.rendering.sample_image import draw_sample

SECONDS = float(os.environ.get("SCALE_SECONDS", "100"))
SERVERS, SHARDS, PROCESSES, MEMBERS = 1_000, 16, 4, 100
KILL_SECONDS = 20.0
COMMANDS_A_SECOND = 2.0
END_SECONDS = 300.0
LOOK_SECONDS = 0.1

IDENTIFY_SECONDS = 5.0
NOTICED_SECONDS = 10.0
"""How long it may take until others see that a process was killed."""

SERVED_SECONDS = NOTICED_SECONDS + IDENTIFY_SECONDS * SHARDS / PROCESSES
"""How long a shard may be without a session after a kill: the dead one's are begun one after the other."""

SERVED_AT_LAST_SECONDS = SERVED_SECONDS + IDENTIFY_SECONDS * SHARDS / PROCESSES
"""The same at the worst: who was started again takes its part back, and each session that moves has its turn, too."""


@dataclass
class _Told:
    """Hold what came of it all."""

    asked: list[tuple[str, Interaction]] = field(default_factory=list[tuple[str, Interaction]])
    gaps: list[float] = field(default_factory=list[float])
    """How long each shard was without a session that was lost by a kill. Seconds."""
    megabytes: list[float] = field(default_factory=list[float])


async def measure() -> list[Figure]:
    """Run it; see that each film that was promised is made, and none twice."""
    told = _Told()
    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder), checks=False) as sandbox, crew_of(sandbox, PROCESSES) as (crew, _):
            hasten(sandbox)
            knobs = sandbox.discord.knobs
            knobs.first_answer_seconds, knobs.identify_seconds = 3.0, IDENTIFY_SECONDS
            knobs.recommended_shards = SHARDS
            sandbox.settings.update(DEFAULT_CREDITS="100000", MAX_RUNNING="1000", MAX_RUNNING_PER_USER="1000")
            places = _populate(sandbox.discord)
            await asyncio.gather(*(crew.start(place) for place in range(PROCESSES)))
            await _all_served(sandbox)
            async with asyncio.TaskGroup() as tasks:
                watching = tasks.create_task(_watch(sandbox, told))
                killing = tasks.create_task(_kill(crew, told))
                await _ask(sandbox, places, told)
                await killing
                await _all_served(sandbox)
                watching.cancel()
            answered = [(prompt, one) for prompt, one in told.asked if one.acknowledged]
            unmade = len(answered) - sum(await asyncio.gather(*(_made(one) for _, one in answered)))
            orders = [job.prompt for job in sandbox.provider.jobs.values()]
    violations = len(sandbox.discord.violations)
    share = 100 * len(answered) / len(told.asked)
    print(
        f"{SERVERS:,} servers, {SHARDS} shards, {PROCESSES} processes: "
        f"{len(told.asked)} commands, {share:.1f} % answered in time; "
        f"{median(told.megabytes):.0f} MB a process with {SHARDS // PROCESSES} shards",
        flush=True,
    )
    return [
        at_most("lost shard served again, p50", median(told.gaps), SERVED_SECONDS),
        at_most("lost shard served again, latest", max(told.gaps), SERVED_AT_LAST_SECONDS),
        at_most("promised films not made", unmade, 0, ""),
        at_most("films made twice", len(orders) - len(set(orders)), 0, ""),
        at_most("rules of Discord's broken", violations, 0, ""),
    ]


def _populate(discord: Discord) -> list[tuple[User, TextChannel]]:
    """Make the servers, evenly on the shards, with a member and a channel each."""
    members = [discord.user(f"member{number}") for number in range(MEMBERS)]
    places: list[tuple[User, TextChannel]] = []
    for number in range(SERVERS):
        guild = discord.guild(f"Server {number}", guild_id=(1_000_000 + number) << 22)
        member = members[number % MEMBERS]
        guild.join(member)
        places.append((member, guild.text_channel("films")))
    return places


async def _ask(sandbox: Sandbox, places: list[tuple[User, TextChannel]], told: _Told) -> None:
    """Let members of any server ask for films, one after the other."""
    picture = sandbox.discord.attachment("boat.png", draw_sample())
    chosen = random.Random(1)
    last = time.monotonic() + SECONDS
    while time.monotonic() < last:
        member, channel = chosen.choice(places)
        prompt = f"boat {len(told.asked)}"
        told.asked.append((prompt, await member.slash(channel, "video", prompt=prompt, image=picture)))
        await asyncio.sleep(1 / COMMANDS_A_SECOND)


async def _kill(crew: Crew, told: _Told) -> None:
    """Kill one every 20 seconds, each in its turn, and start it again; one that still starts is left alone."""
    starting: dict[int, asyncio.Task[BotProcess]] = {}
    for kill in range(1, int(SECONDS / KILL_SECONDS)):
        await asyncio.sleep(KILL_SECONDS)
        place = kill % PROCESSES
        if place in starting and not starting[place].done():
            continue
        told.megabytes += [resident_megabytes(bot.pid) for bot in crew.bots.values()]
        await crew.kill(place)
        starting[place] = asyncio.create_task(crew.start(place))
    await asyncio.gather(*starting.values())


async def _watch(sandbox: Sandbox, told: _Told) -> None:
    """Write down how long each shard is without a session."""
    lost: dict[int, float] = {}
    while True:
        now, live = time.monotonic(), _served(sandbox)
        for shard in range(SHARDS):
            if shard in live and shard in lost:
                told.gaps.append(now - lost.pop(shard))
            elif shard not in live:
                lost.setdefault(shard, now)
        await asyncio.sleep(LOOK_SECONDS)


async def _all_served(sandbox: Sandbox) -> None:
    async with asyncio.timeout(START_SECONDS):
        while len(_served(sandbox)) < SHARDS:  # noqa: ASYNC110  # sessions are closed by those who tell nobody
            await asyncio.sleep(LOOK_SECONDS)


def _served(sandbox: Sandbox) -> set[int]:
    return {session.shard_id for session in sandbox.discord.gateway.sessions.values() if session.connection}


async def _made(asked: Interaction) -> bool:
    with suppress(AssertionError, TimeoutError):
        await asked.until(is_done, END_SECONDS)
        return True
    return False
