"""The languages that the bot speaks: a catalogue of sentences each, and which one a locale of Discord's reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import cast

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent / "locale"
"""One file a language, each at `<language>/LC_MESSAGES/bot.po`."""

READS = {"zh-TW": "zh-CN", "zh-HK": "zh-CN"}
"""Locales that read what is written for another country; what Babel finds alike for them is nothing."""


@dataclass(frozen=True)
class Language:
    """Hold a language: its code at Discord, what it calls itself, how its numbers and lists go, and its sentences."""

    code: str
    name: str
    locale: Locale
    catalogue: NullTranslations


ENGLISH = Language("en", "English", Locale("en", "GB"), NullTranslations())
"""The sentences as they stand in the code; they write 'A, B and C' without a comma before the last."""


@cache
def languages() -> Mapping[str, Language]:
    """Read all catalogues, once, and give the languages by their codes; English comes first, and needs no catalogue."""
    found = map(_read_language, sorted(CATALOGUES.glob("*/LC_MESSAGES/bot.po")))
    all_of_them = [ENGLISH, *found]
    for language in all_of_them:
        # Babel reads a language's data when it is first asked for any: at the start, not in somebody's first answer.
        language.locale.list_patterns  # noqa: B018  # reading it is what matters
    return {language.code: language for language in all_of_them}


@lru_cache(maxsize=128)
def language_of(code: str | None) -> Language:
    """Give the language that a locale of Discord's reads: its own, else one of the same language, else English."""
    if code is None:
        return ENGLISH
    known, own = languages(), READS.get(code, code)
    alike = (one for one in known.values() if one.locale.language == own.partition("-")[0])
    return known.get(own) or next(alike, ENGLISH)


def _read_language(path: Path) -> Language:
    locale = Locale.parse(path.parts[-3])
    return Language(path.parts[-3].replace("_", "-"), _own_name(locale), locale, _read_sentences(path))


def _own_name(locale: Locale) -> str:
    closer = (f"{locale.language}_{part}" for part in (locale.script, locale.territory) if part)
    names = cast(Mapping[str, str], locale.languages)
    return next((names[code] for code in (*closer, locale.language) if code in names), str(locale))


def _read_sentences(path: Path) -> NullTranslations:
    """Read the sentences of a catalogue; those that nobody has translated yet stay English."""
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return GNUTranslations(compiled)
