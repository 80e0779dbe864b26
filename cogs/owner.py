"""The owner's text commands, by mention: `@bot sync`, `@bot sync here`, `@bot jobs`."""

from typing import Any, Literal, Protocol

import discord
from discord.ext import commands

from bot.client import Animatic
from bot.services.job_history import JobHistory
from bot.services.seen_locales import SeenLocales
from bot.services.use_cases import UseCases
from bot.ui.text import replies
from bot.ui.text.translate import speak

Context = commands.Context[Any]


class Registrar(Protocol):
    """Register the slash commands with Discord."""

    async def register_commands(self) -> int:
        """Register all commands everywhere; tells how many."""
        ...

    async def register_commands_in(self, guild: discord.abc.Snowflake) -> int:
        """Register copies of all commands in one server, where they show at once; tells how many."""
        ...

    async def remove_commands_in(self, guild: discord.abc.Snowflake) -> None:
        """Remove a server's copies, which would stand there beside the global commands."""
        ...


class OwnerCog(commands.Cog):
    """Obey the application's owner, in text because slash commands may not be registered yet."""

    def __init__(self, registrar: Registrar, history: JobHistory, locales: SeenLocales) -> None:
        self._registrar = registrar
        self._history = history
        self._locales = locales

    async def cog_check(self, ctx: Context) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]  # discord.py awaits whatever it gives
        """Let only the owner through."""
        return await ctx.bot.is_owner(ctx.author)

    async def cog_before_invoke(self, ctx: Context) -> None:
        """Answer in the language of those who can read it."""
        if ctx.guild is not None:
            speak(await self._locales.server(ctx.guild.id))

    @commands.command(ignore_extra=False)
    async def sync(self, ctx: Context, where: Literal["here", ""] = "") -> None:
        """Register the slash commands everywhere, or copies `here` at once; everywhere takes the copies away."""
        if where == "here" and ctx.guild is not None:
            await ctx.send(replies.owner_synced(await self._registrar.register_commands_in(ctx.guild), here=True))
            return
        number = await self._registrar.register_commands()
        if ctx.guild is not None:
            await self._registrar.remove_commands_in(ctx.guild)
        await ctx.send(replies.owner_synced(number, here=False))

    @commands.command(ignore_extra=False)
    async def jobs(self, ctx: Context) -> None:
        """List the jobs that have not ended."""
        await ctx.send(
            replies.owner_jobs(await self._history.unfinished()), allowed_mentions=discord.AllowedMentions.none()
        )


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add the owner's text commands."""
    await bot.add_cog(OwnerCog(bot, use_cases.history, use_cases.locales))
