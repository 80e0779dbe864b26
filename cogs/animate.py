"""From an image to a film: the animate buttons, Animate this image, and the modal that both open."""

import asyncio
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Animatic
from bot.domain.params import ImageUpload, Motion, Resolution
from bot.errors import NoImageInMessage, NoSuchImage
from bot.services.job_history import JobHistory
from bot.services.job_results import JobResults
from bot.services.jobs import JobService
from bot.services.member_settings import MemberSettingsService
from bot.services.message_images import MessageImages
from bot.services.requests import Preferred, Requester, VideoOptions
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator
from bot.ui.buttons import AnimateButton, AnimateClick
from bot.ui.images_in_message import film_source, images_in, names_on_film_card, shows_film
from bot.ui.interactions import Interaction, check_blocked_in_time, defer_card, requester_from
from bot.ui.job_access import may_use_job
from bot.ui.modals import (
    MessageImagesRef,
    animate_image,
    animate_message,
    parse_submission,
    read_target,
)


class AnimateCog(commands.Cog):
    """Make films of images that are there already."""

    def __init__(
        self,
        validator: RequestValidator,
        jobs: JobService,
        results: JobResults,
        history: JobHistory,
        message_images: MessageImages,
        settings: MemberSettingsService,
    ) -> None:
        self._validator = validator
        self._jobs = jobs
        self._results = results
        self._history = history
        self._message_images = message_images
        self._settings = settings
        self.menu = app_commands.ContextMenu(name="Animate this image", callback=self._animate_message)
        self.menu.guild_only = True

    async def click_animate(self, interaction: Interaction, button: AnimateButton) -> None:
        """Open the modal for an image of a card, with the image's own prompt in it if that is to be had in time."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        await check_blocked_in_time(interaction)
        # At once: the form has to open in time.
        prompt, preferred = await asyncio.gather(
            self._results.prompt(requester, button.click.job_id), self._settings.preferred_in_time(requester)
        )
        offered = self._validator.available_options(button.click.motion)
        await interaction.response.send_modal(animate_image(button.click, prompt, offered, preferred))

    async def submit_modal(self, interaction: Interaction) -> bool:
        """Carry out a modal that was sent, however long ago it was opened; False when it is not one of ours."""
        data = interaction.data or {}
        target = read_target(str(data.get("custom_id", "")))
        if target is None:
            return False
        requester = requester_from(interaction)
        form = parse_submission(data)
        motion = target.motion if isinstance(target, AnimateClick) else form.motion
        wanted = VideoOptions(
            prompt=form.prompt,
            # As for the command, only what differs from the usual must be had.
            resolution=form.resolution if form.resolution is Resolution.HD else None,
            clips=form.clips,
            loop=form.loop,
            motion=motion if not form.loop or self._loops_with(motion) else None,
        )
        if isinstance(target, AnimateClick):
            chosen = replace(wanted, source=f"{target.job_id}#{target.number}")
            self._validator.video(requester, chosen)
            card = await defer_card(interaction)
            if not await may_use_job(interaction, self._history, target.job_id):
                raise NoSuchImage(target.job_id, str(target.number))
        else:
            placeholder = replace(wanted, image=ImageUpload("", "", 0))
            self._validator.video(requester, placeholder)
            card = await defer_card(interaction)
            image = await self._message_images.find(requester, target.message_images_id, form.number)
            film = film_source(image)
            chosen = replace(wanted, source=film) if film else replace(wanted, image=image)
        request = self._validator.video(requester, chosen, await self._preferred(requester))
        await self._jobs.create_video(requester, request, card)
        return True

    async def _animate_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Open the modal for the images in a message, of films for what they end on."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        await check_blocked_in_time(interaction)
        is_film = message.author == interaction.client.user and shows_film(message)
        images = images_in(message, films=is_film and self._results.can_read_films)
        if not images:
            raise NoImageInMessage
        remembered, preferred = await asyncio.gather(
            self._message_images.remember(requester, images), self._settings.preferred_in_time(requester)
        )
        named = names_on_film_card(images) if is_film else {}
        form = animate_message(
            MessageImagesRef(remembered),
            len(images),
            message.author.display_name,
            self._validator.available_options(),
            named,
            preferred,
        )
        await interaction.response.send_modal(form)

    async def _preferred(self, requester: Requester) -> Preferred:
        """Give what the requester prefers of what the form does not ask for: its choices were bought as they stood."""
        preferred = await self._settings.preferred(requester)
        return replace(preferred, options=preferred.options.only("speed", "provider"))

    def _loops_with(self, motion: Motion | None) -> bool:
        """Tell whether a loop may be asked for together with a motion."""
        return bool(self._validator.fitting(VideoOptions(prompt="", loop=True, motion=motion)))


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add the menu and the buttons that open the modal, and what is done once it is sent."""
    cog = AnimateCog(
        use_cases.validator,
        use_cases.jobs,
        use_cases.results,
        use_cases.history,
        use_cases.message_images,
        use_cases.member_settings,
    )
    await bot.add_cog(cog)
    bot.tree.add_command(cog.menu)
    bot.click_handlers.on_click(AnimateButton, cog.click_animate)
    bot.click_handlers.on_modal(cog.submit_modal)
