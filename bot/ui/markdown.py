"""Words of others as they were typed: nothing in them is markdown, a link, or a mention, and nothing in them pings."""

import re

from bot.domain.params import MAX_PROMPT

MAX_TEXT = 3900
"""Characters of all text on a card; Discord allows 4000 (discord.md, section 1)."""

# A backslash before any sign shows the sign. Time stamps, emoji, commands and most mentions begin with `<`.
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_~|<[]@"})
_ENDS = "\r\n\x85\u2028\u2029"
_BEGINNING = re.compile(rf"((?:^|[{_ENDS}])[^\S{_ENDS}]*)([#>+-]|[0-9]+(?=\.))")
_LINK = "://"


def escape(typed: str, most: int = MAX_PROMPT, *, room: int = MAX_TEXT) -> str:
    """Escape all of Discord's markdown in a text, cut to `most` characters as typed and to `room` as escaped.

    Takes time linear in the text: cards are drawn on the event loop.
    """
    shortened = typed if len(typed) <= most else typed[: most - 1] + "…"
    marked = shortened.translate(_ESCAPED).replace(_LINK, f"\\{_LINK}")
    marked = _BEGINNING.sub(_escape_beginning, marked)
    if len(marked) <= room:
        return marked
    cut = marked[:room]
    split_pair = (len(cut) - len(cut.rstrip("\\"))) % 2
    return f"{cut[: len(cut) - split_pair]}…"


def _escape_beginning(found: re.Match[str]) -> str:
    """Escape what makes a heading, a quote or a list of a line: its first sign, or the point behind its number."""
    before, first = found.groups()
    return f"{before}{first}\\" if first.isdigit() else f"{before}\\{first}"
