"""/extend, and the buttons of cards."""

from typing import Literal

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.job_id import read_job_id
from bot.domain.params import Motion, PromptMode
from bot.errors import NoSuchJob
from bot.services.extends import Extends
from bot.services.job_history import JobHistory
from bot.services.jobs import JobService
from bot.services.requests import ExtendOptions
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator
from bot.ui.buttons import CancelButton, ExtendButton, WordsButton
from bot.ui.interactions import (
    Interaction,
    answer,
    check_blocked_in_time,
    defer_card,
    defer_private,
    requester_from,
)
from bot.ui.job_access import JobId, can_view_job_id, may_use_job, moderates_job_id, suggest_own
from bot.ui.text import replies, storyboards
from bot.ui.words_modal import draw_words_form, read_words_form


class ExtendCog(commands.Cog):
    """Take what follows a video job."""

    def __init__(self, validator: RequestValidator, extends: Extends, jobs: JobService, history: JobHistory) -> None:
        self._validator = validator
        self._extends = extends
        self._jobs = jobs
        self._history = history

    @app_commands.command(
        name="extend", description=locale_str("Go on where a clip ends, with more to say than its buttons can")
    )
    @app_commands.describe(
        job=locale_str("The job, as its card and /jobs list name it"),
        clip=locale_str("Which of its clips, counted left to right, top to bottom"),
        motion=locale_str("How much moves: low if you leave it out"),
        prompt=locale_str("What should happen next; as before if you leave it out"),
        clips=locale_str("How many different films: as many as the job had if you leave it out"),
        animate=locale_str("Who says what happens: the prompt, or the provider"),
        spoiler=locale_str("Hide picture and films until somebody clicks on them"),
    )
    @app_commands.guild_only()
    async def extend(
        self,
        interaction: Interaction,
        job: JobId,
        clip: Literal[1, 2, 3, 4],
        motion: Literal["low", "high"] | None = None,
        prompt: str | None = None,
        clips: Literal[1, 2, 4] | None = None,
        animate: Literal["auto", "manual"] | None = None,
        spoiler: bool | None = None,
    ) -> None:
        """Check what the payload shows, promise a card, and write the request down."""
        requester = requester_from(interaction)
        options = self._validator.extend(
            requester,
            ExtendOptions(
                motion=Motion(motion) if motion else None,
                prompt=prompt,
                clips=clips,
                prompt_mode=PromptMode(animate) if animate else None,
                spoiler=spoiler,
            ),
        )
        parent_id = read_job_id(job)
        card = await defer_card(interaction)
        if not await can_view_job_id(interaction, self._history, parent_id):
            raise NoSuchJob(parent_id)
        await self._extends.create(requester, parent_id, clip - 1, options, card)

    @extend.autocomplete("job")
    async def _own_jobs(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_own(self._history, interaction, typed)

    async def click_extend(self, interaction: Interaction, button: ExtendButton) -> None:
        """Promise a card for a click on an extend button, and write the request down."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        card = await defer_card(interaction)
        click = button.click
        options = ExtendOptions(motion=click.motion)
        await self._extends.create(requester, click.parent_id, click.slot, options, card)

    async def click_words(self, interaction: Interaction, button: WordsButton) -> None:
        """Open the modal for an extend with words."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        await check_blocked_in_time(interaction)
        form = await self._extends.form(requester, button.job_id)
        await interaction.response.send_modal(draw_words_form(form))

    async def submit_words(self, interaction: Interaction) -> bool:
        """Carry out a modal that was sent, however long ago it was opened; False when it is not ours."""
        form = read_words_form(interaction.data or {})
        if form is None:
            return False
        requester = requester_from(interaction)
        options = self._validator.extend(requester, form.options, words_needed=True)
        card = await defer_card(interaction)
        if not await may_use_job(interaction, self._history, form.parent_id):
            raise NoSuchJob(form.parent_id)
        await self._extends.create(requester, form.parent_id, form.slot, options, card)
        return True

    async def click_cancel(self, interaction: Interaction, button: CancelButton) -> None:
        """Take a waiting job back; moderators are those who may manage messages in the channel."""
        await defer_private(interaction, open_to_blocked=True)
        moderates = await moderates_job_id(interaction, self._history, button.job_id)
        ended = await self._jobs.cancel(requester_from(interaction), button.job_id, moderates=moderates)
        returned = sum(job.cost for job in ended)
        is_shot = ended[0].storyboard_id is not None
        sentence = storyboards.cancelled(len(ended), returned) if is_shot else replies.cancelled(returned)
        await answer(interaction, sentence)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /extend, the buttons and the modal for it, and the button that cancels."""
    cog = ExtendCog(use_cases.validator, use_cases.extends, use_cases.jobs, use_cases.history)
    await bot.add_cog(cog)
    bot.click_handlers.on_click(ExtendButton, cog.click_extend)
    bot.click_handlers.on_click(WordsButton, cog.click_words)
    bot.click_handlers.on_modal(cog.submit_words)
    bot.click_handlers.on_click(CancelButton, cog.click_cancel)
