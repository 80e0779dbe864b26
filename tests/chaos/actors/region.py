"""Members who have a part of a picture redrawn: they lay masks over pictures, look, and confirm or discard."""

import io
from dataclasses import dataclass
from random import Random

from PIL import Image

from sandbox.discord import Interaction, Message, User
from sandbox.harness import Sandbox
from tests.chaos.actors.images import ImageActors
from tests.chaos.client import NEWEST, RequestClient
from tests.chaos.database import BotDatabase

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class RegionRequest:
    """Hold what a preview was asked for: the picture's job, what of it is white, and the prompt, if there is one."""

    asked: Interaction
    job_id: str
    box: Box
    prompt: str | None


class RegionActors:
    """Play members who retouch pictures; where there is nothing yet to lay a mask over, they have a picture made."""

    def __init__(
        self, sandbox: Sandbox, client: RequestClient, database: BotDatabase, random: Random, image_actors: ImageActors
    ) -> None:
        self._sandbox = sandbox
        self._client = client
        self._database = database
        self._random = random
        self._image_actors = image_actors
        self.asked: list[RegionRequest] = []
        self.pressed: dict[str, RegionRequest] = {}
        """What was seen in the previews that were pressed, by draft."""
        self.discards: dict[int, str] = {}
        """The drafts that were to be discarded, by interaction."""

    async def preview(self, who: User | None = None) -> Interaction:
        """Lay a mask over a single picture, with a prompt that nobody used before, or none."""
        singles = self._database.drawn(single=True)
        if not singles:
            return await self._image_actors.upscale(who)
        job = self._random.choice(singles)
        size = self._size_of(job["id"])
        box = self._box(size)
        prompt = self._random.choice((f"a lighthouse number {len(self._client.asked)}", None))
        mask = self._sandbox.discord.attachment("mask.png", _mask(size, box))
        member = who or self._random.choice(self._image_actors.members)
        options = {"prompt": prompt} if prompt else {}
        asked = await self._client.slash(member, "region", job=job["id"], mask=mask, **options)
        self.asked.append(RegionRequest(asked, job["id"], box, prompt))
        return asked

    async def redraw(self, preview: Message | None = None, times: int = 1) -> list[Interaction]:
        """Confirm a preview that somebody sees, however often it was pressed; ask for one where there is none."""
        return await self._press("region:", preview, times) or [await self.preview()]

    async def discard(self, preview: Message | None = None) -> Interaction:
        """Throw a preview away; ask for one where there is none."""
        pressed = await self._press("discard:", preview, 1)
        if not pressed:
            return await self.preview()
        self.discards[pressed[0].id] = draft_of(pressed[0])
        return pressed[0]

    async def insist(self) -> list[Interaction]:
        """Confirm one preview many times at once."""
        return await self.redraw(times=self._random.randint(3, 10))

    async def _press(self, kind: str, preview: Message | None, times: int) -> list[Interaction]:
        shown = [(wish, wish.asked.message) for wish in self.asked[-NEWEST:]]
        seen = {message.id: (wish, message) for wish, message in shown if message is not None and message.buttons}
        pressed = self._client.button(kind, on=[preview] if preview else [message for _, message in seen.values()])
        if pressed is None:
            return []
        wish, _ = seen[pressed[0].id]
        presses = [
            await self._client.press(self._sandbox.discord.user(wish.asked.user.name), *pressed) for _ in range(times)
        ]
        self.pressed[draft_of(presses[0])] = wish
        return presses

    def _size_of(self, job_id: str) -> tuple[int, int]:
        [clip] = self._database.clips(job_id)
        with Image.open(self._sandbox.folder / "media" / clip["media_file"]) as image:
            return image.size

    def _box(self, size: tuple[int, int]) -> Box:
        """Choose a rectangle."""
        left, right = sorted(self._random.sample(range(size[0] + 1), 2))
        top, bottom = sorted(self._random.sample(range(size[1] + 1), 2))
        return left, top, right, bottom


def draft_of(pressed: Interaction) -> str:
    """Read which draft a button below a preview is about."""
    return str(pressed.data["custom_id"]).partition(":")[2]


def preview_shown(preview: Message | None) -> str | None:
    """Read which draft a preview shows; None once it is discarded, or when it never came."""
    ids = [button.custom_id or "" for button in preview.buttons] if preview is not None else []
    return next((custom_id.partition(":")[2] for custom_id in ids if custom_id.startswith("region:")), None)


def box_of(mask: bytes) -> Box | None:
    """Find what of a mask is white."""
    with Image.open(io.BytesIO(mask)) as image:
        return image.convert("L").getbbox()


def _mask(size: tuple[int, int], box: Box) -> bytes:
    mask = Image.new("L", size)
    mask.paste(255, box)
    data = io.BytesIO()
    mask.save(data, "PNG")
    return data.getvalue()
