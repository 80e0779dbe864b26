"""/preset: words and options that a member keeps under a name."""

from typing import Literal

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.params import Motion, Preferences, Resolution, Speed
from bot.services.presets import Presets
from bot.services.provider_status import ProviderDirectory
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, answer, defer_private, guild_of
from bot.ui.preset_choice import suggest_presets
from bot.ui.text import presets as text


@app_commands.guild_only()
class PresetCog(
    commands.GroupCog, group_name="preset", group_description=locale_str("Keep words and options under a name")
):
    """Let members keep what they ask for again and again; each sees their own alone."""

    def __init__(self, presets: Presets, directory: ProviderDirectory) -> None:
        self._presets = presets
        self._directory = directory
        super().__init__()

    @app_commands.command(name="save", description=locale_str("Save words and options as a preset"))
    @app_commands.describe(
        name=locale_str("What you call it: 1 to 32 characters; one that has this name is replaced"),
        words=locale_str("What is added to a prompt; flags such as --ar 16:9 go behind the prompt's own"),
        motion=locale_str("How much moves"),
        resolution=locale_str("sd, or hd, which is larger and costs more credits"),
        clips=locale_str("How many different films"),
        loop=locale_str("End where it began"),
        speed=locale_str("How fast the provider works"),
        provider=locale_str("Who makes it, where it can"),
        translate=locale_str("Translate the prompt of pictures into English"),
    )
    async def save(
        self,
        interaction: Interaction,
        name: str,
        words: str = "",
        motion: Literal["low", "high"] | None = None,
        resolution: Literal["sd", "hd"] | None = None,
        clips: Literal[1, 2, 4] | None = None,
        loop: bool | None = None,
        speed: Literal["relax", "fast", "turbo"] | None = None,
        provider: str | None = None,
        translate: bool | None = None,
    ) -> None:
        """Check what was typed, and keep it."""
        guild_id = guild_of(interaction)
        preset = self._presets.check(
            name,
            words,
            Preferences(
                motion=Motion(motion) if motion else None,
                resolution=Resolution(resolution) if resolution else None,
                clips=clips,
                loop=loop,
                speed=Speed(speed) if speed else None,
                provider=self._presets.provider_name(provider),
                translate=translate,
            ),
        )
        await defer_private(interaction)
        replaced = await self._presets.save(guild_id, interaction.user.id, preset)
        await answer(interaction, text.saved(preset, replaced=replaced))

    @app_commands.command(name="list", description=locale_str("List your presets in this server"))
    async def list_(self, interaction: Interaction) -> None:
        """List the requester's presets to them alone."""
        guild_id = guild_of(interaction)
        await defer_private(interaction)
        await answer(interaction, text.listed(await self._presets.of_member(guild_id, interaction.user.id)))

    @app_commands.command(name="delete", description=locale_str("Delete a preset"))
    @app_commands.describe(name=locale_str("The preset, as /preset list names it"))
    async def delete(self, interaction: Interaction, name: str) -> None:
        """Forget one of the requester's presets."""
        guild_id = guild_of(interaction)
        await defer_private(interaction)
        await answer(interaction, text.deleted(await self._presets.delete(guild_id, interaction.user.id, name)))

    @delete.autocomplete("name")
    async def _own(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_presets(self._presets, interaction, typed)

    @save.autocomplete("provider")
    async def _enabled(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=title, value=name)
            for name, title in self._directory.titles.items()
            if typed.lower() in title.lower()
        ]


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /preset."""
    await bot.add_cog(PresetCog(use_cases.presets, use_cases.directory))
