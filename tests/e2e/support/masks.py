"""What tests of /region share: single pictures, masks, previews, and what is left of them."""

import io
from pathlib import Path
from typing import Any, cast

from PIL import Image, ImageStat

from sandbox.discord import Interaction, Message, User
from sandbox.harness import Sandbox
from tests.e2e.support.guild import Server, gallery, job_id
from tests.e2e.support.images import CREDITS, drawn, imagine

LEFT = CREDITS - 2
"""What is left after four pictures and the upscale of one."""


async def single(server: Server, who: User | None = None) -> Message:
    """Make a single picture."""
    grid = await imagine(server, who=who)
    return await drawn(await (who or server.mira).click(grid, f"act:{job_id(grid)}:upsample2"), 1)


def opened(data: bytes | Path) -> Image.Image:
    return Image.open(io.BytesIO(data) if isinstance(data, bytes) else data).convert("RGB")


def means(image: Image.Image) -> list[float]:
    """Give the mean of each colour."""
    return ImageStat.Stat(image).mean


def size_of(card: Message) -> tuple[int, int]:
    return opened(gallery(card)[0].data).size


def half(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Give the right half, from an even column on, so that it stays whole when the grid halves it."""
    return (size[0] // 4 * 2, 0, *size)


def mask_of(size: tuple[int, int], colour: int = 255, ground: int = 0) -> bytes:
    """Paint the right half of a mask."""
    mask = Image.new("L", size, ground)
    mask.paste(colour, half(size))
    data = io.BytesIO()
    mask.convert("RGB").save(data, "PNG")
    return data.getvalue()


async def region(server: Server, job: str, mask: bytes, who: User | None = None, **options: Any) -> Interaction:
    claims = {name: options.pop(name) for name in ("size", "content_type") if name in options}
    file = server.image("mask.png", mask, **claims)
    return await (who or server.mira).slash(server.channel, "region", job=job, mask=file, **options)


async def previewed(server: Server, card: Message, **options: Any) -> Message:
    """Lay a good mask over a picture and wait for the preview."""
    asked = await region(server, job_id(card), mask_of(size_of(card)), **options)
    return await asked.until(lambda message: message.buttons, 20)


async def told_beside(pressed: Interaction) -> str:
    """Wait for what is said to whoever pressed a button, while the message that it stands on stays."""
    followups = await pressed.wait_for(lambda: pressed.followups, 10, pressed.describe)
    assert followups[0].ephemeral
    return followups[0].text


def draft_of(preview: Message) -> str:
    return (preview.buttons[0].custom_id or "").removeprefix("region:")


def mask_file(sandbox: Sandbox, draft: str) -> Path:
    return sandbox.folder / "media" / draft / "given0"


def body_sent(sandbox: Sandbox) -> dict[str, Any]:
    """Give the body of the newest order to redraw a part."""
    return [cast("dict[str, Any]", r.json) for r in sandbox.provider.requests if r.path.endswith("/inpaint")][-1]


def checks(sandbox: Sandbox) -> int:
    return len([r for r in sandbox.provider.requests if r.path.endswith("/promptCheck")])
