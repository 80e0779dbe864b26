"""How long a film takes from the provider's end to the member's card, where the provider calls back."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.contestants import START_SECONDS, Contestant, hasten, is_done
from benchmarks.figures import Figure, at_most
from sandbox.discord import Interaction
from sandbox.harness import start_sandbox
from sandbox.provider import FakeProvider
from sandbox.provider.rendering.sample_image import draw_sample

JOBS = 60
CLIPS = 4
RUN_SECONDS = 1.0

BETWEEN_SECONDS = 0.3
"""Between two orders: three or four jobs run at a time, and about as many a second are delivered."""

LIMIT_SECONDS = 0.5


async def measure() -> list[Figure]:
    """Have jobs of four clips made, and take the time between their end at the provider and the finished card."""
    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder), checks=False) as sandbox:
            hasten(sandbox)
            sandbox.provider.settings.run_seconds = RUN_SECONDS
            contestant = Contestant(sandbox.discord, draw_sample())
            # The default POLL_SECONDS is longer than a job here, so that callbacks alone bring the news.
            async with sandbox.bot(called=True, POLL_SECONDS="", DEFAULT_CREDITS="1000"):
                delays = await delivered(contestant, sandbox.provider, JOBS)
    return [
        at_most(f"provider done to card done, p50 of {JOBS}", median(delays), LIMIT_SECONDS),
        at_most(f"provider done to card done, latest of {JOBS}", max(delays), LIMIT_SECONDS),
    ]


async def delivered(contestant: Contestant, fake_provider: FakeProvider, number: int) -> list[float]:
    """Order films; tell of each how long it took from its end at the provider to its card. Seconds."""
    watching = asyncio.create_task(_ends(fake_provider, number))
    shown = await _films(contestant, number)
    ended = await watching
    return [shown[prompt] - ended[prompt] for prompt in shown]


async def _films(contestant: Contestant, number: int) -> dict[str, float]:
    """Order films one after the other; tell by prompt when each card was done."""
    waiting: list[asyncio.Task[float]] = []
    prompts = [f"boat {place}" for place in range(number)]
    for place, prompt in enumerate(prompts):
        asked = await contestant.command(contestant.members[place], prompt)
        waiting.append(asyncio.create_task(_done_at(asked)))
        await asyncio.sleep(BETWEEN_SECONDS)
    return dict(zip(prompts, await asyncio.gather(*waiting), strict=True))


async def _done_at(asked: Interaction) -> float:
    card = await asked.until(is_done, START_SECONDS)
    shown = time.perf_counter()
    if sum(media.where == "gallery" for media in card.media) != CLIPS:
        raise RuntimeError(f"a card is done without its films: {card.describe()}")
    return shown


async def _ends(fake_provider: FakeProvider, number: int) -> dict[str, float]:
    """Tell by prompt when each job ended at the provider."""
    ended: dict[str, float] = {}

    def news(fake_provider: FakeProvider) -> list[str]:
        return [job.prompt for job in fake_provider.jobs.values() if job.state.over and job.prompt not in ended]

    while len(ended) < number:
        for prompt in await fake_provider.until(news, START_SECONDS):
            ended[prompt] = time.perf_counter()
    return ended
