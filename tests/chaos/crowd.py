"""Members of one server who all ask at once, twice, and for more than they have; its staff does not rest either."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from random import Random

from PIL import Image

from bot.sandbox.discord import Button, Interaction, Message, User
from bot.sandbox.stage import Stage
from tests.chaos.records import Records
from tests.chaos.staff import Staff

POOR = 4
"""Members who may spend next to nothing, so that some requests are refused."""

NEWEST = 40
"""Buttons that count as new."""

HD_SHARE = 0.12
"""How many of the films are asked for in HD."""


def _picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), (52, 96, 140)).save(data, "PNG")
    return data.getvalue()


class Crowd:
    """Play the members; `asked` holds everything that they and the staff asked for, in order."""

    def __init__(self, stage: Stage, records: Records, random: Random, members: int) -> None:
        discord = stage.discord
        self._discord = discord
        self._records = records
        self._random = random
        owner = discord.user("ada")
        self.guild = discord.guild("Chaos", owner=owner)
        self.channel = self.guild.text_channel("films")
        self.members = [discord.user(f"member{number}") for number in range(members)]
        for member in self.members:
            self.guild.join(member)
        self.staff = Staff(stage, records, random, owner, self.channel, self._note)
        self.asked: list[Interaction] = []
        self.times: dict[int, float] = {}
        """When each was asked, in the sandbox's time."""
        self.lists: set[int] = set()
        """The interactions that asked for a list of jobs."""
        self.shows: dict[int, str] = {}
        """The jobs that were asked to be shown again, by interaction."""
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
        """Do one of the things that people do."""
        [act] = self._random.choices([act for act, _ in ACTS], [share for _, share in ACTS])
        await act(self)

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
                resolution="hd" if self._random.random() < HD_SHARE else "sd",
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
        owner = self.staff.owner
        return await (self._press(owner, *pressed) if pressed else self.credits(owner))

    async def credits(self, who: User | None = None) -> Interaction:
        """Ask what is left."""
        member = who or self._random.choice(self.members)
        return self._note(await member.slash(self.channel, "credits"))

    async def list_jobs(self) -> Interaction:
        """Ask for one's own newest jobs."""
        asked = self._note(await self._random.choice(self.members).slash(self.channel, "jobs list"))
        self.lists.add(asked.id)
        return asked

    async def show(self, job_id: str | None = None) -> Interaction:
        """Let a finished job be shown again; list one's jobs where none is finished yet."""
        finished = [job["id"] for job in self._records.done()]
        name = job_id or (self._random.choice(finished) if finished else None)
        if name is None:
            return await self.list_jobs()
        asked = self._note(await self._random.choice(self.members).slash(self.channel, "jobs show", id=name))
        self.shows[asked.id] = name
        return asked

    async def grant(self) -> Interaction:
        """Let the owner give one of the rich credits on top."""
        return await self.staff.grant(self._random.choice(self.rich))

    async def delete_card(self) -> None:
        """Let a moderator delete any card."""
        self.staff.delete_some_card()

    async def rescue(self) -> Interaction:
        """Let the owner look after the jobs in doubt."""
        return await self.staff.rescue()

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


ACTS: tuple[tuple[Callable[[Crowd], Awaitable[object]], int], ...] = (
    (Crowd.video, 50),
    (Crowd.extend, 25),
    (Crowd.insist, 4),
    (Crowd.cancel, 3),
    (Crowd.credits, 5),
    (Crowd.list_jobs, 2),
    (Crowd.show, 3),
    (Crowd.grant, 3),
    (Crowd.delete_card, 2),
    (Crowd.rescue, 3),
)
"""What people do, and in how many of a hundred cases."""
