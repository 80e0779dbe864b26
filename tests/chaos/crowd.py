"""Members of one server who all ask at once, twice, and for more than they have."""

import asyncio
import io
from random import Random

from PIL import Image

from bot.sandbox.discord import Button, Interaction, Message, User
from bot.sandbox.stage import Stage

POOR = 4
"""Members who may spend next to nothing, so that some requests are refused."""

ACTS = {"video": 54, "extend": 27, "insist": 4, "cancel": 3, "credits": 8, "grant": 4}
"""What members do, and in how many of a hundred cases."""

NEWEST = 40
"""Buttons that count as new."""


def _picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), (52, 96, 140)).save(data, "PNG")
    return data.getvalue()


class Crowd:
    """Play the members; `asked` holds everything that they asked for, in order."""

    def __init__(self, stage: Stage, random: Random, members: int) -> None:
        discord = stage.discord
        self._discord = discord
        self._random = random
        self.owner = discord.user("ada")
        self.guild = discord.guild("Chaos", owner=self.owner)
        self.channel = self.guild.text_channel("films")
        self.members = [discord.user(f"member{number}") for number in range(members)]
        for member in self.members:
            self.guild.join(member)
        self.asked: list[Interaction] = []
        self.times: dict[int, float] = {}
        """When each was asked, in the sandbox's time."""
        self._pressed: set[tuple[int, str | None]] = set()
        self._image = discord.attachment("boat.png", _picture())

    @property
    def poor(self) -> list[User]:
        """Give the members who have next to nothing."""
        return self.members[:POOR]

    @property
    def rich(self) -> list[User]:
        """Give the others."""
        return self.members[POOR:]

    async def bustle(self, acts_per_second: float) -> None:
        """Ask for one thing after another, without waiting for any, until cancelled."""
        while True:
            await self.act()
            await asyncio.sleep(self._random.expovariate(acts_per_second))

    async def act(self) -> None:
        """Do one of the things that members do."""
        match self._random.choices(("video", "extend", "insist", "cancel", "credits", "grant"), (54, 27, 4, 3, 8, 4))[
            0
        ]:
            case "extend":
                await self.extend()
            case "insist":
                await self.insist()
            case "cancel":
                await self.cancel()
            case "credits":
                await self.credits(self._random.choice(self.members))
            case "grant":
                await self.grant()
            case _:
                await self.video()

    async def video(self, who: User | None = None) -> Interaction:
        """Ask for a film with a prompt that nobody used before."""
        member = who or self._random.choice(self.members)
        return self._note(
            await member.slash(
                self.channel,
                "video",
                prompt=f"paper boat number {len(self.asked)}",
                image=self._image,
                clips=self._random.choices((1, 2, 4), (70, 20, 10))[0],
                motion=self._random.choice(("low", "high")),
            )
        )

    async def extend(self) -> Interaction:
        """Press a button of any card, however old; ask for a film where there is none yet."""
        member = self._random.choice(self.members)
        pressed = self._button()
        return await (self._press(member, *pressed) if pressed else self.video())

    async def extend_anew(self, member: User) -> Interaction:
        """Press a button that this member has not pressed before; ask for a film where there is none."""
        pressed = self._button(unpressed_by=member)
        return await (self._press(member, *pressed) if pressed else self.video(member))

    async def insist(self) -> list[Interaction]:
        """Press the same button many times at once."""
        member = self._random.choice(self.rich)
        pressed = self._button(unpressed_by=member)
        if pressed is None:
            return [await self.video(member)]
        return [await self._press(member, *pressed) for _ in range(self._random.randint(3, 20))]

    async def cancel(self) -> Interaction:
        """Let the owner cancel a film whose card says that it waits; look at credits if none does."""
        pressed = self._button("cancel:")
        return await (self._press(self.owner, *pressed) if pressed else self.credits(self.owner))

    async def credits(self, who: User) -> Interaction:
        """Ask what is left."""
        return self._note(await who.slash(self.channel, "credits"))

    async def grant(self) -> Interaction:
        """Let the owner give somebody credits on top."""
        member = self._random.choice(self.rich)
        return self._note(await self.owner.slash(self.channel, "quota grant", member=member, credits=2))

    async def limit(self, who: User, credits: int) -> Interaction:
        """Let the owner set what somebody may spend."""
        return self._note(await self.owner.slash(self.channel, "quota set", target=who, credits=credits))

    async def _press(self, member: User, card: Message, button: Button) -> Interaction:
        self._pressed.add((member.id, button.custom_id))
        return self._note(await member.click(card, button))

    def _button(self, kind: str = "extend:", unpressed_by: User | None = None) -> tuple[Message, Button] | None:
        """Choose a button of a kind; half of the time on one of the newest cards."""
        buttons = [
            (card, button)
            for card in self.channel.messages
            for button in card.buttons
            if (button.custom_id or "").startswith(kind)
            and (unpressed_by is None or (unpressed_by.id, button.custom_id) not in self._pressed)
        ]
        if not buttons:
            return None
        return self._random.choice(buttons[-NEWEST:] if self._random.random() < 0.5 else buttons)

    def _note(self, asked: Interaction) -> Interaction:
        self.asked.append(asked)
        self.times[asked.id] = self._discord.now()
        return asked
