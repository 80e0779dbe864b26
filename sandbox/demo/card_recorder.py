"""Following cards on the terminal until they are finished, and keeping what they show."""

import asyncio
import io
from pathlib import Path

from PIL import Image

from sandbox.demo.terminal import (
    gallery,
    is_clip,
    is_green,
    is_red,
    line,
    readable,
    show,
    state,
)
from sandbox.discord import Discord, Interaction, Media, Message
from sandbox.provider.rendering.clip_info import read_clip_info

JOB_SECONDS = 90.0
"""How long the demo waits for one job before it says that something is wrong."""


class StoryError(Exception):
    """Say in one sentence why the story cannot go on."""


class CardRecorder:
    """Follow what was asked for, show its card, and save its clips and images in a folder."""

    def __init__(self, discord: Discord, output: Path) -> None:
        self._discord = discord
        self._output = output
        self.spent = 0
        """Credits that the finished jobs cost together."""
        self.jobs = 0
        self.clips = 0
        self.images = 0

    async def keep(self, asked: Interaction, what: str, count: int, buttons: int | None, price: int) -> Message:
        """Follow a card until its `count` clips or images are there, then show and save them.

        `buttons` are how many extends it must offer at one press; None leaves that open. `price` is what the card must
        say that it costs.
        """
        card = await self._finished(asked, what, count)
        extends = [one for one in card.buttons if (one.custom_id or "").startswith("extend:")]
        if buttons is not None and len(extends) != buttons:
            raise StoryError(f"there are {len(extends)} buttons to extend by under {what}, not {buttons}.")
        if f", {price} credit" not in card.text:
            raise StoryError(f"the card of {what} does not say that it costs {price} credits.")
        self.jobs += 1
        self.spent += price
        show(self._discord, card)
        for number, media in enumerate(gallery(card), 1):
            await self._save(media, f"{what}-{number}")
        return card

    async def keep_storyboard(self, asked: Interaction, what: str, shots: int, price: int) -> list[float]:
        """Follow a storyboard's card until the joined film is there; show it and save the film and its shots.

        Gives the seconds of each shot, and last those of the film. `price` is what the card must say that it costs.
        """
        card = await self._finished(asked, what, shots + 1)
        if f", {price} credit" not in card.text:
            raise StoryError(f"the card of {what} does not say that it costs {price} credits.")
        self.jobs += shots
        self.spent += price
        show(self._discord, card)
        film, *parts = gallery(card)
        saved = [await self._save(part, f"{what}-{number}") for number, part in enumerate(parts, 1)]
        return [*saved, await self._save(film, what)]

    async def _finished(self, asked: Interaction, what: str, count: int) -> Message:
        """Follow a card until all of it is there, printing each new state once."""
        last = ""

        def look(message: Message) -> bool:
            nonlocal last
            now = state(message)
            if now and now != last:
                line(f"the card shows: {now}")
                last = now
            return is_red(message) or (is_green(message) and len(gallery(message)) == count)

        made = asyncio.create_task(asked.until(look, JOB_SECONDS))
        refused = asyncio.create_task(asked.private_reply(JOB_SECONDS))
        done, _ = await asyncio.wait((made, refused), return_when=asyncio.FIRST_COMPLETED)
        for task in (made, refused):
            task.cancel()
        if refused in done:
            raise StoryError(f"the bot refused it: {readable(self._discord, refused.result().text)}")
        card = made.result()
        if is_red(card):
            raise StoryError(f"{what} failed: {readable(self._discord, card.text)}")
        return card

    async def _save(self, media: Media, name: str) -> float:
        """Save a file, and give the seconds that it lasts."""
        seconds = 0.0
        path = self._output / f"{name}{Path(media.filename).suffix}"
        path.write_bytes(media.data)
        if is_clip(media):
            facts = await asyncio.to_thread(read_clip_info, path)
            self.clips += 1
            seconds = facts.seconds
            said = f"{facts.codec.upper()}, {facts.width}x{facts.height}, {facts.seconds:.1f} s"
        else:
            with Image.open(io.BytesIO(media.data)) as image:
                said = f"{image.format}, {image.width}x{image.height}"
            self.images += 1
        line(f"saved {path}: {said}, {media.size / 1024:,.0f} KiB")
        return seconds
