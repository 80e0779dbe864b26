"""The presets that are suggested while a member types."""

from discord import app_commands

from bot.services.presets import Presets
from bot.ui.interactions import Interaction


async def suggest_presets(presets: Presets, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the requester's own presets by their names."""
    if interaction.guild_id is None:
        return []
    names = await presets.suggestions(interaction.guild_id, interaction.user.id, typed)
    return [app_commands.Choice(name=name, value=name) for name in names]
