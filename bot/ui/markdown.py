"""A member's words as they were typed: nothing in them is markdown, and nothing in them pings."""

import discord

from bot.domain.params import MAX_PROMPT

MAX_TEXT = 3900
"""Characters of all text on a card; Discord allows 4000 (discord.md, section 1)."""


def escape(typed: str, most: int = MAX_PROMPT, *, room: int = MAX_TEXT) -> str:
    """Escape a member's text for Discord, cut to `most` characters as typed and to `room` as escaped."""
    shortened = typed if len(typed) <= most else typed[: most - 1] + "…"
    marked = discord.utils.escape_markdown(discord.utils.escape_mentions(shortened))
    # `<#…>`, `</command:…>`, `<t:…>` and custom emoji begin with the same sign as mentions.
    marked = marked.replace("<", "\\<")
    return marked if len(marked) <= room else marked[:room].rstrip("\\") + "…"
