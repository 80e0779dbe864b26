"""The images of other people's messages: shown once, when the menu is used, and remembered for the modal."""

import asyncio
import logging
from collections.abc import Sequence

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import new_id
from bot.domain.params import ImageUpload
from bot.errors import DatabaseError, MessageImagesExpired, NoImageInMessage
from bot.services.requests import Requester

log = logging.getLogger(__name__)

LIFETIME_MS = 12 * 3_600_000
"""How long a modal can be submitted; Discord's links to its images expire after about a day (discord.md, section 2)."""

MODAL_WAIT_SECONDS = 1.0
"""How long a modal waits for the images to be written down: it must be opened within 3 s (discord.md, section 1)."""

TRIES = 3
"""How often the writing is tried; each waits for a lock for as long as the database does."""

CLOSE_SECONDS = 2.0
"""How long a stop waits for what is still being written down."""


class MessageImages:
    """Remember images between a menu and the modal that it opens."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._writing: dict[str, asyncio.Task[None]] = {}

    async def remember(self, requester: Requester, images: Sequence[ImageUpload]) -> str:
        """Write down what somebody saw; gives the name to ask for it by.

        What takes longer than `WRITE_SECONDS` goes on behind the modal.
        """
        now = self._clock()
        name = new_id(now)
        writing = asyncio.create_task(self._write(name, requester, tuple(images), now), name=f"sighting {name}")
        self._writing[name] = writing
        writing.add_done_callback(lambda _: self._writing.pop(name))
        await asyncio.wait({writing}, timeout=MODAL_WAIT_SECONDS)
        return name

    async def find(self, requester: Requester, name: str, number: int) -> ImageUpload:
        """Give one of the images that the requester saw, counted from 1.

        Raises `MessageImagesExpired` when nothing is known of them (any more), `NoImageInMessage` for a number that
        has none.
        """
        writing = self._writing.get(name)
        if writing is not None:
            await asyncio.wait({writing})
        images = await self._store.message_images.get(name, requester.guild_id or 0, requester.user_id)
        if not images:
            raise MessageImagesExpired
        if not 1 <= number <= len(images):
            raise NoImageInMessage
        return images[number - 1]

    async def sweep(self) -> None:
        """Forget what is too old."""
        await self._store.message_images.forget(self._clock() - LIFETIME_MS)

    async def aclose(self) -> None:
        """Wait for what is still being written down, within bounds."""
        if self._writing:
            _, late = await asyncio.wait(self._writing.values(), timeout=CLOSE_SECONDS)
            for writing in late:
                writing.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _write(self, name: str, requester: Requester, images: Sequence[ImageUpload], now_ms: int) -> None:
        """Write down what somebody saw, or say in the log that the modal will be of no use."""
        try:
            for tried in range(1, TRIES + 1):
                try:
                    await self._store.message_images.add(
                        name, requester.guild_id or 0, requester.user_id, images, now_ms
                    )
                except DatabaseError as error:
                    log.warning("sighting %s could not be written down (%d times): %s", name, tried, error)
                else:
                    return
        except asyncio.CancelledError:
            log.warning("sighting %s is not written down: the bot stops", name)
            raise
