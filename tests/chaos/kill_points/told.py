"""The moments beside the cards: around pings, and on the way from a wish for a film to its message."""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sandbox.discord import Interaction
from sandbox.provider.model import faults
from tests.chaos.actors.film import film_on
from tests.chaos.actors.owner import is_card, job_on
from tests.chaos.engines import Row
from tests.chaos.observe import LONG, Observer

OVERDUE_MS = 1_000
"""After so long a ping that is due would have been taken, if nothing were in its way."""


async def ping_awaited(watch: Observer) -> None:
    """After a failure was told whose ping waits for others of the same member."""
    watch.order_meets(faults.FailLater())
    async with _waited_for(watch) as asked:
        pass
    job = await watch.reached(asked, "failing")
    await watch.database.until(lambda: _has_ping(watch, job))


async def ping_sending(watch: Observer) -> None:
    """After a ping was taken off its table, while it is sent to Discord: it arrives, and its sender is dead."""
    path = f"^/channels/{watch.actors.channel.id}/messages$"
    async with _waited_for(watch) as asked:
        sending = watch.sandbox.discord.faults.delay("POST", path, until=watch.released, times=50)
    job = await watch.reached(asked, "done")
    await watch.database.until(lambda: _is_taken(watch, job))
    await sending.hit.wait()


async def between_film_parts(watch: Observer) -> None:
    """After the first part of a film is there, while the second one is fetched from its card."""
    extension = await _extension(watch)
    watch.actors.film_actors.sweep(extension["id"])
    card = next(one for one in watch.actors.channel.messages if is_card(one) and job_on(one) == extension["id"])
    fetching = watch.sandbox.discord.faults.delay("GET", f"/messages/{card.id}$", until=watch.released)
    await watch.actors.film_actors.ask(watch.random.choice(watch.actors.rich), extension["id"])
    await fetching.hit.wait()


async def film_posted(watch: Observer) -> None:
    """After Discord took a film, before that is written down."""
    extension = await _extension(watch)
    asked = await watch.actors.film_actors.ask(watch.random.choice(watch.actors.rich), extension["id"])
    await watch.sandbox.discord.wait_for(
        lambda: (extension["id"], 0) in map(film_on, watch.actors.channel.messages), LONG, asked.describe
    )


@asynccontextmanager
async def _waited_for(watch: Observer) -> AsyncGenerator[Interaction]:
    """Ask for a film, and let so much time have passed while it is made that its end is news; it ends after that."""
    provider = watch.sandbox.provider
    provider.settings.hold = True
    try:
        asked = await watch.actors.video(watch.random.choice(watch.actors.rich))
        await watch.reached(asked, "running")
        watch.database.let_wait(asked.id)
        yield asked
    finally:
        provider.release()


async def _extension(watch: Observer) -> Row:
    """Let a clip be extended whose film nobody has wanted yet."""
    while True:
        job = await watch.finished(lambda: watch.actors.extend_anew(watch.random.choice(watch.actors.rich)))
        if job["kind"] == "extend" and job["storyboard_id"] is None:
            return job


def _has_ping(watch: Observer, job: Row) -> bool:
    return bool(watch.database.read("select 1 from ping where job_id = $1", job["id"]))


def _is_taken(watch: Observer, job: Row) -> bool:
    """Tell whether a ping is off its table; one that stays although it is due waits for others that are being sent."""
    overdue_ms = int(time.time() * 1000) - OVERDUE_MS
    return not watch.database.read("select 1 from ping where job_id = $1 and due_ms > $2", job["id"], overdue_ms)
