"""What a moment looks at while it waits: the database, the provider, Discord."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from sandbox.discord import Interaction, Message, User
from sandbox.harness import Sandbox
from sandbox.provider.model import faults
from tests.chaos.actors.members import Members
from tests.chaos.database import ENDED, BotDatabase, has_reached
from tests.chaos.engines import Row

LONG = 600.0
"""Seconds; whoever waits for a moment has a shorter bound."""


@dataclass
class Observer:
    """Hold what a moment looks at; `released` is set as soon as the bot is dead."""

    sandbox: Sandbox
    actors: Members
    database: BotDatabase
    random: Random
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self) -> Interaction:
        """Ask for a film, an extension, pictures or a blend that will be paid."""
        who = self.random.choice(self.actors.rich)
        asks = (
            (self.actors.video, 45),
            (self.actors.extend_anew, 30),
            (self.actors.image_actors.imagine, 15),
            (self.actors.image_actors.blend, 10),
        )
        [ask] = self.random.choices([ask for ask, _ in asks], [share for _, share in asks])
        return await ask(who)

    async def pictures(self) -> User:
        """Let pictures be drawn, so that something can be done with them; gives who asked."""
        who = self.random.choice(self.actors.rich)
        await self.finished(lambda: self.actors.image_actors.imagine(who))
        return who

    async def single(self) -> None:
        """Let one picture be taken out of four."""
        if not self.database.drawn(single=True):
            who = await self.pictures()
            await self.finished(lambda: self.actors.image_actors.upscale(who))

    async def preview(self) -> Message:
        """Let a mask be laid over a picture by somebody who is not blocked, and shown."""
        await self.single()
        asked = await self.actors.region_actors.preview(self.random.choice(self.actors.rich))
        return await self.until(asked, lambda message: message.buttons)

    async def job(self, asked: Interaction, ready: Callable[[Row], bool]) -> Row:
        """Wait until the job of a request is as wished, or has ended."""

        def found() -> Row | None:
            job = self.database.job_of(asked.id)
            return job if job is not None and (ready(job) or job["state"] in ENDED) else None

        return await self.database.until(found)

    async def reached(self, asked: Interaction, state: str) -> Row:
        """Wait until a job has reached a state; raise `AssertionError` when it ends without."""
        job = await self.job(asked, lambda job: has_reached(job, state))
        assert has_reached(job, state), f"{asked!r} is {job['state']} ({job['error_code']}) and was never {state}"
        return job

    async def finished(self, ask: Callable[[], Awaitable[Interaction]]) -> Row:
        """Ask until something is made: who has no credits left is refused, and has finished nothing."""
        while True:
            job = await self.job(await ask(), lambda job: has_reached(job, "done"))
            if job["state"] == "done":
                return job

    async def requested(self, path: str | tuple[str, ...], having: str = "") -> None:
        """Wait for the next request to the provider whose path ends so and that holds a text."""
        before = self.sandbox.provider.requests.position
        await self.sandbox.provider.until(
            lambda fake_provider: any(
                request.path.endswith(path) and having in f"{request.query} {request.json}"
                for _, request in fake_provider.requests.since(before)
            )
        )

    async def acknowledged(self, asked: Interaction) -> None:
        """Wait until an answer is promised."""
        await asked.wait_for(lambda: asked.acknowledged, LONG, asked.describe)

    async def until(self, asked: Interaction, look: Callable[[Message], object]) -> Message:
        """Wait until a card looks as wished."""
        return await asked.until(look, LONG)

    async def told(self, asked: Interaction) -> Message:
        """Wait for what only the asker sees."""
        return await asked.private_reply(LONG)

    async def lost(self) -> Row:
        """Let the provider take an order whose answer is lost, and which nothing that it says later names.

        Only one order is lost at a time, for a provider that loses three in a row is left alone for a while; where it
        was somebody else's, another one is asked for.
        """
        provider = self.sandbox.provider
        provider.settings.list_shows_videos, provider.settings.callbacks = False, "never"
        while True:
            fault = faults.ResetAfter()
            provider.next_order(fault)
            try:
                asked = await self.actors.video(self.random.choice(self.actors.rich))
                job = await self.job(asked, lambda job: _is_lost(job) or job["remote_id"] is not None)
            finally:
                provider.withdraw(fault)
            if _is_lost(job):
                return job

    def order_meets(self, fault: faults.SubmitFault) -> None:
        """Let a fault befall every order from now on."""
        self.sandbox.provider.settings.submit_fault = self.sandbox.provider.settings.extend_fault = fault

    def download_takes(self, seconds: float) -> None:
        """Let every clip come slowly from now on."""
        self.sandbox.provider.settings.download_fault = faults.Slow(seconds)

    def hold(self, asked: Interaction, method: str) -> asyncio.Event:
        """Hold the next request about a request's answer until the bot is dead; gives the event of its arrival."""
        path = f"^/webhooks/.*{asked.token}"
        return self.sandbox.discord.faults.delay(method, path, until=self.released).hit


def _is_lost(job: Row) -> bool:
    return job["state"] == "submitting" and job["lease"] is None
