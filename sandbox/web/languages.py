"""The page's own sentences in the languages that it speaks, from gettext catalogues that are read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from sandbox.sentences import Sentence, fill_in
from sandbox.web.locales import LOCALES
from sandbox.web.wire.events import Words as ToldWords

T = TypeVar("T")

FOLDER = Path(__file__).parent / "locale"

DOMAIN = "page"

READS = {"zh-TW": "zh_CN", "zh-HK": "zh_CN"}
"""The catalogue of a locale that has none of its own, and another name than its language."""

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""CLDR's plurals, in the order in which catalogues hold their forms."""


@dataclass(frozen=True)
class Words:
    """Hold the sentences of one language: for each in English, its forms.

    `tag` is as HTML's `lang` has it, `locale` has the rules of its plurals and numbers.
    """

    tag: str
    locale: Locale
    messages: Mapping[str, tuple[str, ...]]

    def told(self, locale: str) -> ToldWords:
        """Write them for the page of somebody whose client has a locale."""
        return {
            "language": self.tag,
            "locale": locale,
            "messages": {source: list(forms) for source, forms in self.messages.items()},
        }

    def say(self, sentence: str) -> str:
        """Say a sentence in this language; what is no `Sentence`, or is not translated, stays as it is."""
        if not isinstance(sentence, Sentence) or not self.messages:
            return sentence
        forms = self.messages.get(sentence.forms[0])
        if forms is None:
            return fill_in(sentence.forms[0 if sentence.number in (None, 1) else -1], sentence.values, self._write)
        return fill_in(forms[self._place(sentence.number, forms)], sentence.values, self._write)

    def translated(self, value: T) -> T:
        """Say all sentences within a JSON value."""
        return cast("T", self._translated(value)) if self.messages else value

    def _translated(self, value: object) -> object:
        if isinstance(value, Sentence):
            return self.say(value)
        if isinstance(value, Mapping):
            fields = cast("Mapping[str, object]", value)
            return {name: self._translated(field) for name, field in fields.items()}
        if isinstance(value, list):
            return [self._translated(item) for item in cast("list[object]", value)]
        return value

    def _write(self, value: object) -> str:
        if isinstance(value, Sentence):
            return self.say(value)
        return format_decimal(value, locale=self.locale) if isinstance(value, int) else str(value)

    def _place(self, number: int | None, forms: tuple[str, ...]) -> int:
        if number is None or len(forms) == 1:
            return 0
        rule = self.locale.plural_form
        known = [category for category in CATEGORIES if category in rule.tags or category == "other"]
        return min(known.index(rule(number)), len(forms) - 1)


ENGLISH = Words("en", Locale("en"), {})


class Languages:
    """Give each of Discord's locales its words; `more` are those of further ones, by their names."""

    def __init__(self, more: Mapping[str, Words] | None = None) -> None:
        more = more or {}
        self.locales = LOCALES | {locale: locale for locale in more}
        self._words = {**{locale: _words_of(name) for locale in LOCALES if (name := catalogue_of(locale))}, **more}

    def of(self, locale: str) -> Words:
        """Give the words of a locale, English where there are none."""
        return self._words.get(locale, ENGLISH)


def catalogue_of(locale: str) -> str | None:
    """Name the catalogue that a locale reads: its own, else its language's; None for English."""
    names = (locale.replace("-", "_"), READS.get(locale, ""), locale.partition("-")[0])
    return next((name for name in names if name in catalogues()), None)


@cache
def catalogues() -> frozenset[str]:
    """Name the catalogues that there are."""
    return frozenset(path.parts[-3] for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


@cache
def _words_of(name: str) -> Words:
    with (FOLDER / name / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return Words(name.replace("_", "-"), Locale.parse(name), messages_of(read_po(file, locale=name)))


def messages_of(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Give what is translated in a catalogue, by the English, and its forms."""
    found: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if message.id and message.string and not message.fuzzy:
            found[_texts(message.id)[0]] = _texts(message.string)
    return found


def _texts(text: str | Iterable[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
