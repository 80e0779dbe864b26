"""The server that people find on the page: three people, a role, and channels where different things are allowed."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.discord import Discord, Guild, Permission, TextChannel, User

CLUB_COLOUR = 0xC27C0E

LEOS_CREDITS = 4
"""Less than a film of four clips costs, enough for two of one clip."""

MIRAS_EXTRA = 40


@dataclass
class GuildSetup:
    """Hold the server and its people; ada owns it, leo is in the film club, mira is a plain member."""

    discord: Discord
    guild: Guild
    films: TextChannel
    ada: User
    mira: User
    leo: User

    async def grant_credits(self) -> None:
        """Let ada see to it that mira can afford a lot and leo little, with the bot's own commands."""
        granted = await self.ada.slash(self.films, "quota grant", member=self.mira, credits=MIRAS_EXTRA)
        limited = await self.ada.slash(self.films, "quota set", target=self.leo, credits=LEOS_CREDITS)
        for asked in (granted, limited):
            await asked.private_reply()


def set_up_guild(discord: Discord) -> GuildSetup:
    """Make the server; the bot is still to be invited."""
    ada, mira, leo = (discord.user(name) for name in ("ada", "mira", "leo"))
    guild = discord.guild("Paper Boats", owner=ada, joined=False)
    everyone, bot = guild.everyone, discord.bot_user
    silent = Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS
    nothing = Permission(0)
    films = guild.text_channel("films", topic="Pictures that begin to move. Try /video with a picture of yours.")
    guild.text_channel("gallery", topic="Show what you made: write, attach, and try /imagine.")
    guild.text_channel(
        "no-bots",
        topic="For people only: the bot may not post here, and says so.",
        overwrites={bot: (nothing, silent)},
    )
    guild.text_channel(
        "announcements",
        topic="Ada writes here, everybody else reads.",
        overwrites={everyone: (nothing, silent)},
    )
    guild.join(mira)
    guild.join(leo, roles=[guild.role("Film club", color=CLUB_COLOUR, mentionable=True)])
    return GuildSetup(discord, guild, films, ada, mira, leo)
