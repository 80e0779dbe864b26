"""Faults of the provider and of Discord that come and go."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import TypeVar

from sandbox.discord import Discord
from sandbox.harness import Sandbox
from sandbox.provider.model import faults

T = TypeVar("T")

SPELL_SECONDS = 0.15
"""How long one kind of weather lasts."""

ON_SUBMIT: tuple[faults.SubmitFault, ...] = (
    faults.ResetAfter(),
    faults.ResetBefore(),
    faults.Status(499),
    faults.Status(429, retry_after=0.3),
    faults.Status(504, accepted=True),
    faults.Status(500),
    faults.Html(502, accepted=True),
    faults.Malformed(),
    faults.NoJobId(),
    faults.Hang(),
    faults.Slow(0.3),
    faults.FailLater("job timeout"),
    faults.FailLater("[Banned prompt detected]"),
    faults.FewerClips(1),
    faults.Stuck(),
)

ON_FETCH: tuple[faults.FetchFault, ...] = (
    faults.Status(500),
    faults.Status(404),
    faults.Status(429, retry_after=0.3),
    faults.ResetBefore(),
    faults.ResetAfter(),
    faults.Malformed(),
    faults.Html(200),
    faults.ShowProgress(None),
    faults.Slow(0.3),
)

ON_DOWNLOAD: tuple[faults.DownloadFault, ...] = (
    faults.Status(503),
    faults.ResetBefore(),
    faults.CutOff(),
    faults.Slow(0.3),
)

ROUTES = (("PATCH", r"^/webhooks/"), ("POST", r"^/webhooks/"), ("DELETE", r"^/webhooks/"), ("*", r"^/channels/"))
"""What the bot asks of Discord, but for its first answers: those are the gap before a job is written down."""

AT_DISCORD: tuple[Callable[[Discord, str, str], object], ...] = (
    lambda discord, method, path: discord.faults.status(method, path, 500),
    lambda discord, method, path: discord.faults.status(method, path, 503),
    lambda discord, method, path: discord.faults.status(method, path, 429, retry_after=0.2),
    lambda discord, method, path: discord.faults.reset(method, path, when="before"),
    lambda discord, method, path: discord.faults.reset(method, path, when="after"),
    lambda discord, method, path: discord.faults.delay(method, path, 0.3),
    # An edit whose outcome is unknown, and that lands after its successor.
    lambda discord, _, path: discord.faults.reset_and_do_later("PATCH", path, 0.5),
)

MOST_AT_DISCORD = 2

BLIND = 0.2
"""In how much of the weather the provider's list names no films, and in how much it calls nobody back."""


class RandomFaults:
    """Change the faults of a stage by a seeded random."""

    def __init__(self, sandbox: Sandbox, random: Random) -> None:
        self._discord = sandbox.discord
        self._knobs = sandbox.provider.settings
        self._random = random

    async def blow(self) -> None:
        """Let one spell follow the other until cancelled; then the sky is clear."""
        self._knobs.list_shows_videos = self._random.random() > BLIND
        self._knobs.callbacks = "never" if self._random.random() < BLIND else "once"
        try:
            while True:
                await self._change()
                await asyncio.sleep(SPELL_SECONDS)
        finally:
            self.clear()

    def clear(self) -> None:
        """Switch all faults off."""
        self._knobs.submit_fault = self._knobs.extend_fault = None
        self._knobs.fetch_fault = self._knobs.download_fault = None
        self._knobs.list_shows_videos, self._knobs.callbacks = True, "once"
        self._discord.faults.waiting.clear()

    async def _change(self) -> None:
        self._knobs.submit_fault = self._some(0.25, ON_SUBMIT)
        self._knobs.extend_fault = self._some(0.25, ON_SUBMIT)
        self._knobs.fetch_fault = self._some(0.2, ON_FETCH)
        self._knobs.download_fault = self._some(0.15, ON_DOWNLOAD)
        trouble = self._some(0.2, AT_DISCORD)
        if trouble is not None and len(self._discord.faults.waiting) < MOST_AT_DISCORD:
            trouble(self._discord, *self._random.choice(ROUTES))
        if self._random.random() < 0.01:
            await self._discord.drop_gateway(resumable=self._random.random() < 0.5)

    def _some(self, share: float, choices: tuple[T, ...]) -> T | None:
        return self._random.choice(choices) if self._random.random() < share else None
