"""Members who have pictures made, mixed and described, and go on from what came of it."""

import io
from random import Random

from PIL import Image, ImageColor

from sandbox.discord import Interaction, User
from sandbox.harness import Sandbox
from tests.chaos.client import RequestClient
from tests.chaos.database import BotDatabase

COLOURS: tuple[str, ...] = ("red", "green", "blue", "yellow", "black", "white")
"""What the pictures look like that members attach: each has one colour, so that it is known again."""


class ImageActors:
    """Play members who like pictures; where there is nothing yet to go on from, they ask for pictures."""

    def __init__(
        self, sandbox: Sandbox, client: RequestClient, database: BotDatabase, random: Random, members: list[User]
    ) -> None:
        self._client = client
        self._database = database
        self._random = random
        self.members = members
        self.attached: dict[int, list[str]] = {}
        """The colours of the pictures that came with a request, by interaction."""
        self.seeds: dict[int, str] = {}
        """The jobs whose seeds were asked for, by interaction."""
        self._images = {colour: sandbox.discord.attachment(f"{colour}.png", plain(colour)) for colour in COLOURS}

    async def imagine(self, who: User | None = None) -> Interaction:
        """Ask for pictures with a prompt that nobody used before."""
        return await self._client.slash(
            self._one(who),
            "imagine",
            prompt=f"red kite number {len(self._client.asked)} --ar {self._random.choice(('1:1', '3:2'))}",
            speed=self._random.choice(("relax", "fast", "turbo")),
        )

    async def blend(self, who: User | None = None) -> Interaction:
        """Have two to five pictures mixed."""
        colours = self._random.sample(COLOURS, self._random.randint(2, 5))
        images = {f"image{number}": self._images[colour] for number, colour in enumerate(colours, 1)}
        shape = self._random.choice(("portrait", "square", "landscape"))
        asked = await self._client.slash(self._one(who), "blend", **images, shape=shape)
        self.attached[asked.id] = colours
        return asked

    async def describe(self, who: User | None = None) -> Interaction:
        """Have a picture put into words."""
        colour = self._random.choice(COLOURS)
        asked = await self._client.slash(self._one(who), "describe", image=self._images[colour])
        self.attached[asked.id] = [colour]
        return asked

    async def draw_described(self, who: User | None = None) -> Interaction:
        """Have one of a description's prompts drawn; ask for a description where there is none."""
        pressed = self._client.button("imagine:")
        return await (self._client.press(self._one(who), *pressed) if pressed else self.describe(who))

    async def go_on(self, who: User | None = None) -> Interaction:
        """Do something with a picture, however old."""
        pressed = self._client.button("act:", unpressed_by=who)
        return await (self._client.press(self._one(who), *pressed) if pressed else self.imagine(who))

    async def upscale(self, who: User | None = None) -> Interaction:
        """Have a single picture made of one of four."""
        pressed = self._client.button(r"act:\w+:upsample\d", unpressed_by=who)
        return await (self._client.press(self._one(who), *pressed) if pressed else self.imagine(who))

    async def seed(self, who: User | None = None, *, newest: bool = False) -> Interaction:
        """Ask for the seed of pictures, however old, or of the newest ones."""
        drawn = [job["id"] for job in self._database.drawn()]
        if not drawn:
            return await self.imagine(who)
        name = drawn[-1] if newest else self._random.choice(drawn)
        asked = await self._client.slash(self._one(who), "seed", job=name)
        self.seeds[asked.id] = name
        return asked

    def _one(self, who: User | None) -> User:
        return who or self._random.choice(self.members)


def colour_of(picture: bytes) -> str:
    """Name the colour of one of the pictures that members attach, whatever it was made into on its way."""
    with Image.open(io.BytesIO(picture)) as image:
        seen = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    assert isinstance(seen, tuple)
    return min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(ImageColor.getrgb(name), seen, strict=True)))


def plain(colour: str) -> bytes:
    """Paint a picture of one colour."""
    data = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "PNG")
    return data.getvalue()
