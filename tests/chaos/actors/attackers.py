"""Those who mean harm: without credits, with links that trickle, and with connections that never end their header."""

import asyncio
from collections.abc import Sequence
from random import Random

from sandbox.discord import Interaction, User
from tests.chaos.actors.images import ImageActors
from tests.chaos.client import RequestClient

PAUSE_SECONDS = 0.5
"""The mean time between two attacks."""

CONNECTIONS = 80
"""More than one address may have at once; those of earlier attacks hang on."""

MOST_HANGING = 400

MOST_SLOW_LINKS = 30
"""In a whole run: each is tried three times, two of a member at once, and the run ends after them."""


class Attackers:
    """Attack the bot for as long as it lives; each attack is bounded, and what it asked for is kept."""

    def __init__(
        self,
        client: RequestClient,
        image_actors: ImageActors,
        random: Random,
        penniless: User,
        slow_url: str,
        ports: Sequence[int],
    ) -> None:
        self._client = client
        self._image_actors = image_actors
        self._random = random
        self._penniless = penniless
        self._slow_url = slow_url
        self._ports = ports
        self._slow_links = 0

    async def attack(self) -> None:
        """Attack in one way after the other, until cancelled."""
        hanging: list[asyncio.StreamWriter] = []
        try:
            while True:
                match self._random.randrange(3):
                    case 0:
                        await self._image_actors.blend(self._penniless)
                    case 1 if self._slow_links < MOST_SLOW_LINKS:
                        await self.give_slow_link()
                    case _:
                        await self._hang(hanging)
                await asyncio.sleep(self._random.expovariate(1 / PAUSE_SECONDS))
        finally:
            for writer in hanging:
                writer.close()

    async def give_slow_link(self) -> Interaction:
        """Let a picture be described that comes one byte a second."""
        self._slow_links += 1
        return await self._client.slash(
            self._random.choice(self._image_actors.members), "describe", link=f"{self._slow_url}/boat.png"
        )

    async def _hang(self, hanging: list[asyncio.StreamWriter]) -> None:
        """Begin requests to the bot's own server, and never end their header."""
        port = self._random.choice(self._ports)
        for _ in range(min(CONNECTIONS, MOST_HANGING - len(hanging))):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                return
            hanging.append(writer)
            writer.write(b"GET /healthz HTTP/1.1\r\nX: ")
