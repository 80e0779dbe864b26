"""Remove jobs for good: an entry of each card's menu, and a command in the menu of messages."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Animatic
from bot.domain.job import Job
from bot.services.job_history import JobHistory
from bot.services.removals import Removals
from bot.services.storyboards import Storyboards
from bot.services.use_cases import UseCases
from bot.ui.film import draw_sentence
from bot.ui.interactions import Interaction, answer, guild_of
from bot.ui.job_access import find_removable
from bot.ui.job_in_message import job_of_message
from bot.ui.permissions import check_moderator_in_time, defer_to_moderator, only_moderators, update_for_moderator
from bot.ui.removal import RemoveButton, SentRemoval, draw_question, draw_reason_form, read_removal
from bot.ui.text import removals as text


class RemovalCog(commands.Cog):
    """Ask first, then remove; who may is looked at each time."""

    def __init__(self, removals: Removals, history: JobHistory, storyboards: Storyboards) -> None:
        self._removals = removals
        self._history = history
        self._storyboards = storyboards
        self.menu = app_commands.ContextMenu(name="Remove", callback=self._ask_about_message)
        self.menu.guild_only = True
        self.menu.default_permissions = discord.Permissions(manage_messages=True)

    async def choose(self, interaction: Interaction, job_id: str) -> None:
        """Ask whether the job of a card is to be removed."""
        guild_of(interaction)
        await defer_to_moderator(interaction)
        await self._ask(interaction, await find_removable(interaction, self._history, job_id))

    async def _ask_about_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask whether the job that a message is about is to be removed."""
        guild_of(interaction)
        await defer_to_moderator(interaction)
        named = await job_of_message(interaction, self._history, message)
        await self._ask(interaction, await find_removable(interaction, self._history, named.id))

    async def click(self, interaction: Interaction, button: RemoveButton) -> None:
        """Remove what was asked about, or ask a moderator why first."""
        guild_of(interaction)
        if button.asks_why:
            await check_moderator_in_time(interaction)
            await interaction.response.send_modal(draw_reason_form(button.job_id))
            return
        await update_for_moderator(interaction)
        await self._remove(interaction, button.job_id, "")

    async def submit(self, interaction: Interaction) -> bool:
        """Carry out a form that was sent, however long ago it was opened; False when it is not ours."""
        sent = read_removal(interaction.data or {})
        if sent is None:
            return False
        guild_of(interaction)
        if sent.job_id:
            await update_for_moderator(interaction)
            await self._remove(interaction, sent.job_id, sent.reason)
        else:
            await self._remove_all(interaction, sent)
        return True

    async def _ask(self, interaction: Interaction, job: Job) -> None:
        shots = await self._storyboards.shots(job)
        await interaction.edit_original_response(
            view=draw_question(job, shots=shots, asks_why=job.user_id != interaction.user.id),
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def _remove(self, interaction: Interaction, job_id: str, reason: str) -> None:
        job = await find_removable(interaction, self._history, job_id)
        removed = await self._removals.remove(job, interaction.user.id, reason)
        await interaction.edit_original_response(view=draw_sentence(text.removed(removed)))

    async def _remove_all(self, interaction: Interaction, sent: SentRemoval) -> None:
        only_moderators(interaction)
        await defer_to_moderator(interaction)
        removed = await self._removals.remove_all(
            guild_of(interaction), sent.user_id, sent.since_ms, interaction.user.id, sent.reason
        )
        await answer(interaction, text.removed(removed))


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add the entry, the command in the menu of messages, the button and the forms."""
    cog = RemovalCog(use_cases.removals, use_cases.history, use_cases.storyboards)
    await bot.add_cog(cog)
    bot.tree.add_command(cog.menu)
    bot.click_handlers.on_more("remove", cog.choose)
    bot.click_handlers.on_click(RemoveButton, cog.click)
    bot.click_handlers.on_modal(cog.submit)
