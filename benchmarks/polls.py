"""How often the provider is asked for one job, at the default POLL_SECONDS: a real minute, nothing is scaled."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.contestants import START_SECONDS, Contestant, hasten, is_done
from benchmarks.figures import Figure, at_most
from sandbox.discord import Interaction
from sandbox.harness import Sandbox, start_sandbox
from sandbox.provider import FakeProvider
from sandbox.provider.rendering.sample_image import draw_sample

JOB_SECONDS = 60.0
CALLED_JOB_SECONDS = 12.0

LISTEN_SECONDS = 12.0
"""How long late polls of a finished job are listened for: two of the shortest intervals."""

MOST = 8
MOST_AFTER_CALL = 1


async def measure() -> list[Figure]:
    """Count the polls of a job that takes a minute without callbacks, and those that another's callback brings."""
    without, after_call = await asyncio.gather(_without_callbacks(), _after_callback())
    return [
        at_most(f"polls of a {JOB_SECONDS:.0f} s job without callbacks", without, MOST, ""),
        at_most("polls after a callback", after_call, MOST_AFTER_CALL, ""),
    ]


async def _without_callbacks() -> int:
    async with _one_job(JOB_SECONDS, called=False) as (sandbox, asked):
        await asked.until(is_done, JOB_SECONDS + START_SECONDS)
        return _polls(sandbox.provider)


async def _after_callback() -> int:
    async with _one_job(CALLED_JOB_SECONDS, called=True) as (sandbox, asked):
        # The polls up to the very moment at which the job ends, before anybody is called.
        before = await sandbox.provider.until(_polls_if_over, CALLED_JOB_SECONDS + START_SECONDS) or 0
        await asked.until(is_done, START_SECONDS)
        await asyncio.sleep(LISTEN_SECONDS)
        return _polls(sandbox.provider) - before


@asynccontextmanager
async def _one_job(seconds: float, *, called: bool) -> AsyncGenerator[tuple[Sandbox, Interaction]]:
    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder), checks=False) as sandbox:
            hasten(sandbox)
            sandbox.provider.settings.run_seconds = seconds
            contestant = Contestant(sandbox.discord, draw_sample())
            async with sandbox.bot(called=called, POLL_SECONDS="") as _:
                yield sandbox, await contestant.command(contestant.owner)


def _polls_if_over(fake_provider: FakeProvider) -> int | None:
    # 0 would be taken for "not yet": the job is to be asked for once at least before it ends.
    return _polls(fake_provider) if any(job.state.over for job in fake_provider.jobs.values()) else None


def _polls(fake_provider: FakeProvider) -> int:
    return sum(request.path.endswith("/fetch") for request in fake_provider.requests)
