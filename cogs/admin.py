"""The owner's text commands, by mention: `@bot sync`, `@bot sync here`, `@bot jobs`."""

from typing import Any, Literal, Protocol

import discord
from discord.ext import commands

from bot import text
from bot.store import Jobs

Context = commands.Context[Any]


class Registrar(Protocol):
    """Register the slash commands with Discord."""

    async def register_commands(self, guild: discord.abc.Snowflake | None = None) -> int:
        """Register all commands everywhere, or in one server at once; tells how many."""
        ...


class AdminCog(commands.Cog):
    """Obey the application's owner, in text because slash commands may not be registered yet."""

    def __init__(self, registrar: Registrar, jobs: Jobs) -> None:
        self._registrar = registrar
        self._jobs = jobs

    async def cog_check(self, ctx: Context) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]  # discord.py awaits whatever it gives
        """Let only the owner through."""
        return await ctx.bot.is_owner(ctx.author)

    @commands.command()
    async def sync(self, ctx: Context, where: Literal["here"] | None = None) -> None:
        """Register the slash commands everywhere, or `here` for this server at once."""
        number = await self._registrar.register_commands(ctx.guild if where == "here" else None)
        await ctx.send(text.synced(number, here=where == "here"))

    @commands.command()
    async def jobs(self, ctx: Context) -> None:
        """List the jobs that have not ended."""
        await ctx.send(text.unfinished(await self._jobs.unfinished()), allowed_mentions=discord.AllowedMentions.none())
