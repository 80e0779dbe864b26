"""/video."""

from enum import StrEnum
from typing import Literal, TypeVar

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.image_reference import read_source
from bot.domain.params import ImageUpload, Motion, PromptMode, Resolution, Speed
from bot.errors import BadSource, NoSuchImage
from bot.services.job_history import JobHistory
from bot.services.jobs import JobService
from bot.services.member_settings import MemberSettingsService
from bot.services.presets import Presets
from bot.services.requests import VideoOptions
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator
from bot.ui.interactions import Interaction, defer_card, image_upload_from, requester_from
from bot.ui.job_access import can_view_job_id, suggest_own
from bot.ui.preset_choice import suggest_presets

Source = app_commands.Range[str, 1, 140]

Word = TypeVar("Word", bound=StrEnum)


class VideoCog(commands.Cog):
    """Take requests for video jobs."""

    def __init__(
        self,
        validator: RequestValidator,
        jobs: JobService,
        history: JobHistory,
        settings: MemberSettingsService,
        presets: Presets,
    ) -> None:
        self._validator = validator
        self._jobs = jobs
        self._history = history
        self._settings = settings
        self._presets = presets

    @app_commands.command(name="video", description=locale_str("Turn a picture into short films"))
    @app_commands.describe(
        prompt=locale_str("What should happen in the film"),
        image=locale_str("The picture that it starts with"),
        end_image=locale_str("The picture that it ends with"),
        motion=locale_str("How much moves: low if you leave it out"),
        resolution=locale_str("sd, or hd, which is larger and costs more credits"),
        clips=locale_str("How many different films: 4 if you leave it out"),
        loop=locale_str("End where it began"),
        speed=locale_str("How fast the provider works"),
        provider=locale_str("Who makes it"),
        source=locale_str("Instead of an image: a job, or a provider's own picture as id#2 (then - is no prompt)"),
        animate=locale_str("Who says what happens: the prompt, or for a provider's own picture also the provider"),
        preset=locale_str("One of your presets: its words are added, its options are used where you leave yours out"),
        spoiler=locale_str("Hide picture and films until somebody clicks on them"),
    )
    @app_commands.guild_only()
    async def video(
        self,
        interaction: Interaction,
        prompt: str,
        image: discord.Attachment | None = None,
        end_image: discord.Attachment | None = None,
        motion: Literal["low", "high"] | None = None,
        resolution: Literal["sd", "hd"] | None = None,
        clips: Literal[1, 2, 4] | None = None,
        loop: bool | None = None,
        speed: Literal["fast", "turbo"] | None = None,
        provider: str | None = None,
        source: Source | None = None,
        animate: Literal["auto", "manual"] | None = None,
        preset: str | None = None,
        spoiler: bool | None = None,
    ) -> None:
        """Check what the payload shows, promise a card, and write the request down."""
        requester = requester_from(interaction)
        options = VideoOptions(
            prompt=prompt,
            image=image_upload_from(image) if image else None,
            source=source,
            end_image=image_upload_from(end_image) if end_image else None,
            motion=Motion(motion) if motion else None,
            resolution=Resolution(resolution) if resolution else None,
            clips=clips,
            loop=loop,
            speed=Speed(speed) if speed else None,
            prompt_mode=PromptMode(animate) if animate else None,
            provider=provider,
            spoiler=spoiler,
        )
        self._validator.video(requester, options)
        card = await defer_card(interaction)
        request = self._validator.video(requester, options, await self._settings.preferred(requester, preset))
        shown = request.params.job_image
        if shown is not None and not await can_view_job_id(interaction, self._history, shown.job_id):
            raise NoSuchImage(shown.job_id, shown.position)
        await self._jobs.create_video(requester, request, card)

    @video.autocomplete("provider")
    async def _providers_that_fit(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        fitting = self._validator.fitting(_typed_so_far(interaction))
        return [
            app_commands.Choice(name=provider.title, value=provider.name)
            for provider in fitting
            if typed.lower() in provider.title.lower()
        ]

    @video.autocomplete("preset")
    async def _own_presets(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_presets(self._presets, interaction, typed)

    @video.autocomplete("source")
    async def _own_images(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_own(self._history, interaction, typed)


def _typed_so_far(interaction: Interaction) -> VideoOptions:
    """Read what stands in the other options while one is being filled in; anything may be half typed."""
    typed = interaction.namespace
    source = typed.source if isinstance(typed.source, str) else None
    try:
        read_source(source or "")
    except BadSource:
        source = None
    return VideoOptions(
        prompt=typed.prompt if isinstance(typed.prompt, str) else "",
        source=source,
        # While somebody types, Discord sends the id alone.
        end_image=ImageUpload("", "", 0) if typed.end_image is not None else None,
        motion=_word(Motion, typed.motion),
        resolution=_word(Resolution, typed.resolution),
        clips=typed.clips if isinstance(typed.clips, int) else None,
        loop=typed.loop is True,
        speed=_word(Speed, typed.speed),
        prompt_mode=_word(PromptMode, typed.animate),
    )


def _word(kind: type[Word], typed: object) -> Word | None:
    return kind(typed) if isinstance(typed, str) and typed in set(kind) else None


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /video."""
    await bot.add_cog(
        VideoCog(use_cases.validator, use_cases.jobs, use_cases.history, use_cases.member_settings, use_cases.presets)
    )
