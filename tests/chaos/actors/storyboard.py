"""Members who make films of several shots: they send forms, confirm what they are shown, stop, and go on."""

from random import Random

from sandbox.discord import Button, Interaction, Message, StoredFile, User
from sandbox.harness import Sandbox
from tests.chaos.client import NEWEST, RequestClient

SHOTS: dict[int, float] = {2: 35, 3: 35, 4: 22, 5: 2, 6: 2, 7: 2, 8: 2}
"""How many shots these have, and in how many of a hundred cases."""


class StoryboardActors:
    """Play members with storyboards; whatever there is nothing for yet begins with a form."""

    def __init__(
        self, sandbox: Sandbox, client: RequestClient, random: Random, members: list[User], image: StoredFile
    ) -> None:
        self._sandbox = sandbox
        self._client = client
        self._random = random
        self._members = members
        self._image = image
        self._opened: list[Interaction] = []
        self._sent: list[Interaction] = []
        self.lines: dict[str, list[list[str]]] = {}
        """What the forms that were sent said, by storyboard: the first that was read counts."""

    async def open_form(self, who: User | None = None) -> Interaction:
        """Open the form for a storyboard."""
        member = who or self._random.choice(self._members)
        self._opened.append(await self._client.slash(member, "storyboard", image=self._image))
        return self._opened[-1]

    async def send_form(self, form: Interaction | None = None, shots: int | None = None) -> Interaction:
        """Send a form that was opened once, by whichever bot, and perhaps sent before; open one where none is."""
        opened = [form] if form is not None else [one for one in self._opened[-NEWEST:] if one.modal is not None]
        if not opened:
            return await self.open_form()
        chosen = self._random.choice(opened)
        number = len(self._client.asked)
        lines = [f"scene {number} take {take}" for take in range(shots or self._length())]
        sent = await self._client.send(chosen, {"shots": "\n".join(lines)})
        self.lines.setdefault(str(sent.data["custom_id"]).partition(":")[2], []).append(lines)
        self._sent.append(sent)
        return sent

    async def make(self, preview: Message | None = None, times: int = 1) -> list[Interaction]:
        """Confirm a preview that somebody sees, however often it was pressed; send a form where there is none."""
        shown = [(sent, sent.message) for sent in self._sent[-NEWEST:]]
        seen = {message.id: sent for sent, message in shown if message is not None and message.buttons}
        previews = [message for _, message in shown if message is not None and message.id in seen]
        pressed = self._client.button("make:", on=[preview] if preview is not None else previews)
        if pressed is None:
            return [await self.send_form()]
        member = self._sandbox.discord.user(seen[pressed[0].id].user.name)
        return [await self._client.press(member, *pressed) for _ in range(times)]

    async def insist(self) -> list[Interaction]:
        """Confirm one preview many times at once."""
        return await self.make(times=self._random.randint(3, 10))

    async def stop(self) -> Interaction:
        """Take back what waits of some storyboard; open a form where nothing does."""
        return await self._press("stop:")

    async def go_on(self) -> Interaction:
        """Have the rest of some storyboard made; open a form where none was stopped."""
        return await self._press("goon:")

    def _length(self) -> int:
        return self._random.choices([*SHOTS], [*SHOTS.values()])[0]

    async def _press(self, kind: str) -> Interaction:
        pressed = self._client.button(kind)
        return await (self._client.press(self._owner_of(*pressed), *pressed) if pressed else self.open_form())

    def _owner_of(self, card: Message, _: Button) -> User:
        """Find the member whose name stands on a card."""
        return next((one for one in self._members if f"<@{one.id}>" in card.text), self._members[0])


def shown_storyboard(pressed: Interaction) -> str:
    """Read which storyboard a button is about."""
    return str(pressed.data["custom_id"]).split(":")[1]
