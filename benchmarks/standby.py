"""Two processes and one shard: the one that holds it is killed 20 times, while 50 films are made and 20 members click.

The other one stood by and takes the shard over; who was killed is started again and stands by in its turn.
"""

import asyncio
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

from benchmarks.contestants import Contestant, hasten, is_done
from benchmarks.crew import START_SECONDS, Crew, crew_of
from benchmarks.figures import Figure, at_most
from sandbox.discord import Discord, Interaction
from sandbox.harness import start_sandbox
from sandbox.provider.rendering.sample_image import draw_sample

KILLS = 20
FILMS, CLICKING = 50, 20
RUN_SECONDS = 5.0
BETWEEN_CLICKS_SECONDS = 3.0
ASKED_AFTER_SECONDS = 10.0
"""How long after a kill a command has to be answered again."""

END_SECONDS = 300.0
LOOK_SECONDS = 0.02


async def measure() -> list[Figure]:
    """Measure the pauses, and see that every film that was promised is made, and none twice."""
    pauses: list[float] = []
    unanswered, unmade = 0, 0
    asked: list[Interaction] = []
    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder), checks=False) as sandbox, crew_of(sandbox, 2) as (crew, _):
            hasten(sandbox)
            sandbox.provider.settings.run_seconds = RUN_SECONDS
            sandbox.discord.knobs.first_answer_seconds = 3.0
            sandbox.settings.update(
                DEFAULT_CREDITS="100000", MAX_RUNNING="1000", MAX_RUNNING_PER_USER="1000", MAX_OPEN_PER_USER="1000"
            )
            contestant = Contestant(sandbox.discord, draw_sample())
            await crew.start(0)
            await crew.start(1)
            await contestant.make_card()
            for kill in range(KILLS):
                pause, late, films = await _kill(crew, kill, contestant)
                pauses.append(pause)
                unanswered += not late.acknowledged
                asked += films
                promised = [one for one in films if one.acknowledged]
                unmade += len(promised) - sum(await asyncio.gather(*map(_made, promised)))
            jobs = list(sandbox.provider.jobs.values())
    prompts = [job.prompt for job in jobs if job.parent is None]
    promises = sum(one.acknowledged for one in asked)
    print(f"{KILLS} kills, {promises} of {len(asked)} films promised, {len(jobs)} jobs", flush=True)
    return [
        at_most(f"one shard, holder killed: p50 of {KILLS}", median(pauses), ASKED_AFTER_SECONDS),
        at_most(f"one shard, holder killed: worst of {KILLS}", max(pauses), ASKED_AFTER_SECONDS),
        at_most("commands 10 s after a kill that nobody answered", unanswered, 0, ""),
        at_most("promised films that were not made", unmade, 0, ""),
        at_most("films that were asked for twice", len(prompts) - len(set(prompts)), 0, ""),
    ]


async def _kill(crew: Crew, kill: int, contestant: Contestant) -> tuple[float, Interaction, list[Interaction]]:
    """Kill who holds the shard in the middle of it; gives the pause, the command after it, and all that was asked."""
    place = kill % 2
    films = [await contestant.command(member, f"boat {kill} {member.id}") for member in contestant.members[:FILMS]]
    clicking = asyncio.create_task(_click(contestant))
    await asyncio.sleep(RUN_SECONDS / 2)
    killed = time.monotonic()
    await crew.kill(place)
    await _served(contestant.discord)
    pause = time.monotonic() - killed
    await asyncio.sleep(max(0.0, ASKED_AFTER_SECONDS - pause))
    late = await contestant.command(contestant.owner, f"boat {kill} after it")
    await asyncio.sleep(contestant.discord.knobs.first_answer_seconds)
    clicking.cancel()
    with suppress(asyncio.CancelledError):
        await clicking
    await crew.start(place)
    return pause, late, [*films, late]


async def _click(contestant: Contestant) -> None:
    number = 0
    while True:
        for member in range(CLICKING):
            await contestant.click(contestant.members[FILMS + member], number)
        number += 1
        await asyncio.sleep(BETWEEN_CLICKS_SECONDS)


async def _served(discord: Discord) -> None:
    """Wait until the killed one's connection is gone and another one's is there."""
    async with asyncio.timeout(START_SECONDS):
        while _connected(discord):  # noqa: ASYNC110  # whoever is killed tells nobody
            await asyncio.sleep(LOOK_SECONDS)
        while not _connected(discord):  # noqa: ASYNC110  # as above
            await asyncio.sleep(LOOK_SECONDS)


def _connected(discord: Discord) -> bool:
    return any(session.connection for session in discord.gateway.sessions.values())


async def _made(asked: Interaction) -> bool:
    with suppress(AssertionError, TimeoutError):
        await asked.until(is_done, END_SECONDS)
        return True
    return False
