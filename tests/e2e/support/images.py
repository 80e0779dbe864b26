"""What tests of pictures share: a sandbox with enough credits, made pictures, and what the provider was asked for."""

import io
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from sandbox.discord import Interaction, Message, User
from sandbox.discord.components import walk
from sandbox.harness import Sandbox
from sandbox.provider import Job
from sandbox.provider.model.image_jobs import ImageOrder, image_order_of
from sandbox.provider.rendering.resize import shrink
from tests.e2e.support.guild import Server, gallery
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

CREDITS = 500
"""What a member of these stages may spend."""


@asynccontextmanager
async def image_sandbox(
    folder: Path, settings: Mapping[str, str] | None = None, *, providers: tuple[str, ...] = ("ttapi",)
) -> AsyncGenerator[Sandbox]:
    """Start the sandbox with pictures that are made at once and members who can pay for many."""
    async with start_sandbox(folder, providers=providers) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.run_seconds = 0.05
        sandbox.settings.update({"DEFAULT_CREDITS": str(CREDITS), "MAX_RUNNING_PER_USER": "10", **(settings or {})})
        yield sandbox
        assert sandbox.discord.violations == []


async def drawn(asked: Interaction, pictures: int = 4) -> Message:
    """Wait for a card with its pictures and what may be done with them."""
    return await asked.until(lambda message: len(gallery(message)) == pictures and message.buttons, 30)


async def imagine(
    server: Server, prompt: str = "a red kite over the sea --ar 16:9", who: User | None = None, **options: Any
) -> Message:
    """Run /imagine and wait for the four pictures."""
    channel = options.pop("channel", server.channel)
    return await drawn(await (who or server.mira).slash(channel, "imagine", prompt=prompt, **options))


def labels(card: Message) -> list[str]:
    """Give what stands on a card's buttons."""
    return [button.label or "" for button in card.buttons]


def offered_on(card: Message) -> set[str]:
    """Give the actions whose buttons a card shows."""
    ids = [button.custom_id or "" for button in card.buttons]
    return {custom_id.split(":")[2] for custom_id in ids if custom_id.startswith("act:")}


async def click_forged(who: User, card: Message, custom_id: str) -> Interaction:
    """Press a card's first button as if it asked for something else: discord.py hears of buttons on the card alone."""
    first = card.buttons[0].custom_id
    [button] = [part for _, part in walk(card.components) if part.get("custom_id") == first]
    button["custom_id"] = custom_id
    pressed = await who.click(card, custom_id)
    await pressed.answered()
    button["custom_id"] = first
    return pressed


def newest(sandbox: Sandbox) -> Job:
    """Give the job that the provider accepted last."""
    return list(sandbox.provider.jobs.values())[-1]


def ordered(sandbox: Sandbox) -> ImageOrder:
    """Give the order for pictures that the provider accepted last."""
    return image_order_of(newest(sandbox))


def shown(server: Server) -> list[Message]:
    """Give the channel's messages that are more than promised."""
    return [message for message in server.messages if not message.thinking]


async def refused(server: Server, asked: Interaction, credits: int = CREDITS) -> str:
    """Expect one sentence to the asker alone, nothing reserved, and no order at the provider."""
    fake_provider = server.sandbox.provider
    before, cards = fake_provider.submits, shown(server)
    sentence = await server.private_text(asked)
    assert asked.message is None or asked.message.ephemeral
    assert sentence.count("\n") == 0
    assert "Nothing was charged." in sentence
    assert await server.credits(server.sandbox.discord.user(asked.user.name)) == credits
    assert shown(server) == cards, [message.describe() for message in server.channel.messages]
    assert fake_provider.submits == before
    return sentence


def closest(picture: bytes, card: Message) -> int:
    """Tell which of a card's pictures another one shows, scaled down or not; counted from 1."""
    small = _small(picture)
    distances = [sum(abs(a - b) for a, b in zip(small, _small(one.data), strict=True)) for one in gallery(card)]
    assert min(distances) < 20 * len(small)
    return distances.index(min(distances)) + 1


def _small(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as image:
        return shrink(image.convert("RGB"), (16, 16)).tobytes()
