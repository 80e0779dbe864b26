"""Guests who ask in a channel of their own, and those who keep order there.

Their films are removed, some of them are blocked for a while, and some want to be forgotten, and ask for nothing more.
"""

from random import Random

from sandbox.discord import Guild, Interaction, Message, StoredFile, User
from sandbox.harness import Sandbox
from tests.chaos.actors.owner import is_card, job_on
from tests.chaos.client import NEWEST, RequestClient
from tests.chaos.database import BotDatabase

AT_ONCE = 4
"""Guests who are there at a time: for each one who goes another one comes."""

WAITED_SECONDS = 10.0
"""After so long a request that is not written down never will be: whoever had heard it is dead."""


class GuestActors:
    """Play guests, and the owner who keeps order among them."""

    def __init__(
        self,
        sandbox: Sandbox,
        client: RequestClient,
        database: BotDatabase,
        random: Random,
        guild: Guild,
        owner: User,
        image: StoredFile,
    ) -> None:
        self._sandbox = sandbox
        self.channel = guild.text_channel("guests")
        self._client = client.in_channel(self.channel)
        self._database = database
        self._random = random
        self._guild = guild
        self._owner = owner
        self._image = image
        self._guests: list[User] = []
        self._here: list[User] = []
        self._leaving: dict[User, Interaction] = {}
        """What those were shown who want to be forgotten."""
        self._questions: list[Interaction] = []
        self.farewells: dict[int, Interaction] = {}
        """The last press of each guest who wanted to be forgotten for good, by their id."""

    def newcomer(self) -> User:
        """Let somebody come whom nobody knows yet."""
        guest = self._sandbox.discord.user(f"guest{len(self._guests)}")
        self._guild.join(guest)
        self._guests.append(guest)
        return guest

    async def video(self, who: User | None = None) -> Interaction:
        """Ask for a film."""
        while len(self._here) < AT_ONCE:
            self._here.append(self.newcomer())
        prompt = f"paper boat number {len(self._client.asked)}"
        guest = who or self._random.choice(self._here)
        return await self._client.slash(guest, "video", prompt=prompt, image=self._image, clips=1, resolution="sd")

    async def ask_to_remove(self, card: Message | None = None) -> Interaction:
        """Choose *Remove* in the menu of a card, as who asked for it; ask for a film where there is none."""
        cards = self._cards() if card is None else [card]
        if not cards:
            return await self.video()
        chosen = self._random.choice(cards)
        maker = self._maker_of(chosen)
        if maker is None or f"more:{job_on(chosen)}" not in str(chosen.components):
            return await self.remove_by_moderator(job_on(chosen))
        self._questions.append(await self._client.choose(maker, chosen, f"more:{job_on(chosen)}", "remove"))
        return self._questions[-1]

    async def confirm(self, question: Interaction | None = None) -> Interaction:
        """Press the button of a question, however often it was pressed; ask one where there is none."""
        asked = self._questions[-NEWEST:] if question is None else [question]
        shown = {one.message.id: one for one in asked if one.message is not None}
        pressed = self._client.button("remove:", on=[one.message for one in shown.values() if one.message is not None])
        if pressed is None:
            return await self.ask_to_remove()
        return await self._client.press(self._sandbox.discord.user(shown[pressed[0].id].user.name), *pressed)

    async def remove_by_moderator(self, job_id: str | None = None) -> Interaction:
        """Let the owner remove a job, which may be gone by then; ask for a film where there is none."""
        cards = self._cards()
        name = job_id or (job_on(self._random.choice(cards)) if cards else None)
        return await (self._client.slash(self._owner, "mod remove", job=name, reason="spam") if name else self.video())

    async def block(self, who: User | None = None) -> Interaction:
        """Let the owner block a guest for a while."""
        if who is None and not self._here:
            return await self.video()
        guest = who or self._random.choice(self._here)
        return await self._client.slash(self._owner, "mod block", member=guest, reason="spam", **{"for": "1h"})

    async def unblock(self, who: User | None = None) -> Interaction:
        """Let the owner unblock a guest, who may not be blocked at all."""
        if who is None and not self._here:
            return await self.video()
        return await self._client.slash(self._owner, "mod unblock", member=who or self._random.choice(self._here))

    async def leave(self) -> Interaction:
        """Let one of those who want to be forgotten take their next step, or another guest be the next of them."""
        for guest, shown in self._leaving.items():
            buttons = {button.custom_id: button for button in (shown.message.buttons if shown.message else ())}
            if "privacy:ask" in buttons or ("privacy:forget" in buttons and self._all_is_written(guest)):
                return await self.press_privacy(guest, shown)
        if not self._here:
            return await self.video()
        guest = self._here.pop(self._random.randrange(len(self._here)))
        return await self.look_at_privacy(guest)

    async def look_at_privacy(self, guest: User) -> Interaction:
        """Ask what is kept; who does that here wants to be forgotten, and asks for nothing more."""
        self._leaving[guest] = await self._client.slash(guest, "privacy")
        return self._leaving[guest]

    async def press_privacy(self, guest: User, shown: Interaction) -> Interaction:
        """Press *Forget me*, or once that was asked *Forget me for good*."""
        message = shown.message
        assert message is not None, shown.describe()
        buttons = {button.custom_id: button for button in message.buttons}
        last = "privacy:forget" in buttons
        pressed = await self._client.press(guest, message, buttons["privacy:forget" if last else "privacy:ask"])
        if last:
            self.farewells[guest.id] = pressed
            self._leaving.pop(guest, None)
        return pressed

    def _all_is_written(self, guest: User) -> bool:
        """Tell whether nothing that a guest asked for can be written down any more: it would be kept as anybody's."""
        since = self._sandbox.discord.now() - WAITED_SECONDS
        young = [asked for asked in self._client.asked if asked.user is guest and self._client.times[asked.id] > since]
        return all(not asked.data.get("options") or self._database.job_of(asked.id) for asked in young)

    def _cards(self) -> list[Message]:
        return [message for message in self.channel.messages if is_card(message) and job_on(message)]

    def _maker_of(self, card: Message) -> User | None:
        rows = self._database.read("select user_id from job where id = $1", job_on(card))
        return next((guest for guest in self._guests if rows and rows[0]["user_id"] == guest.id), None)
