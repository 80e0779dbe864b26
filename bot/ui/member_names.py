"""What members are called in their server, for where no mention can stand, such as in a picture."""

import asyncio
import unicodedata
from collections.abc import Iterable

import discord

from bot.ui.interactions import UNHEARD

SECONDS = 1.5
"""How long Discord may take to tell; those of whom it has not told yet go without a name."""


async def names_of(guild: discord.Guild | None, user_ids: Iterable[int]) -> dict[int, str]:
    """Ask Discord for their names, at the same time; who has left the server, or was forgotten, has none."""
    if guild is None:
        return {}
    asked = {user_id: asyncio.ensure_future(_name_of(guild, user_id)) for user_id in user_ids if user_id > 0}
    if asked:
        _, late = await asyncio.wait(asked.values(), timeout=SECONDS)
        for one in late:
            one.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    told = {user_id: one.result() for user_id, one in asked.items() if not one.cancelled()}
    return {user_id: name for user_id, name in told.items() if name}


async def _name_of(guild: discord.Guild, user_id: int) -> str:
    try:
        return plain_name((await guild.fetch_member(user_id)).display_name)
    except (discord.HTTPException, OSError, *UNHEARD):
        return ""


def plain_name(name: str) -> str:
    """Write a name in one line, without signs that cannot be seen: some turn around all that stands behind them."""
    seen = (" " if unicodedata.category(sign).startswith("Z") else sign for sign in name if _is_seen(sign))
    return " ".join("".join(seen).split())


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] != "C"
