"""A small discord.py bot for the local Discord's own tests, with one command for each way of answering."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self, cast

import discord
import discord.http
from discord import app_commands
from discord.ext import commands

from sandbox.discord import Discord

SampleInteraction = discord.Interaction["SampleBot"]


class SampleBot(commands.AutoShardedBot):
    """A bot with one command for each way of answering; `mail` holds the messages it received."""

    def __init__(self, *, intents: discord.Intents | None = None, shard_count: int | None = None) -> None:
        super().__init__(
            commands.when_mentioned,
            intents=intents or discord.Intents.default(),
            shard_count=shard_count,
            help_command=None,
            guild_ready_timeout=0.05,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.mail: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.errors: asyncio.Queue[Exception] = asyncio.Queue()
        self.deferred: asyncio.Queue[SampleInteraction] = asyncio.Queue()

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Extend)
        self.tree.error(self._keep)
        commands = cast("tuple[Any, ...]", (video, ask, pair, wait, silent, twice, quota))
        for command in commands:
            self.tree.add_command(command)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait 5 seconds between identifies: the fixture's Discord does not ask for it."""

    async def on_message(self, message: discord.Message, /) -> None:
        self.mail.put_nowait(message)

    async def _keep(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.errors.put_nowait(error)


class Extend(discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]], template=r"extend:(?P<clip>[1-4])"):
    """A button that survives restarts."""

    def __init__(self, clip: str, *, disabled: bool = False) -> None:
        button = discord.ui.Button[discord.ui.LayoutView]
        super().__init__(button(label=clip, emoji="⏩", custom_id=f"extend:{clip}", disabled=disabled))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Any, match: Any, /) -> Self:
        return cls(match["clip"])

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        await interaction.edit_original_response(content=f"extending {self.item.label}")


class Name(discord.ui.Modal, title="Name the film"):
    """A modal with a text and a file."""

    film = discord.ui.TextInput["Name"](label="Title", custom_id="film", max_length=20)

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        await interaction.response.send_message(f"named {self.film.value}", ephemeral=True)


def card(text: str, files: Sequence[discord.File | str] = (), *, buttons: int = 0, colour: int = 0x5865F2) -> Any:
    """Lay out a container with text, a gallery and a row of buttons."""
    view = discord.ui.LayoutView(timeout=None)
    container = discord.ui.Container[discord.ui.LayoutView](discord.ui.TextDisplay(text), accent_colour=colour)
    if files:
        container.add_item(discord.ui.MediaGallery(*[discord.MediaGalleryItem(file) for file in files]))
    if buttons:
        row = discord.ui.ActionRow[discord.ui.LayoutView]()
        for clip in range(1, buttons + 1):
            row.add_item(Extend(str(clip)))
        container.add_item(row)
    return view.add_item(container)


def clip(name: str = "clip.mp4", data: bytes = b"clip") -> discord.File:
    """Make a fresh file."""
    return discord.File(io.BytesIO(data), name)


@app_commands.command(description="Make a film")
@app_commands.choices(clips=[app_commands.Choice(name=str(n), value=n) for n in (1, 2, 4)])
async def video(
    interaction: discord.Interaction,
    prompt: app_commands.Range[str, 1, 50],
    image: discord.Attachment,
    clips: int = 4,
    loop: bool = False,
) -> None:
    await interaction.response.defer(thinking=True)
    frame = await image.read()
    files = [clip(f"clip{n}.mp4", frame) for n in range(1, clips + 1)]
    await interaction.edit_original_response(view=card(prompt, files, buttons=clips), attachments=files)


@app_commands.command(description="Open a modal")
async def ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Name())


@app_commands.command(description="Answer at once, to the requester only")
async def pair(interaction: discord.Interaction, member: discord.Member, role: discord.Role, word: str = "") -> None:
    await interaction.response.send_message(f"{member.id} {role.id} {word}", ephemeral=True)


@pair.autocomplete("word")
async def suggest(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=current * 2, value=current * 2)]


@app_commands.command(description="Defer, and let the test go on")
async def wait(interaction: SampleInteraction, private: bool = False) -> None:
    await interaction.response.defer(thinking=True, ephemeral=private)
    interaction.client.deferred.put_nowait(interaction)


@app_commands.command(description="Do not answer; let the test do it")
async def silent(interaction: SampleInteraction) -> None:
    interaction.client.deferred.put_nowait(interaction)


@app_commands.command(description="Answer twice")
async def twice(interaction: SampleInteraction) -> None:
    await interaction.response.send_message("once")
    try:
        await interaction.client.http.request(
            discord.http.Route(
                "POST",
                "/interactions/{interaction_id}/{interaction_token}/callback",
                interaction_id=interaction.id,
                interaction_token=interaction.token,
            ),
            json={"type": 4, "data": {"content": "twice"}},
        )
    except discord.HTTPException as error:
        interaction.client.errors.put_nowait(error)


quota = app_commands.Group(
    name="quota", description="Quotas", guild_only=True, default_permissions=discord.Permissions(manage_guild=True)
)


@quota.command(name="set", description="Set a quota")
async def quota_set(
    interaction: discord.Interaction,
    target: discord.Member | discord.Role,
    credits: app_commands.Range[int, 0, 100],
) -> None:
    allowed = interaction.permissions.manage_guild
    await interaction.response.send_message(f"{target.id} {credits} {allowed}", ephemeral=True)


@asynccontextmanager
async def running_bot(
    local_discord: Discord, bot: SampleBot, *, commands: bool = True
) -> AsyncGenerator[SampleBot, None]:
    """Run a bot until the block ends."""
    task = asyncio.create_task(bot.start(local_discord.token))
    ready = asyncio.create_task(local_discord.ready())
    try:
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        await ready
        if commands:
            await local_discord.commands_registered()
        yield bot
    finally:
        ready.cancel()
        await bot.close()
        await asyncio.gather(task, ready, return_exceptions=True)
