"""Members who have films made of pictures: they open forms, and send them when their bot may be long dead."""

from random import Random

from sandbox.discord import Interaction, User
from tests.chaos.actors.images import ImageActors
from tests.chaos.client import NEWEST, RequestClient


class AnimateActors:
    """Play members who fill in forms; where there is no picture yet, they ask for pictures."""

    def __init__(self, client: RequestClient, random: Random, image_actors: ImageActors) -> None:
        self._client = client
        self._random = random
        self._image_actors = image_actors
        self._opened: list[Interaction] = []
        self.filled: dict[int, dict[str, str]] = {}
        """What the forms that were sent said, by interaction."""

    async def open_form(self, who: User | None = None) -> Interaction:
        """Open the form for a film of a picture."""
        member = who or self._random.choice(self._image_actors.members)
        pressed = self._client.button("animate:")
        if pressed is None:
            return await self._image_actors.imagine(member)
        self._opened.append(await self._client.press(member, *pressed))
        return self._opened[-1]

    async def send_form(self, chosen: Interaction | None = None) -> Interaction:
        """Send a form that was opened once, by whichever bot, and perhaps sent before; open one where none is."""
        forms = self._opened[-NEWEST:] if chosen is None else [chosen]
        opened = [form for form in forms if form.modal is not None]
        if not opened:
            return await self.open_form()
        filled = {
            "prompt": f"the kite rises {len(self._client.asked)}",
            "films": f"1-{self._client.resolution()}",
        }
        sent = await self._client.send(self._random.choice(opened), filled)
        self.filled[sent.id] = filled
        return sent
