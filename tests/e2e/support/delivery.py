"""What tests of late and large results share: jobs that wait, cards that stand, logs that speak."""

import asyncio
import io
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

from sandbox.discord import Interaction, Message
from sandbox.discord.request_log import Recorded
from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.model import faults
from sandbox.provider.rendering.codec import open_media
from tests.e2e.support.guild import Server, finished, gallery, job_id


@asynccontextmanager
async def bot_without_errors(sandbox: Sandbox, *, called: bool = False, **settings: str) -> AsyncGenerator[BotProcess]:
    """Run a bot that must not meet an error that it did not foresee, whatever happens; `called` as in `Sandbox.bot`."""
    async with sandbox.bot(called=called, settings=settings) as bot:
        yield bot
    log = bot.log.read_text()
    assert "Traceback" not in log, log


def rows(sandbox: Sandbox, sql: str, *values: object) -> list[Any]:
    """Read from the bot's database, or write to it."""
    with closing(sqlite3.connect(sandbox.folder / "animatic.db", timeout=30)) as db, db:
        return db.execute(sql, values).fetchall()


@contextmanager
def overridden(knobs: Any, **values: Any) -> Generator[None]:
    """Turn knobs for a while."""
    before = {name: getattr(knobs, name) for name in values}
    for name, value in values.items():
        setattr(knobs, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(knobs, name, value)


@contextmanager
def expired_tokens(sandbox: Sandbox) -> Generator[None]:
    """Let all interaction tokens have ended."""
    with overridden(sandbox.discord.knobs, token_seconds=0):
        yield


async def running(server: Server, **options: Any) -> tuple[Interaction, Message, str]:
    """Ask for a film that is being made until `release`; gives its card and the job's id."""
    server.sandbox.provider.settings.hold = True
    asked = await server.video(**options)
    card = await asked.until(lambda message: "%" in message.text, 20)
    return asked, card, job_id(card)


async def fetching(server: Server) -> None:
    """Let the provider finish and wait until the bot fetches the clips: the next edit of the card brings them."""
    fake_provider = server.sandbox.provider
    fetched = len([request for request in fake_provider.requests if request.path.startswith("/cdn/")])
    fake_provider.next_download(faults.Slow(0.3))
    fake_provider.release()
    await fake_provider.until(
        lambda fake_provider: len([r for r in fake_provider.requests if r.path.startswith("/cdn/")]) > fetched
    )


def ended(message: Message) -> bool:
    """Tell whether a card offers extends, with or without films."""
    return any((button.custom_id or "").startswith("extend:") for button in message.buttons)


def ours(server: Server) -> list[Message]:
    """Give the bot's messages in the channel."""
    bot = server.sandbox.discord.bot_user
    return [m for m in server.channel.messages if m.author is bot and m.uses_components_v2]


async def only_card(server: Server, clips: int = 1) -> Message:
    """Wait for the one card that shows everything."""
    discord = server.sandbox.discord

    def complete() -> bool:
        return any(len(gallery(message)) == clips and message.buttons for message in ours(server))

    await discord.wait_for(complete, 30, lambda: "\n".join(message.describe() for message in ours(server)))
    cards = ours(server)
    assert len(cards) == 1, [card.describe() for card in cards]
    return cards[0]


async def logged(sandbox: Sandbox, words: str, times: int = 1, timeout: float = 20) -> None:
    """Wait until the bot's log says something so many times. Seconds."""
    async with asyncio.timeout(timeout):
        while log_of(sandbox).read_text().count(words) < times:  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(0.05)


def log_of(sandbox: Sandbox) -> Path:
    """Give the log of the sandbox's bots."""
    return sandbox.folder / "bot.log"


def sent(sandbox: Sandbox, since: int = 0) -> list[Recorded]:
    """Give the requests that carried films."""
    return [r for r in sandbox.discord.requests[since:] if any(name.endswith(".mp4") for name, _ in r.files)]


def codec_of(data: bytes) -> tuple[str, str]:
    with open_media(io.BytesIO(data)) as film:
        coder = film.streams.video[0].codec_context
        return coder.name, coder.pix_fmt


async def undelivered(server: Server, job: str) -> None:
    """Wait until a job ended without a way to its member."""
    await logged(server.sandbox, f"job {job} is made, but no way to the member is left")


async def brought_back(server: Server, job: str, clips: int = 1) -> Message:
    """Let the member fetch the clips in another channel; it costs nothing and asks the provider for nothing."""
    submits = server.sandbox.provider.submits
    credits = await server.credits()
    other = server.guild.text_channel("elsewhere")
    shown = await finished(await server.mira.slash(other, "jobs show", id=job), clips)
    assert server.sandbox.provider.submits == submits
    assert await server.credits() == credits == 24 - 2 * clips
    assert "gallery" in [media.where for media in shown.media]
    return shown
