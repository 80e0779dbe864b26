"""/settings: what a member chooses once for all their requests."""

from typing import Literal

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.services.member_settings import USUAL, MemberSettingsService
from bot.services.provider_status import ProviderDirectory
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, answer, defer_private, guild_of
from bot.ui.text import member_settings as text
from bot.ui.text.choices import usual


class SettingsCog(commands.Cog):
    """Let members choose what is used where they leave an option out."""

    def __init__(self, settings: MemberSettingsService, directory: ProviderDirectory) -> None:
        self._settings = settings
        self._directory = directory

    @app_commands.command(
        name="settings", description=locale_str("Show or change what is used where you leave an option out")
    )
    @app_commands.describe(
        motion=locale_str("How much moves; default takes it back, here and below"),
        resolution=locale_str("sd, or hd, which is larger and costs more credits"),
        clips=locale_str("How many different films"),
        speed=locale_str("How fast the provider works"),
        provider=locale_str("Who makes it, where it can"),
        translate=locale_str("Whether prompts of pictures are translated into English"),
        notify=locale_str("How you are told that it is ready: by a reply to the card if you choose nothing"),
        spoiler=locale_str("Hide pictures and films until somebody clicks on them"),
    )
    @app_commands.guild_only()
    async def settings(
        self,
        interaction: Interaction,
        motion: Literal["low", "high", "default"] | None = None,
        resolution: Literal["sd", "hd", "default"] | None = None,
        clips: Literal["1", "2", "4", "default"] | None = None,
        speed: Literal["relax", "fast", "turbo", "default"] | None = None,
        provider: str | None = None,
        translate: Literal["yes", "no", "default"] | None = None,
        notify: Literal["reply", "direct", "none"] | None = None,
        spoiler: bool | None = None,
    ) -> None:
        """Change what was typed, and show all of it to the requester alone."""
        guild_id = guild_of(interaction)
        changes = self._settings.changes(
            {
                "motion": motion,
                "resolution": resolution,
                "clips": clips,
                "speed": speed,
                "provider": provider,
                "translate": translate,
                "notify": notify,
                "spoiler": spoiler,
            }
        )
        await defer_private(interaction)
        chosen = await self._settings.change(guild_id, interaction.user.id, changes)
        server = await self._settings.of_server(guild_id)
        await answer(interaction, text.settings(chosen, server, changed=bool(changes)))

    @settings.autocomplete("provider")
    async def _enabled(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        offered = {**self._directory.titles, USUAL: usual()}
        return [
            app_commands.Choice(name=title, value=name)
            for name, title in offered.items()
            if any(typed.lower() in word.lower() for word in (name, title))
        ]


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /settings."""
    await bot.add_cog(SettingsCog(use_cases.member_settings, use_cases.directory))
