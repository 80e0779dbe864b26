"""/imagine, /blend, /describe, /seed, and the buttons below images."""

from functools import partial
from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.job import Kind
from bot.domain.job_id import read_job_id
from bot.domain.job_lists import Needed
from bot.domain.params import Shape, Speed
from bot.errors import NoSuchJob
from bot.services.job_history import JobHistory
from bot.services.job_results import JobResults
from bot.services.jobs import JobService
from bot.services.member_settings import MemberSettingsService
from bot.services.presets import Presets
from bot.services.seen_locales import SeenLocales
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator
from bot.ui.buttons import ActionButton, ImagineButton
from bot.ui.interactions import Interaction, answer, defer_card, guild_of, image_upload_from, requester_from
from bot.ui.job_access import JobId, can_view_job_id, suggest_own
from bot.ui.preset_choice import suggest_presets
from bot.ui.text import replies
from bot.ui.text.translate import speaking

SpeedName = Literal["relax", "fast", "turbo"]


class ImagesCog(commands.Cog):
    """Take requests for images."""

    def __init__(
        self,
        validator: RequestValidator,
        jobs: JobService,
        results: JobResults,
        history: JobHistory,
        settings: MemberSettingsService,
        presets: Presets,
        locales: SeenLocales,
    ) -> None:
        self._validator = validator
        self._jobs = jobs
        self._results = results
        self._history = history
        self._settings = settings
        self._presets = presets
        self._locales = locales

    @app_commands.command(name="imagine", description=locale_str("Draw four pictures of a prompt"))
    @app_commands.describe(
        prompt=locale_str("What to draw; --ar 16:9 and other flags that choose what is drawn may follow"),
        speed=locale_str("How fast: fast if you leave it out"),
        translate=locale_str("Translate the prompt into English: by default, unless your Discord is in English"),
        preset=locale_str("One of your presets: its words are added, its options are used where you leave yours out"),
        spoiler=locale_str("Hide the pictures until somebody clicks on them"),
    )
    @app_commands.guild_only()
    async def imagine(
        self,
        interaction: Interaction,
        prompt: str,
        speed: SpeedName | None = None,
        translate: bool | None = None,
        preset: str | None = None,
        spoiler: bool | None = None,
    ) -> None:
        """Check what the payload shows, promise a card, and write the request down."""
        requester = requester_from(interaction)
        asked = partial(
            self._validator.imagine, requester, prompt, Speed(speed) if speed else None, translate=translate
        )
        asked()
        card = await defer_card(interaction)
        request = asked(preferred=await self._settings.preferred(requester, preset))
        await self._jobs.create_video(requester, request.hidden(spoiler), card)

    @imagine.autocomplete("preset")
    async def _own_presets(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_presets(self._presets, interaction, typed)

    @app_commands.command(name="blend", description=locale_str("Mix two to five pictures into four new ones"))
    @app_commands.describe(
        image1=locale_str("The first picture"),
        image2=locale_str("The second picture"),
        image3=locale_str("A third picture"),
        image4=locale_str("A fourth picture"),
        image5=locale_str("A fifth picture"),
        shape=locale_str("The new pictures' shape: square if you leave it out"),
        speed=locale_str("How fast: fast if you leave it out"),
        spoiler=locale_str("Hide the pictures until somebody clicks on them"),
    )
    @app_commands.guild_only()
    async def blend(
        self,
        interaction: Interaction,
        image1: discord.Attachment,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        image5: discord.Attachment | None = None,
        shape: Literal["portrait", "square", "landscape"] | None = None,
        speed: SpeedName | None = None,
        spoiler: bool | None = None,
    ) -> None:
        """Check what the payload shows, promise a card, and write the request down."""
        requester = requester_from(interaction)
        images = [image_upload_from(one) for one in (image1, image2, image3, image4, image5) if one is not None]
        asked = partial(
            self._validator.blend,
            requester,
            images,
            Shape(shape) if shape else None,
            Speed(speed) if speed else None,
        )
        asked()
        card = await defer_card(interaction)
        request = asked(preferred=await self._settings.preferred(requester))
        await self._jobs.create_video(requester, request.hidden(spoiler), card)

    @app_commands.command(
        name="describe", description=locale_str("Put a picture into words: four prompts, ready to be drawn")
    )
    @app_commands.describe(
        image=locale_str("The picture"), link=locale_str("The picture's address, instead of an image")
    )
    @app_commands.guild_only()
    async def describe(
        self, interaction: Interaction, image: discord.Attachment | None = None, link: str | None = None
    ) -> None:
        """Check what the payload shows, promise a card, and write the request down."""
        requester = requester_from(interaction)
        request = self._validator.describe(requester, image_upload_from(image) if image else None, link)
        card = await defer_card(interaction)
        await self._jobs.create_video(requester, request, card)

    @app_commands.command(name="seed", description=locale_str("Find the seed of pictures that were made here"))
    @app_commands.describe(job=locale_str("The job, as its card and /jobs list name it"))
    @app_commands.guild_only()
    async def seed(self, interaction: Interaction, job: JobId) -> None:
        """Promise a card, and write the request down; a seed that was found before is told at once."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        job_id = read_job_id(job)
        card = await defer_card(interaction)
        if not await can_view_job_id(interaction, self._history, job_id):
            raise NoSuchJob(job_id)
        known = await self._results.seed(requester, job_id)
        if known is not None:
            with speaking(await self._locales.server(guild_of(interaction))):
                await answer(interaction, replies.known_seed(known, job_id))
            return
        await self._jobs.create_action(requester, job_id, Kind.SEED, card)

    @seed.autocomplete("job")
    async def _own_jobs(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_own(self._history, interaction, typed, Needed.PICTURES)

    async def click_action(self, interaction: Interaction, button: ActionButton) -> None:
        """Promise a card for a click below images, and write the request down."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        card = await defer_card(interaction)
        await self._jobs.create_action(requester, button.job_id, Kind.ACTION, card, action=button.action)

    async def click_imagine(self, interaction: Interaction, button: ImagineButton) -> None:
        """Promise a card for one of a description's prompts, and write the request down."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        card = await defer_card(interaction)
        prompt = await self._results.description(requester, button.job_id, button.number)
        preferred = await self._settings.preferred(requester)
        # A description is English as it comes.
        request = self._validator.imagine(requester, prompt, None, translate=False, preferred=preferred)
        await self._jobs.create_video(requester, request, card)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add the commands that make images and words of them, and the buttons below their results."""
    cog = ImagesCog(
        use_cases.validator,
        use_cases.jobs,
        use_cases.results,
        use_cases.history,
        use_cases.member_settings,
        use_cases.presets,
        use_cases.locales,
    )
    await bot.add_cog(cog)
    bot.click_handlers.on_click(ActionButton, cog.click_action)
    bot.click_handlers.on_click(ImagineButton, cog.click_imagine)
