"""The floor: a discord.py bot that only defers, with the same command and the same button."""

import os
import re
from typing import Any, Literal, Self, cast

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.ui import ActionRow, Button, DynamicItem, Item, LayoutView


class Press(DynamicItem[Button[Any]], template=r"extend:(?P<job>[0-9a-z]+):(?P<clip>[1-9]):(?P<motion>low|high|none)"):
    """Defer a click."""

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(Button(custom_id=match.string))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Defer."""
        await interaction.response.defer(thinking=True)


@app_commands.command(name="video", description="Defer")
async def video(
    interaction: discord.Interaction,
    prompt: str,
    image: discord.Attachment | None = None,
    end_image: discord.Attachment | None = None,
    motion: Literal["low", "high"] | None = None,
    resolution: Literal["sd", "hd"] | None = None,
    clips: Literal[1, 2, 4] | None = None,
    loop: bool | None = None,
    speed: Literal["relax", "fast", "turbo"] | None = None,
    provider: str | None = None,
    source: str | None = None,
    animate: Literal["auto", "manual"] | None = None,
) -> None:
    """Defer; asked for `a card`, send one with as many buttons as a real one has."""
    if prompt != "a card":
        await interaction.response.defer(thinking=True)
        return
    view = LayoutView(timeout=None)
    for motion in ("low", "high"):
        row: ActionRow[LayoutView] = ActionRow()
        for clip in range(1, 5):
            row.add_item(Press(Button(label=str(clip), custom_id=f"extend:00000000000000:{clip}:{motion}")))
        view.add_item(row)
    await interaction.response.send_message(view=view)


class BareBot(commands.AutoShardedBot):
    """Connect, register one command, defer."""

    async def setup_hook(self) -> None:
        """Find the gateway and register."""
        _, gateway, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        self.add_dynamic_items(Press)
        self.tree.add_command(cast("app_commands.Command[Any, ..., None]", video))
        await self.tree.sync()


def main() -> None:
    """Run until killed."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    BareBot(
        command_prefix=commands.when_mentioned,
        intents=discord.Intents(guilds=True, guild_messages=True),
        max_messages=None,
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
    ).run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
