"""The pictures of other people's messages: told of once, when the menu is used, and remembered for the form."""

from collections.abc import Sequence

from bot.clock import Clock
from bot.domain import new_job_id
from bot.errors import NoPictureThere
from bot.params import Picture
from bot.requests import Asker
from bot.store import Store

KEPT_MS = 12 * 3_600_000
"""How long a form can be sent; Discord's links to its pictures expire after about a day (discord.md, section 2)."""


class Sightings:
    """Remember pictures between a menu and the form that it opens."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def remember(self, asker: Asker, pictures: Sequence[Picture]) -> str:
        """Write down what somebody saw; gives the name to ask for it by."""
        now = self._clock()
        name = new_job_id(now)
        await self._store.sightings.add(name, asker.guild_id or 0, asker.user_id, pictures, now)
        return name

    async def find(self, asker: Asker, name: str, number: int) -> Picture:
        """Give one of the pictures that the asker saw, counted from 1; raises `NoPictureThere`."""
        pictures = await self._store.sightings.get(name, asker.guild_id or 0, asker.user_id)
        if not 1 <= number <= len(pictures):
            raise NoPictureThere
        return pictures[number - 1]

    async def sweep(self) -> None:
        """Forget what is too old."""
        await self._store.sightings.forget(self._clock() - KEPT_MS)
