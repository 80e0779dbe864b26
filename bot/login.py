"""The first word with Discord: its API is there, and takes the token."""

import aiohttp
import discord

from bot.client import Animatic
from bot.config import Settings
from bot.errors import SettingsError


async def log_in(client: Animatic, settings: Settings) -> None:
    """Log in; raise `SettingsError` where token or address are wrong."""
    try:
        await client.login(settings.discord_token.get_secret_value())
    except discord.LoginFailure:
        raise SettingsError("DISCORD_TOKEN", "is wrong: Discord does not accept it.") from None
    except discord.HTTPException as error:
        raise SettingsError("DISCORD_API_URL", f"does not answer like Discord's API: {error}.") from None
    except (aiohttp.ClientError, OSError) as error:
        raise SettingsError("DISCORD_API_URL", f"cannot be reached: {error}.") from None
