"""/video, and the extend buttons."""

from collections.abc import Mapping
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot import answers
from bot.domain import Motion, Picture, Resolution, Speed
from bot.providers.base import Provider
from bot.requests import Planner, VideoOptions
from bot.service import Service
from bot.ui.buttons import ExtendPress
from cogs.replies import Interaction, answer, asker_of, promise_card


class VideoCog(commands.Cog):
    """Take requests for films."""

    def __init__(self, planner: Planner, service: Service, providers: Mapping[str, Provider]) -> None:
        self._planner = planner
        self._service = service
        self._providers = providers

    @app_commands.command(name="video", description="Turn a picture into short films")
    @app_commands.describe(
        prompt="What should happen in the film",
        image="The picture that it starts with",
        end_image="The picture that it ends with",
        motion="How much moves: low if you leave it out",
        resolution="sd, or hd, which is larger and costs more credits",
        clips="How many different films: 4 if you leave it out",
        loop="End where it began",
        speed="How fast the provider works",
        provider="Who makes it",
    )
    @app_commands.guild_only()
    async def video(
        self,
        interaction: Interaction,
        prompt: str,
        image: discord.Attachment,
        end_image: discord.Attachment | None = None,
        motion: Literal["low", "high"] | None = None,
        resolution: Literal["sd", "hd"] | None = None,
        clips: Literal[1, 2, 4] | None = None,
        loop: bool | None = None,
        speed: Literal["relax", "fast", "turbo"] | None = None,
        provider: str | None = None,
    ) -> None:
        """Check what the payload shows, promise a card, and write the request down."""
        asker = asker_of(interaction)
        plan = self._planner.video(
            asker,
            VideoOptions(
                prompt=prompt,
                image=_picture(image),
                end_image=_picture(end_image) if end_image else None,
                motion=Motion(motion) if motion else None,
                resolution=Resolution(resolution) if resolution else None,
                clips=clips,
                loop=loop,
                speed=Speed(speed) if speed else None,
                provider=provider,
            ),
        )
        card = await promise_card(interaction)
        await self._service.receive_video(asker, plan, card)

    @video.autocomplete("provider")
    async def _providers_that_fit(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=provider.title, value=provider.name)
            for provider in self._providers.values()
            if typed.lower() in provider.title.lower()
        ]

    async def press_extend(self, interaction: Interaction, press: ExtendPress) -> None:
        """Promise a card for a click on an extend button, and write the request down."""
        asker = asker_of(interaction)
        self._planner.check_place(asker)
        card = await promise_card(interaction)
        await self._service.receive_extend(asker, press.parent_id, press.slot, press.motion, card)

    async def press_cancel(self, interaction: Interaction, job_id: str) -> None:
        """Take a waiting job back; moderators are those who may manage messages in the channel."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        moderates = interaction.permissions.manage_messages or interaction.permissions.administrator
        job = await self._service.cancel(asker_of(interaction), job_id, moderates=moderates)
        await answer(interaction, answers.cancelled(job.cost))


def _picture(attachment: discord.Attachment) -> Picture:
    return Picture(attachment.url, attachment.filename, attachment.size, attachment.content_type)
