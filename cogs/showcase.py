"""Sharing results in the server's showcase: an entry of the menu at a card's end, and what it asks."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.client import Animatic
from bot.domain.job import Job
from bot.errors import CannotShare, CannotShow, HiddenPlace, ServerNotAllowed
from bot.services.job_history import JobHistory
from bot.services.requests import DeferredReply
from bot.services.showcase import Showcase
from bot.services.use_cases import UseCases
from bot.ui.film import draw_sentence
from bot.ui.interactions import Interaction, defer_private, defer_update, guild_of
from bot.ui.job_access import can_view_job
from bot.ui.permissions import channel_of, moderates_job
from bot.ui.share_button import ShareButton
from bot.ui.share_places import hidden_place
from bot.ui.showcase import draw_question, draw_which
from bot.ui.text import showcase as text
from bot.ui.text.permissions import permission_name


@dataclass(frozen=True)
class _Wish:
    """Hold what somebody may share, and in which channel; `place` where not everybody saw it made."""

    job: Job
    moderates: bool
    channel_id: int
    place: HiddenPlace | None


class ShowcaseCog(commands.Cog):
    """Take wishes to share something; the worker posts it."""

    def __init__(self, history: JobHistory, showcase: Showcase) -> None:
        self._history = history
        self._showcase = showcase

    async def choose_share(self, interaction: Interaction, job_id: str) -> None:
        """Share the one result of a card, or ask which of several."""
        _check_server(interaction)
        answer = await defer_private(interaction)
        wish = await self._wish(interaction, job_id)
        results = await self._showcase.results(wish.job)
        if len(results) > 1:
            await interaction.edit_original_response(view=draw_which(wish.job, results))
            return
        [only] = results
        await self._share(interaction, wish, only.slot, answer, sure=False)

    async def click_share(self, interaction: Interaction, button: ShareButton) -> None:
        """Share what was chosen, or what its maker was asked about, in the place of the question."""
        _check_server(interaction)
        asked = interaction.message is not None and interaction.message.flags.ephemeral
        # Where nothing was asked, the message is somebody's card, which stays as it is.
        answer = await (defer_update if asked else defer_private)(interaction)
        wish = await self._wish(interaction, button.job_id)
        results = await self._showcase.results(wish.job)
        if not any((one.job_id, one.slot) == (wish.job.id, button.slot) for one in results):
            raise CannotShare("nothing_there", wish.job.id)
        await self._share(interaction, wish, button.slot, answer, sure=button.sure)

    async def _wish(self, interaction: Interaction, job_id: str) -> _Wish:
        """Give what who asks may share, and where; raises `CannotShow` and `CannotShare`."""
        job = await self._history.find(guild_of(interaction), job_id)
        if not await can_view_job(interaction, job):
            raise CannotShow(job.id, "unknown")
        moderates = await moderates_job(interaction, job)
        is_own = job.user_id == interaction.user.id
        if not is_own and not moderates:
            raise CannotShare("not_yours", job.id)
        showcase = await self._channel(interaction)
        place = hidden_place(await channel_of(interaction, job.asked_channel_id), showcase)
        if place is not None and not is_own:
            raise CannotShare("private", job.id, place=place)
        return _Wish(job, moderates, showcase.id, place)

    async def _channel(self, interaction: Interaction) -> discord.abc.GuildChannel:
        """Give the channel of the server's showcase, where the bot may post; raises `CannotShare`."""
        channel_id = await self._showcase.channel_id(guild_of(interaction))
        guild = interaction.guild
        channel = guild.get_channel(channel_id) if guild is not None else None
        if guild is None or channel is None:
            raise CannotShare("no_channel")
        may = channel.permissions_for(guild.me)
        if not may.view_channel:
            raise CannotShare("no_channel")
        needed = {
            "send_messages": may.send_messages,
            "attach_files": may.attach_files,
            # Else what stands there seems to be gone.
            "read_message_history": may.read_message_history,
        }
        if missing := tuple(permission_name(one) for one, has in needed.items() if not has):
            raise CannotShare("no_permission", missing=missing)
        return channel

    async def _share(
        self, interaction: Interaction, wish: _Wish, slot: int, answer: DeferredReply, *, sure: bool
    ) -> None:
        if wish.place is not None and not sure:
            question = draw_question(wish.job.id, slot, wish.channel_id, wish.place)
            await interaction.edit_original_response(view=question)
            return
        share = await self._showcase.share(wish.job, slot, wish.channel_id, answer, moderates=wish.moderates)
        if share is None:
            await interaction.edit_original_response(view=draw_sentence(text.being_shared(wish.channel_id)))


def _check_server(interaction: Interaction) -> None:
    if not interaction.client.allows(guild_of(interaction)):
        raise ServerNotAllowed


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add the entry and its buttons."""
    cog = ShowcaseCog(use_cases.history, use_cases.showcase)
    await bot.add_cog(cog)
    bot.click_handlers.on_more("share", cog.choose_share)
    bot.click_handlers.on_click(ShareButton, cog.click_share)
