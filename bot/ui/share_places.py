"""Whether what is shared leaves a place that fewer see than the showcase."""

import discord

from bot.errors import HiddenPlace


def hidden_place(
    channel: discord.abc.GuildChannel | discord.Thread | None, showcase: discord.abc.GuildChannel
) -> HiddenPlace | None:
    """Tell why those who read the showcase may not have seen what was made in a channel; None where everybody may.

    The channel is None where the bot does not see it any more.
    """
    if isinstance(channel, discord.Thread):
        if channel.is_private():
            return "thread"
        channel = channel.parent
    if channel is None:
        return "gone"
    everyone = showcase.guild.default_role
    if not showcase.permissions_for(everyone).view_channel or channel.permissions_for(everyone).view_channel:
        return None
    return "channel"
