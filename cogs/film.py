"""/film, and the button that joins a clip and all that it goes on from."""

from collections.abc import Sequence
from typing import Literal

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.film import Part
from bot.domain.job import card_link
from bot.domain.job_id import read_job_id
from bot.domain.job_lists import Needed
from bot.errors import NoFilmClip, NoSuchJob
from bot.services.films import Films
from bot.services.job_history import JobHistory
from bot.services.requests import DeferredReply
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator
from bot.ui.film import draw_choice, draw_sentence
from bot.ui.film_button import FilmButton
from bot.ui.interactions import Interaction, defer_private, defer_update, requester_from
from bot.ui.job_access import JobId, can_view_job, can_view_job_id, suggest_own
from bot.ui.text import films as text


class FilmCog(commands.Cog):
    """Take wishes for films; the worker joins and posts them."""

    def __init__(self, validator: RequestValidator, films: Films, history: JobHistory) -> None:
        self._validator = validator
        self._films = films
        self._history = history

    @app_commands.command(name="film", description=locale_str("Join a clip and all that it goes on from into one film"))
    @app_commands.describe(
        job=locale_str("The job, as its card and /jobs list name it"),
        clip=locale_str("Which of its clips the film ends with, counted left to right, top to bottom"),
    )
    @app_commands.guild_only()
    async def film(self, interaction: Interaction, job: JobId, clip: Literal[1, 2, 3, 4] | None = None) -> None:
        """Have a film joined that is posted below the job's card, and tell its requester alone where it is."""
        job_id = read_job_id(job)
        answer = await defer_private(interaction)
        if not await can_view_job_id(interaction, self._history, job_id):
            raise NoSuchJob(job_id)
        await self._want(interaction, job_id, None if clip is None else clip - 1, answer)

    @film.autocomplete("job")
    async def _own_extends(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_own(self._history, interaction, typed, Needed.CONTINUED)

    async def click_film(self, interaction: Interaction, button: FilmButton) -> None:
        """Do the same for a click; a member who was asked which clip is answered in the place of the question."""
        self._validator.check_channel(requester_from(interaction))
        answer = await (defer_private if button.slot is None else defer_update)(interaction)
        await self._want(interaction, button.job_id, button.slot, answer)

    async def _want(self, interaction: Interaction, job_id: str, slot: int | None, answer: DeferredReply) -> None:
        """Ask which clip it is to be, if there are several, or write down what is wanted."""
        requester = requester_from(interaction)
        slots = await self._films.slots(requester.guild_id, job_id)
        if not slots:
            raise NoFilmClip(job_id, 1)
        parts = await self._films.parts(requester.guild_id, job_id, slots[0] if slot is None else slot)
        await self._check_parts(interaction, parts)
        if slot is None and len(slots) > 1:
            await interaction.edit_original_response(view=draw_choice(job_id, slots))
        elif not await self._films.ask(requester, parts, answer):
            await interaction.edit_original_response(view=draw_sentence(text.being_joined(card_link(parts[-1].job))))

    async def _check_parts(self, interaction: Interaction, parts: Sequence[Part]) -> None:
        """Raise `NoSuchJob` for a part from a channel that the member may not see; who sees the card sees its clips."""
        known = {parts[-1].job.asked_channel_id}
        for part in parts:
            if part.job.asked_channel_id in known:
                continue
            if not await can_view_job(interaction, part.job):
                raise NoSuchJob(part.job.id)
            known.add(part.job.asked_channel_id)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /film and its button."""
    cog = FilmCog(use_cases.validator, use_cases.films, use_cases.history)
    await bot.add_cog(cog)
    bot.click_handlers.on_click(FilmButton, cog.click_film)
