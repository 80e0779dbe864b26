"""Put sentences into their reader's language: the one seam between English, as it stands in the code, and others.

Every sentence is a literal in a call of `_`, `pgettext` or `ngettext`, which `make check` finds. They are asked anew
for each sentence, and they alone ask `catalogue`, as what writes numbers and lists asks `locale`: another language
comes in by a context variable that these two read and that whoever begins an answer sets. No sentence is touched.
"""

from gettext import NullTranslations

from babel import Locale

ENGLISH = Locale("en", "GB")
"""The English of the code: it writes 'A, B and C' without a comma before the last."""

SOURCE = NullTranslations()
"""The sentences as they stand in the code."""

# Babel reads a language's data when it is first asked for any: at the start, and not in somebody's first answer.
ENGLISH.list_patterns  # noqa: B018  # reading it is what matters


def locale() -> Locale:
    """Give the language in which numbers and lists are written now."""
    return ENGLISH


def catalogue() -> NullTranslations:
    """Give the sentences of the language that is written now; English ones stand in the code."""
    return SOURCE


def _(message: str) -> str:
    """Translate a whole sentence; what varies in it is a named placeholder, to be filled with `.format(name=...)`."""
    return catalogue().gettext(message)


def pgettext(context: str, message: str) -> str:
    """Translate a word that other languages need more than one word for; `context` tells which is meant."""
    return catalogue().pgettext(context, message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Translate a sentence that changes with a number."""
    return catalogue().ngettext(singular, plural, number)
