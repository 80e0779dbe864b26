"""Ask for an ended job once more: by a form with everything that it asked for, or as it was where that may succeed."""

from discord.ext import commands

from bot.client import Animatic
from bot.errors import NoSuchJob, PriceChanged
from bot.services.job_history import JobHistory
from bot.services.reruns import Reruns
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator
from bot.ui.attachments import has_button, image_links
from bot.ui.buttons import AgainButton, EditButton
from bot.ui.fresh_button import offer_anew
from bot.ui.interactions import Interaction, check_blocked_in_time, defer_card, requester_from
from bot.ui.job_access import can_view_job_id
from bot.ui.rerun_modal import draw_rerun_form, read_rerun_form


class RerunsCog(commands.Cog):
    """Take what is asked for once more; the new job is whoever asks's own."""

    def __init__(self, validator: RequestValidator, reruns: Reruns, history: JobHistory) -> None:
        self._validator = validator
        self._reruns = reruns
        self._history = history

    async def edit(self, interaction: Interaction, job_id: str) -> None:
        """Open the form of a job, filled in."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        await check_blocked_in_time(interaction)
        await interaction.response.send_modal(draw_rerun_form(await self._reruns.form(requester, job_id)))

    async def click_edit(self, interaction: Interaction, button: EditButton) -> None:
        """Open the form of a job that was refused before it had a card."""
        await self.edit(interaction, button.job_id)

    async def again(self, interaction: Interaction, job_id: str) -> None:
        """Ask for the same by an entry of the menu."""
        await self._again(interaction, job_id, None)

    async def click_again(self, interaction: Interaction, button: AgainButton) -> None:
        """Ask for the same as a job that failed, for the price that the button names."""
        try:
            await self._again(interaction, button.job_id, button.told)
        except PriceChanged as changed:
            await offer_anew(interaction, changed, AgainButton(button.job_id, (changed.least, changed.most)))

    async def _again(self, interaction: Interaction, job_id: str, told: tuple[int, int] | None) -> None:
        """Promise a card for the same once more, and write the request down."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        card = await defer_card(interaction)
        await self._reruns.again(requester, job_id, card, image_links(interaction.message), told)

    async def submit(self, interaction: Interaction) -> bool:
        """Carry out a form that was sent, however long ago it was opened; False when it is another one."""
        sent = read_rerun_form(interaction.data or {})
        if sent is None:
            return False
        requester = requester_from(interaction)
        self._reruns.check_words(requester, sent.kind, sent.changes.prompt)
        card = await defer_card(interaction)
        if not await self._may_use(interaction, sent.job_id):
            raise NoSuchJob(sent.job_id)
        await self._reruns.edited(requester, sent.job_id, sent.changes, card, image_links(interaction.message))
        return True

    async def _may_use(self, interaction: Interaction, job_id: str) -> bool:
        """Tell whether somebody may see a job, or opened the form on a card of it that they do see."""
        if interaction.message is not None and has_button(interaction.message, f"more:{job_id}"):
            return True
        return await can_view_job_id(interaction, self._history, job_id)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add the entries, the buttons, and what is done with a sent form."""
    cog = RerunsCog(use_cases.validator, use_cases.reruns, use_cases.history)
    await bot.add_cog(cog)
    bot.click_handlers.on_more("edit", cog.edit)
    bot.click_handlers.on_more("again", cog.again)
    bot.click_handlers.on_click(EditButton, cog.click_edit)
    bot.click_handlers.on_click(AgainButton, cog.click_again)
    bot.click_handlers.on_modal(cog.submit)
