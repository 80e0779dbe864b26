"""The words that prompts are found by: in small letters; of Chinese, Japanese and Korean pairs of characters.

They are the same however a word is written: wide or narrow, in capital letters, or of letters and accents apart.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from unicodedata import category, normalize

LONGEST_WORD = 32
"""Characters of a word that are kept; the rest of a longer one tells nothing."""

MOST_WORDS = 2_048
"""Words of one prompt that it is found by: more than all but a made-up one has."""

LONGEST_SEARCH = 40
"""Characters of the words that are looked for: they stand in the buttons of the list that is found."""

# Those that are written without spaces: kana, Han and Hangul.
_PAIRED = re.compile(
    "[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


def words_of(prompt: str) -> list[str]:
    """Give the words that a prompt is found by, each once."""
    found: dict[str, None] = {}
    for kind, run in _runs(prompt):
        # The last character stands alone too, so that each single one is found as a beginning.
        words = [run[place : place + 2] for place in range(len(run))] if kind == "pairs" else [run[:LONGEST_WORD]]
        found.update(dict.fromkeys(words))
    return list(found)[:MOST_WORDS]


def search_text(typed: str) -> str:
    """Write what is looked for without all that is no word: empty where nothing is left."""
    return " ".join(run for _, run in _runs(typed))


def beginnings_of(typed: str) -> list[str]:
    """Give the beginnings of words that a prompt must all have to be found, each once."""
    found: dict[str, None] = {}
    for kind, run in _runs(typed):
        pairs = [run[place : place + 2] for place in range(max(1, len(run) - 1))]
        found.update(dict.fromkeys(pairs if kind == "pairs" else [run[:LONGEST_WORD]]))
    return list(found)


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Take a text apart into runs of characters that are words, or of which each pair is one."""
    for kind, signs in groupby(normalize("NFKC", normalize("NFKC", text).casefold()), _kind):
        if kind:
            yield kind, "".join(signs)


def _kind(sign: str) -> str:
    if _PAIRED.match(sign):
        return "pairs"
    return "word" if sign.isalnum() or category(sign).startswith("M") else ""
