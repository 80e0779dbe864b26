"""A publisher over the client of the bot in this process."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from discord.ui import LayoutView, TextDisplay

from bot.domain.clock import Clock
from bot.domain.credits import PriceList
from bot.domain.job import Job
from bot.locks import FileNamedLocks
from bot.media import FileStore, Transcoder
from bot.publisher.attachment_batches import AttachmentBatcher
from bot.publisher.publisher import CardPublisher
from bot.services.clip_links import ClipLinks
from bot.ui.card_data import CardBuilder
from sandbox.discord import Message, TextChannel
from sandbox.discord.request_log import Recorded
from tests.support.clock import clock_of
from tests.support.in_process_bot import InProcessBot, Server
from tests.support.scripted_provider import ScriptedProvider


@dataclass
class Publishing:
    """Hold a server, and the publisher of its jobs' cards."""

    server: Server
    media: FileStore
    publisher: CardPublisher
    builder: CardBuilder
    clock: Clock

    @property
    def channel(self) -> TextChannel:
        return self.server.channel

    async def with_card(self, job: Job) -> Job:
        """Let the bot have sent a job's card."""
        view = LayoutView(timeout=None)
        view.add_item(TextDisplay("to come"))
        sent = await self.server.card(view)
        await self.server.db.store.card_edits.set_card_hash(job.id, "older", sent.id)
        return await self.server.db.get(job.id)

    async def running(self, **fields: Any) -> Job:
        """Bring a job of mira's to the provider, with a card of its own in this channel."""
        job = await self.server.db.running(**self._place(), **fields)
        return await self.with_card(job)

    async def waiting(self, **fields: Any) -> Job:
        """Let a job of mira's wait in line, with a card of its own."""
        return await self.with_card(await self.server.db.queued(**self._place(), **fields))

    async def ready(self, sizes: list[int], **fields: Any) -> Job:
        """Bring a job of mira's to its result: clips of so many bytes, all fetched, and its card."""
        job = await self.server.db.ready(**self._place(), clips=len(sizes), **fields)
        for slot, size in enumerate(sizes):
            name = await self.media.keep(f"{job.id}/{slot + 1}.mp4", bytes([slot]) * size)
            await self.server.db.store.clips.set_file(job.id, slot, name, size)
        return await self.with_card(await self.server.db.get(job.id))

    async def failing(self, **fields: Any) -> Job:
        """Let a job of mira's fail at the provider, with a card of its own."""
        return await self.with_card(await self.server.db.failing(**self._place(), **fields))

    def card(self, job: Job) -> Message:
        """Give the message that is a job's card."""
        return next(message for message in self.channel.messages if message.id == job.message_id)

    def names(self, message: Message) -> list[str]:
        """Name the clips on a message."""
        return [media.filename for media in message.media if media.where == "gallery"]

    async def shown_at(self, job: Job) -> list[int | None]:
        """Tell which message each clip is written down to be on."""
        return [clip.message_id for clip in await self.server.db.store.clips.clips(job.id)]

    def sent(self, since: int) -> list[Recorded]:
        """Give the requests that carried clips."""
        requests = self.server.discord.requests[since:]
        return [one for one in requests if any(name.endswith(".mp4") for name, _ in one.files)]

    def _place(self) -> dict[str, Any]:
        return {
            "user": self.server.mira.id,
            "guild": self.server.guild.id,
            "channel_id": self.channel.id,
            "token": None,
        }


@pytest.fixture
def publishing(bot: InProcessBot, tmp_path: Path) -> Generator[Publishing]:
    server, media, clock = bot.server(), FileStore(tmp_path / "media"), clock_of(lambda: bot.db.now)
    builder = CardBuilder(
        bot.db.store,
        {"ttapi": ScriptedProvider(())},
        ClipLinks(bot.db.store, media, None),
        prices=PriceList(),
        max_running=2,
        max_running_per_user=2,
        clock=clock,
    )
    with FileNamedLocks.open(tmp_path / "locks") as locks:
        batcher = AttachmentBatcher(media, Transcoder())
        publisher = CardPublisher(bot.client, bot.db.store, media, batcher, builder, locks, clock)
        yield Publishing(server, media, publisher, builder, clock)
    bot.discord.faults.waiting.clear()
    bot.discord.knobs.refuse_gallery_files_on_edit = False
