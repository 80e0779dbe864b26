"""Words of others as they were typed: nothing in them is markdown, a link, or a mention, and nothing in them pings."""

import re

from bot.domain.params import MAX_PROMPT

MAX_TEXT = 3900
"""Characters of all text on a card; Discord allows 4000 (discord.md, section 1)."""

# The colon is a part of links, time stamps and emoji; a backslash before any such sign shows it as it is.
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_~|<>[]()#@:+-"})
_NUMBER_OF_A_LIST = re.compile(r"^([ \t]*[0-9]+)\.", re.MULTILINE)


def escape(typed: str, most: int = MAX_PROMPT, *, room: int = MAX_TEXT) -> str:
    """Escape all of Discord's markdown in a text, cut to `most` characters as typed and to `room` as escaped.

    Takes time linear in the text: cards are drawn on the event loop.
    """
    shortened = typed if len(typed) <= most else typed[: most - 1] + "…"
    marked = _NUMBER_OF_A_LIST.sub(r"\1\\.", shortened.translate(_ESCAPED))
    if len(marked) <= room:
        return marked
    cut = marked[:room]
    split_pair = (len(cut) - len(cut.rstrip("\\"))) % 2
    return f"{cut[: len(cut) - split_pair]}…"
