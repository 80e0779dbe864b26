"""Words of others as they were typed: nothing in them is markdown, a link, or a mention, and nothing in them pings."""

import re
from unicodedata import bidirectional

from bot.domain.params import MAX_PROMPT

MAX_TEXT = 3900
"""Characters of all text on a card; Discord allows 4000 (discord.md, section 1)."""

# A backslash before any sign shows the sign. Time stamps, emoji, commands and most mentions begin with `<`.
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_~|<[]@"})
_ENDS = "\r\n\x85\u2028\u2029"
_BEGINNING = re.compile(rf"((?:^|[{_ENDS}])[^\S{_ENDS}]*)([#>+-]|[0-9]+(?=\.))")
_LINK = "://"

_TURN = frozenset(("R", "AL", "RLE", "RLO", "RLI", "LRO", "LRE", "LRI"))
"""Unicode's classes of what goes, or lets others go, another way than the words around it."""
_ISOLATE, _END = "\u2068", "\u2069"
_INVISIBLE = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


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


def isolated(words: str) -> str:
    """Keep words from right to left from turning around what stands beside them in a sentence; others stay as they are.

    Discord keeps mentions apart by itself, and lines of their own turn nothing around.
    """
    if words.isascii() or not any(bidirectional(sign) in _TURN for sign in words):
        return words
    return f"{_ISOLATE}{words.translate(_INVISIBLE)}{_END}"


def _escape_beginning(found: re.Match[str]) -> str:
    """Escape what makes a heading, a quote or a list of a line: its first sign, or the point behind its number."""
    before, first = found.groups()
    return f"{before}{first}\\" if first.isdigit() else f"{before}\\{first}"
