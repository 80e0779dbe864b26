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
        self.filled: dict[int, dict[str, str]] = {}
        """What the forms that were sent said, by interaction."""
        self._opened: list[Interaction] = []
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
                resolution=self._resolution(),
            )
        )

    async def imagine(self, who: User | None = None) -> Interaction:
        """Ask for pictures with a prompt that nobody used before."""
        member = who or self._random.choice(self.members)
        return self._note(
            await member.slash(
                self.channel,
                "imagine",
                prompt=f"red kite number {len(self.asked)} --ar {self._random.choice(('1:1', '3:2'))}",
                speed=self._random.choice(("relax", "fast", "turbo")),
            )
        )

    async def go_on(self, who: User | None = None) -> Interaction:
        """Do something with a picture, however old; ask for pictures where there are none yet."""
        member = who or self._random.choice(self.members)
        pressed = self._button("act:", unpressed_by=who)
        return await (self._press(member, *pressed) if pressed else self.imagine(member))

    async def open_form(self, who: User | None = None) -> Interaction:
        """Open the form for a film of a picture; ask for pictures where there are none yet."""
        member = who or self._random.choice(self.members)
        pressed = self._button("animate:")
        if pressed is None:
            return await self.imagine(member)
        self._opened.append(await self._press(member, *pressed))
        return self._opened[-1]

    async def send_form(self) -> Interaction:
        """Send a form that was opened once, by whichever bot, and perhaps sent before; open one where none is."""
        opened = [form for form in self._opened[-NEWEST:] if form.modal is not None]
        if not opened:
            return await self.open_form()
        form = self._random.choice(opened)
        filled = {"prompt": f"the kite rises {len(self.asked)}", "resolution": self._resolution(), "clips": "1"}
        sent = self._note(await form.user.submit(form, filled))
        self.filled[sent.id] = filled
        return sent

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
        pressed = self._button(self._random.choice(("extend:", "act:")), unpressed_by=member)
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

    def _resolution(self) -> str:
        return "hd" if self._random.random() < HD_SHARE else "sd"

    def _note(self, asked: Interaction) -> Interaction:
        self.asked.append(asked)
        self.times[asked.id] = self._discord.now()
        return asked


ACTS: tuple[tuple[Callable[[Crowd], Awaitable[object]], int], ...] = (
    (Crowd.video, 34),
    (Crowd.extend, 16),
    (Crowd.imagine, 10),
    (Crowd.go_on, 8),
    (Crowd.open_form, 4),
    (Crowd.send_form, 4),
    (Crowd.insist, 4),
    (Crowd.cancel, 3),
    (Crowd.credits, 4),
    (Crowd.list_jobs, 2),
    (Crowd.show, 3),
    (Crowd.grant, 3),
    (Crowd.delete_card, 2),
    (Crowd.rescue, 3),
)
"""What people do, and in how many of a hundred cases."""
