"""Every click on a card, handed to the cog that it belongs to."""

from dataclasses import dataclass

from bot.ui.buttons import AnimateClick, ExtendClick
from bot.ui.interactions import Interaction
from cogs.animate import AnimateCog
from cogs.extend import ExtendCog
from cogs.images import ImagesCog
from cogs.region import RegionCog


@dataclass(frozen=True)
class Clicks:
    """Hand clicks on."""

    extending: ExtendCog
    images: ImagesCog
    animating: AnimateCog
    redrawing: RegionCog

    async def press_extend(self, interaction: Interaction, press: ExtendClick) -> None:
        """Hand a click on an extend button on."""
        await self.extending.press_extend(interaction, press)

    async def press_cancel(self, interaction: Interaction, job_id: str) -> None:
        """Hand a click on a cancel button on."""
        await self.extending.press_cancel(interaction, job_id)

    async def press_action(self, interaction: Interaction, job_id: str, action: str) -> None:
        """Hand a click below pictures on."""
        await self.images.press_action(interaction, job_id, action)

    async def press_animate(self, interaction: Interaction, press: AnimateClick) -> None:
        """Hand a click on an animate button on."""
        await self.animating.press_animate(interaction, press)

    async def press_imagine(self, interaction: Interaction, job_id: str, number: int) -> None:
        """Hand a click on a description's button on."""
        await self.images.press_imagine(interaction, job_id, number)

    async def press_redraw(self, interaction: Interaction, draft_id: str) -> None:
        """Hand a click that confirms a preview on."""
        await self.redrawing.press_redraw(interaction, draft_id)

    async def press_discard(self, interaction: Interaction, draft_id: str) -> None:
        """Hand a click that throws a preview away on."""
        await self.redrawing.press_discard(interaction, draft_id)

    async def submit(self, interaction: Interaction) -> bool:
        """Hand a sent form on; False when it is nobody's."""
        return await self.animating.submit(interaction)
