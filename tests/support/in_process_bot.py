"""The bot in this process, connected to the local Discord: commands are answered and written down, no job is worked on.

No process to start and no provider to wait for, so a command takes milliseconds; what becomes of the job is told by
the worker's tests and end to end.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

from discord import Client
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.ui import ActionRow, LayoutView

from bot.app import build
from bot.config import load_settings
from bot.db.store import Store
from bot.domain.clock import read_wall_clock
from bot.domain.job import Job
from bot.media import FileStore
from bot.providers.registry import provider_names
from bot.ui.buttons import CardButton
from sandbox.discord import Discord, Guild, Interaction, Message, StoredFile, TextChannel, User
from sandbox.discord.channels import Thread
from tests.support.db_fixture import DEFAULTS, DbFixture
from tests.support.sqlite_files import begin_with_tables, open_without_fsync

_numbers = count(1)


def row_of(*buttons: CardButton) -> LayoutView:
    """Make a card of nothing but buttons."""
    view = LayoutView(timeout=None)
    row: ActionRow[LayoutView] = ActionRow()
    for button in buttons:
        row.add_item(button)
    view.add_item(row)
    return view


@dataclass
class Server:
    """Hold a server of its own with the bot in it: ada owns it, mira and leo are members."""

    discord: Discord
    db: DbFixture
    guild: Guild
    channel: TextChannel
    ada: User
    mira: User
    leo: User
    client: Client
    media: FileStore

    async def told(self, asked: Interaction) -> str:
        """Wait for what only the requester is told."""
        reply = await asked.private_reply(10)
        await reply.until(lambda message: not message.thinking, 10)
        return reply.text

    async def jobs(self) -> list[Job]:
        """Read the server's jobs, the oldest first."""
        rows = await self.db.database.fetch("select id from job where guild_id = $1 order by id", self.guild.id)
        return [await self.db.get(row["id"]) for row in rows]

    async def until(self, is_so: Callable[[list[Job]], bool]) -> list[Job]:
        """Wait for the server's jobs to be as described: their rows come after the answer."""
        async with asyncio.timeout(10):
            while not is_so(jobs := await self.jobs()):  # noqa: ASYNC110  # the bot writes through another connection
                await asyncio.sleep(0.005)
        return jobs

    async def asked(self, interaction: Interaction) -> Job:
        """Wait for a promised card, and give the one job that it was promised for."""
        await interaction.answered()
        [job] = await self.until(bool)
        assert interaction.message is not None
        assert (job.message_id, job.channel_id) == (interaction.message.id, self.channel.id)
        assert interaction.message.thinking
        return job

    async def refused(self, interaction: Interaction) -> str:
        """Expect a sentence to the requester alone, and no job."""
        before = await self.jobs()
        sentence = await self.told(interaction)
        assert await self.jobs() == before
        return sentence

    async def suggested(self, who: User, command: str, option: str, typed: str) -> list[str]:
        """Type into an option, and give the values that are suggested."""
        options: dict[str, Any] = {option: typed}
        asked = await who.autocomplete(self.channel, command, focused=option, **options)
        await asked.answered()
        return [str(choice["value"]) for choice in asked.choices or ()]

    def image(self, filename: str = "boat.png", **claims: Any) -> StoredFile:
        """Attach what claims to be a picture; nobody reads it."""
        claims.setdefault("content_type", "image/png")
        return self.discord.attachment(filename, b"nobody reads this", **claims)

    async def done(self, who: User, **fields: Any) -> Job:
        """Write down a finished job of somebody, in this channel if no other is named."""
        return await self.db.done(user=who.id, **{**self._place, **fields})

    async def undelivered(self, who: User, **fields: Any) -> Job:
        """Write down a finished job of somebody that did not reach them, in this channel if no other is named."""
        ready = await self.db.ready(user=who.id, **{**self._place, **fields})
        return await self.db.store.jobs.finish(await self.db.claim(ready), undeliverable=True)

    async def keep_pictures(self, job: Job, picture: bytes = b"nobody reads this") -> None:
        """Keep a file for each picture that a finished job made."""
        for clip in await self.db.store.clips.clips(job.id):
            name = await self.media.keep(f"{job.id}/{clip.slot + 1}.png", picture)
            await self.db.store.clips.set_file(job.id, clip.slot, name, len(picture))

    async def card(self, view: LayoutView, place: TextChannel | Thread | None = None) -> Message:
        """Let the bot send a card to the channel, or to another place."""
        place = place or self.channel
        sent = await self.client.get_partial_messageable(place.id).send(view=view)
        # By its id: the bot may be greeting the server meanwhile.
        return next(message for message in place.messages if message.id == sent.id)

    @property
    def _place(self) -> dict[str, Any]:
        return {"guild": self.guild.id, "channel_id": self.channel.id, "message_id": 7}


@dataclass
class InProcessBot:
    """Hold the local Discord, the bot's database and its files."""

    discord: Discord
    db: DbFixture
    client: Client
    media: FileStore

    def server(self) -> Server:
        """Make a server with people of its own."""
        number = next(_numbers)
        ada, mira, leo = (self.discord.user(f"{name}{number}") for name in ("ada", "mira", "leo"))
        guild = self.discord.guild(f"Server {number}", owner=ada)
        for member in (mira, leo):
            guild.join(member)
        return Server(
            self.discord, self.db, guild, guild.text_channel("films"), ada, mira, leo, self.client, self.media
        )


@asynccontextmanager
async def in_process_bot(folder: Path, **settings: str) -> AsyncGenerator[InProcessBot]:
    """Connect a bot that takes requests and makes nothing of them; `settings` are its environment."""
    addresses = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with Discord() as local_discord:
        values = {
            "DISCORD_TOKEN": local_discord.token,
            "DISCORD_API_URL": local_discord.api_url,
            "TTAPI_API_KEY": "a-key-that-is-never-used",
            "TTAPI_BASE_URL": "http://127.0.0.1:1",
            "DATABASE_URL": f"sqlite:///{folder / 'animatic.db'}",
            "MEDIA_DIR": str(folder / "media"),
            "DEFAULT_CREDITS": str(DEFAULTS.credits),
        }
        with mock.patch.dict(os.environ, values | settings, clear=True):
            loaded = load_settings(provider_names())
        await begin_with_tables(folder / "animatic.db")
        try:
            async with build(loaded) as app, open_without_fsync(folder / "animatic.db") as db:
                connection = asyncio.create_task(app.client.connect())
                await local_discord.ready()
                await app.client.register_changed_commands()
                db = DbFixture(db, Store(db, DEFAULTS), read_wall_clock())
                yield InProcessBot(local_discord, db, app.client, FileStore(folder / "media"))
                await app.client.close()
                with suppress(asyncio.CancelledError):
                    await connection
                assert local_discord.violations == []
        finally:
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = addresses
