"""From a picture to a film: the animate buttons, Animate this image, and the form that both open."""

from collections.abc import Iterator
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.params import Motion, Picture, Resolution
from bot.errors import NoPictureThere, NoSuchPicture
from bot.services.job_history import History
from bot.services.job_results import Made
from bot.services.jobs import Service
from bot.services.message_images import Sightings
from bot.services.requests import VideoOptions
from bot.services.validation import Planner
from bot.ui.attachments import has_button, media_of
from bot.ui.buttons import AnimatePress
from bot.ui.interactions import Interaction, asker_of, promise_card
from bot.ui.job_access import may_see_id
from bot.ui.modals import (
    SeenPictures,
    animate_message,
    animate_picture,
    read_form,
    read_target,
)


class AnimateCog(commands.Cog):
    """Make films of pictures that are there already."""

    def __init__(self, planner: Planner, service: Service, made: Made, history: History, sightings: Sightings) -> None:
        self._planner = planner
        self._service = service
        self._made = made
        self._history = history
        self._sightings = sightings
        self.menu = app_commands.ContextMenu(name="Animate this image", callback=self._animate_message)
        self.menu.guild_only = True

    async def press_animate(self, interaction: Interaction, press: AnimatePress) -> None:
        """Open the form for a picture of a card, with the picture's own prompt in it if that is to be had in time."""
        asker = asker_of(interaction)
        self._planner.check_place(asker)
        prompt = await self._made.prompt_of(asker, press.job_id)
        await interaction.response.send_modal(animate_picture(press, prompt, self._planner.on_offer()))

    async def submit(self, interaction: Interaction) -> bool:
        """Carry out a form that was sent, however long ago it was opened; False when it is not one of ours."""
        data = interaction.data or {}
        target = read_target(str(data.get("custom_id", "")))
        if target is None:
            return False
        asker = asker_of(interaction)
        filled = read_form(data)
        motion = target.motion if isinstance(target, AnimatePress) else filled.motion
        wanted = VideoOptions(
            prompt=filled.prompt,
            # As for the command, only what differs from the usual must be had.
            resolution=filled.resolution if filled.resolution is Resolution.HD else None,
            clips=filled.clips,
            loop=filled.loop or None,
            motion=motion if not filled.loop or self._loops_with(motion) else None,
        )
        if isinstance(target, AnimatePress):
            plan = self._planner.video(asker, replace(wanted, source=f"{target.job_id}#{target.number}"))
            card = await promise_card(interaction)
            if not await self._may_use(interaction, target.job_id):
                raise NoSuchPicture(target.job_id, str(target.number))
        else:
            placeholder = replace(wanted, image=Picture("", "", 0))
            self._planner.video(asker, placeholder)
            card = await promise_card(interaction)
            picture = await self._sightings.find(asker, target.sighting, filled.number)
            plan = self._planner.video(asker, replace(placeholder, image=picture))
        await self._service.receive_video(asker, plan, card)
        return True

    async def _animate_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Open the form for the pictures in a message."""
        asker = asker_of(interaction)
        self._planner.check_place(asker)
        pictures = list(_pictures(message))
        if not pictures:
            raise NoPictureThere
        seen = SeenPictures(await self._sightings.remember(asker, pictures))
        names = [picture.filename for picture in pictures]
        await interaction.response.send_modal(animate_message(seen, names, self._planner.on_offer()))

    async def _may_use(self, interaction: Interaction, job_id: str) -> bool:
        """Tell whether somebody may see a job, or pressed a button on a card of it that they do see."""
        custom_id = str((interaction.data or {}).get("custom_id", ""))
        if interaction.message is not None and has_button(interaction.message, custom_id):
            return True
        return await may_see_id(interaction, self._history, job_id)

    def _loops_with(self, motion: Motion | None) -> bool:
        """Tell whether a loop may be asked for together with a motion."""
        return bool(self._planner.fitting(VideoOptions(prompt="", loop=True, motion=motion)))


def _pictures(message: discord.Message) -> Iterator[Picture]:
    """Find the pictures of a message: attached, in galleries and thumbnails, and in embeds."""
    for attachment in message.attachments:
        if (attachment.content_type or "").startswith("image/"):
            yield Picture(attachment.url, attachment.filename, attachment.size, attachment.content_type)
    for media in media_of(message):
        if (media.content_type or "").startswith("image/"):
            yield Picture(media.url, _filename(media.url), 0, media.content_type)
    for embed in message.embeds:
        for link in (embed.image.url, embed.thumbnail.url):
            if link:
                yield Picture(link, _filename(link), 0)


def _filename(link: str) -> str:
    return link.partition("?")[0].rsplit("/", 1)[-1] or "picture"
