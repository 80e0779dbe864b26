"""A paid button that is answered by a fresh one, because it named another price than the one that holds now."""

from discord.ui import View

from bot.errors import PriceChanged
from bot.ui.buttons import CardButton
from bot.ui.interactions import Interaction, say_privately
from bot.ui.text.errors import describe_error


async def offer_anew(interaction: Interaction, changed: PriceChanged, button: CardButton) -> None:
    """Tell whoever pressed a button the price that holds now, with a button that names it; nothing is spent."""
    view = View(timeout=None)
    view.add_item(button)
    await say_privately(interaction, describe_error(changed), view=view)
