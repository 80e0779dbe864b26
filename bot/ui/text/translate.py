"""Put sentences into their reader's language: the one seam between English, as it stands in the code, and others.

Every sentence is a literal in a call of `_`, `pgettext` or `ngettext`, which `make check` finds. They are asked anew
for each sentence, and they alone ask which language is written now, as what writes numbers and lists does. Whoever
begins an answer says so: `speak` for all that a task has to say, `speaking` for what is drawn inside of it.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from babel import Locale

from bot.languages import ENGLISH, Language, language_of

_written: ContextVar[Language] = ContextVar("written", default=ENGLISH)


def speak(code: str | None) -> None:
    """Write in a member's language from now on, in this task and in those that it begins; by Discord's locale."""
    _written.set(language_of(code))


@contextmanager
def speaking(code: str | None) -> Generator[None]:
    """Write in a language for a while: a server's inside of what is said to a member, or a member's in a server."""
    token = _written.set(language_of(code))
    try:
        yield
    finally:
        _written.reset(token)


def locale() -> Locale:
    """Give the language in which numbers and lists are written now."""
    return _written.get().locale


def _(message: str) -> str:
    """Translate a whole sentence; what varies in it is a named placeholder, to be filled with `.format(name=...)`."""
    return _written.get().catalogue.gettext(message)


def pgettext(context: str, message: str) -> str:
    """Translate a word that other languages need more than one word for; `context` tells which is meant."""
    return _written.get().catalogue.pgettext(context, message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Translate a sentence that changes with a number."""
    return _written.get().catalogue.ngettext(singular, plural, number)
