"""Keep the catalogues in step with the code: `make messages` updates them, `make check` says what is wrong.

With `--new LANGUAGE` one is begun, by its name at Babel: `fr`, `pt_BR`.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from string import Formatter
from typing import TypedDict

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from tests.meta import sentences
from tests.meta.page_messages import page_sentences
from tests.meta.source_tree import ROOT
from tests.meta.text_limits import limits

MARKUP = re.compile(r"`[^`]*`|\*\*|\|\||~~|\]\(|\n|^-# |^> |^#+ |</?[@#:t\w]|https?://|[\U0001F300-\U0001FAFF☀-➿⬀-⯿]")
"""What Discord draws, and people copy; it is the same in each language."""

HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"Plural-Forms: {plurals}\n"
"Content-Type: text/plain; charset=utf-8\n"

"""
"""What readers of a catalogue need; who wrote it and when is the repository's to know."""


class _How(TypedDict):
    width: int
    include_lineno: bool
    ignore_obsolete: bool
    sort_by_file: bool
    omit_header: bool


HOW = _How(width=120, include_lineno=False, ignore_obsolete=True, sort_by_file=True, omit_header=True)
"""Written so that a changed sentence changes its own lines alone."""


@dataclass(frozen=True)
class Domain:
    """Hold where the catalogues of some sentences are, what these are, and how long each may be, in characters."""

    name: str
    folder: Path
    extract: Callable[[], Catalog]
    limits: Callable[[], Mapping[str, int]]

    def path(self, language: str) -> Path:
        """Name a language's catalogue."""
        return self.folder / language / "LC_MESSAGES" / f"{self.name}.po"

    def in_folder(self, folder: Path) -> "Domain":
        """Give the same with its catalogues elsewhere."""
        return replace(self, folder=folder)

    def languages(self) -> list[str]:
        """Name the languages that have one."""
        return sorted(path.parts[-3] for path in self.folder.glob(f"*/LC_MESSAGES/{self.name}.po"))


def bot_sentences() -> Catalog:
    """Extract what the bot says."""
    template = Catalog()
    for path in sentences.files():
        for line, message, _, context in extract_from_file(
            "python", path, keywords=sentences.KEYWORDS, strip_comment_tags=True
        ):
            template.add(message, None, [(path.relative_to(ROOT).as_posix(), line)], context=context)
    return template


DOMAINS = (
    Domain("bot", ROOT / "bot" / "locale", bot_sentences, limits),
    Domain("page", ROOT / "sandbox" / "web" / "locale", page_sentences, dict),
)


def update(domain: Domain, template: Catalog, language: str) -> None:
    """Bring a catalogue up to the code's sentences; what was close to a new one is kept as fuzzy, to be looked at."""
    path = domain.path(language)
    catalogue = read(path) if path.exists() else Catalog(locale=language, fuzzy=False)
    catalogue.update(template)
    write(domain, catalogue, language)


def write(domain: Domain, catalogue: Catalog, language: str) -> None:
    """Write a catalogue where its language's is."""
    path = domain.path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(language=language, plurals=catalogue.plural_forms).encode())
        write_po(file, catalogue, **HOW)


def read(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def problems(domain: Domain, template: Catalog) -> Iterator[str]:
    """Find what is wrong with any catalogue of a domain."""
    most = domain.limits()
    for language in domain.languages():
        path = domain.path(language)
        catalogue = read(path)
        said = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        for message in template:
            if message.id:
                known = catalogue.get(_key(message), message.context)
                yield from (f"{said}: {what}: {_key(message)!r}" for what in problems_of(message, known, most))
        for message in catalogue:
            if message.id and template.get(_key(message), message.context) is None:
                yield f"{said}: nobody says it any more: {_key(message)!r}"


def problems_of(message: Message, known: Message | None, most: Mapping[str, int]) -> Iterator[str]:
    """Find what is wrong with the translation of one sentence."""
    written = _forms(known.string) if known is not None else []
    if known is None or not all(written):
        yield "is not translated"
        return
    if known.fuzzy:
        yield "is fuzzy: look whether it still says the same"
    if known.pluralizable != message.pluralizable:
        yield "has a plural, or has none"
    meant = _forms(message.id)[-1]
    for form in written:
        try:
            same = _fields(form) == _fields(meant)
        except ValueError:
            same = False
        if not same:
            yield "has other placeholders"
        elif _markup(form) != _markup(meant):
            yield "has other markup"
        elif len(form) > most.get(meant, sys.maxsize):
            yield f"has {len(form)} characters, and Discord takes {most[meant]}"


def count(domain: Domain) -> dict[str, tuple[int, int]]:
    """Count for each language the sentences that are translated, and all."""
    found: dict[str, tuple[int, int]] = {}
    for language in domain.languages():
        messages = [message for message in read(domain.path(language)) if message.id]
        done = [message for message in messages if all(_forms(message.string)) and not message.fuzzy]
        found[language] = len(done), len(messages)
    return found


def _key(message: Message) -> str:
    return _forms(message.id)[0]


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text or ""] if isinstance(text, str) or text is None else list(text)


def _fields(text: str) -> Counter[str]:
    return Counter(field for _, field, _, _ in Formatter().parse(text) if field is not None)


def _markup(text: str) -> Counter[str]:
    return Counter(found.group() for found in MARKUP.finditer(text))


def main() -> int:
    """Update all catalogues, and begin those that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--new", metavar="LANGUAGE", default="", help="begin the bot's catalogue of a language")
    parser.add_argument("--page", metavar="LANGUAGE", default="", help="begin the demo page's")
    parser.add_argument("--check", action="store_true", help="say what is wrong, and change nothing")
    asked = parser.parse_args()
    wrong: list[str] = []
    for domain, begun in zip(DOMAINS, (asked.new, asked.page), strict=True):
        template = domain.extract()
        if asked.check:
            wrong += problems(domain, template)
            continue
        for language in {*domain.languages(), *filter(None, [begun])}:
            update(domain, template, language)
        for language, (done, whole) in count(domain).items():
            print(f"{domain.path(language).relative_to(ROOT)}: {done} of {whole} translated")  # noqa: T201  # what it is run for
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")  # noqa: T201  # and this
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
