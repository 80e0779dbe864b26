"""The page's catalogues: `python -m tests.meta.page_messages` brings them up to date with what the page says.

A sentence of the page is one literal in a call of `t` or `tn`: in its scripts from core/words.js, in the sandbox's
Python from sandbox/sentences.py. Both read the same catalogues, `sandbox/web/locale/*/LC_MESSAGES/page.po`.
"""

import ast
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_from_file
from babel.messages.jslexer import Token, tokenize
from babel.messages.pofile import read_po, write_po

from tests.meta.source_tree import ROOT

SCRIPTS = ROOT / "sandbox/web/static/js"

CATALOGUES = ROOT / "sandbox/web/locale"

KEYWORDS = {"t": None, "tn": (1, 2)}

VALUE = re.compile(r"\$\{.*?\}")
"""What a template string puts in."""

PLACE = re.compile(r"\{\w+\}")

SENTENCE = re.compile(r"^\W*[A-Z][a-z]+( |$|\W*$)|[A-Za-z]{2,}[,;:]? [a-z]+.*[.!?…]$|[a-z] [a-z]+ [a-z]+")
"""What looks like a label or a sentence; in small letters only from three words on."""

REFUSALS = {"Refused", "TooLarge", "NotOffered"}
"""Errors whose text people read."""

SHOWN = {"aria-label", "title", "placeholder", "alt"}
"""Attributes that people read, whatever stands in them."""

SAME_IN_EVERY_LANGUAGE = {
    "Content-Type": "a header",
    "Files": "a kind of what is dragged",
    "KB": "a unit",
    "MB": "a unit",
    "Discord": "a name",
}

KEYS = re.compile(r"(Arrow(Up|Down|Left|Right)|Page(Up|Down)|Home|End|Enter|Escape|Tab|Backspace|Delete|Text)")
"""Keys of a keyboard, and what the browser calls a node."""


def template() -> Catalog:
    """Extract all messages, in the order of the files."""
    catalog = Catalog()
    for path in sources():
        for _, message, comments, context in extract_from_file(_method(path), path, keywords=KEYWORDS):
            place = path.relative_to(ROOT).as_posix()
            catalog.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    return catalog


def sources() -> list[Path]:
    """Find what says sentences of the page."""
    return [*sorted(SCRIPTS.rglob("*.js")), *sorted((ROOT / "sandbox").rglob("*.py"))]


def languages() -> list[str]:
    """Name the languages that there is a catalogue of."""
    return sorted(path.name for path in CATALOGUES.iterdir())


def catalogue(language: str) -> Catalog:
    """Read a catalogue."""
    return read_po(io.BytesIO(_path(language).read_bytes()), locale=language)


def update() -> None:
    """Bring all catalogues up to date: new messages wait for a translation, those that are gone go."""
    for language in languages():
        _path(language).write_text(updated(language), "utf-8")


def updated(language: str) -> str:
    """Write a catalogue as it is to be."""
    catalog = catalogue(language)
    plurals = catalog.plural_forms
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    written = io.BytesIO()
    write_po(written, catalog, width=120, omit_header=True, include_lineno=False, ignore_obsolete=True)
    head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Plural-Forms: {plurals}\\n"\n'
    head += '"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return head + written.getvalue().decode().lstrip("\n").rstrip("\n") + "\n"


def problems() -> Iterator[str]:
    """Say what is wrong with the sentences of the page and with their translations."""
    for path in sources():
        if path.suffix == ".js":
            yield from (f"{path.relative_to(ROOT)}: {problem}" for problem in not_extracted(path.read_text("utf-8")))
        found = (
            unmarked(path.read_text("utf-8")) if path.suffix == ".js" else unmarked_refusals(path.read_text("utf-8"))
        )
        yield from (f"{path.relative_to(ROOT)}:{line}: not marked: {text!r}" for line, text in found)
    wanted = {_key(message) for message in template() if message.id}
    for language in languages():
        yield from (f"{language}/page.po: {problem}" for problem in _wrong(catalogue(language), wanted))


def unmarked(script: str) -> Iterator[tuple[int, str]]:
    """Find what looks like a sentence and stands in no call of `t` or `tn`, in a script: its line and text."""
    tokens = _tokens(script)
    for at, token in enumerate(tokens):
        text = VALUE.sub("", token.value[1:-1]) if token.type in ("string", "template_string") else ""
        if not text or _is_said(tokens, at) or text in SAME_IN_EVERY_LANGUAGE or KEYS.fullmatch(text):
            continue
        if _names_what_is_shown(tokens, at, text) or (SENTENCE.search(text) and not _is_for_us(tokens, at)):
            yield token.lineno, text


def unmarked_refusals(source: str) -> Iterator[tuple[int, str]]:
    """Find what a module of the sandbox refuses without a call of `t` or `tn`: its line and text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
            for argument in node.args:
                if isinstance(argument, ast.JoinedStr | ast.Constant | ast.BinOp):
                    yield node.lineno, ast.unparse(argument)


def not_extracted(script: str) -> Iterator[str]:
    """Find calls within calls in a script, which Babel passes over."""
    tokens = _tokens(script)
    calls = Counter(
        tokens[at + 2].value[1:-1]
        for at, token in enumerate(tokens[:-2])
        if token.value in KEYWORDS and tokens[at + 1].value == "(" and tokens[at + 2].type == "string"
    )
    found = Counter(
        _first(message) for _, message, _, _ in extract("javascript", io.BytesIO(script.encode()), keywords=KEYWORDS)
    )
    for text in calls - found:
        yield f"a call within a call, which is not found: {text!r}"
    for token in tokens:
        if token.type == "template_string" and re.search(r"\$\{[^}]*\btn?\(", token.value):
            yield f"a call within a template, which is not found: {token.value!r}"


def _tokens(script: str) -> list[Token]:
    return [token for token in tokenize(script) if "comment" not in token.type]


def _is_said(tokens: list[Token], at: int) -> bool:
    """Whether a string is what a call of `t` or `tn` says: right after its bracket, or after its first form."""
    before = [token.value for token in tokens[max(0, at - 4) : at]]
    return before[-2:] in (["t", "("], ["tn", "("]) or (before[-1:] == [","] and before[:2] == ["tn", "("])


def _names_what_is_shown(tokens: list[Token], at: int, text: str) -> bool:
    before = [token.value.strip("\"'") for token in tokens[max(0, at - 2) : at]]
    return len(before) == 2 and before[1] == ":" and before[0] in SHOWN and any(letter.isalpha() for letter in text)


def _is_for_us(tokens: list[Token], at: int) -> bool:
    """Whether a string is an error's that only we see, an import, or an element's classes."""
    before = [token.value for token in tokens[max(0, at - 3) : at]]
    return before == ["new", "Error", "("] or before[-1:] in (["import"], ["from"]) or before[-2:] == ["class", ":"]


def _wrong(catalog: Catalog, wanted: set[str]) -> Iterator[str]:
    known = {_key(message): message for message in catalog if message.id}
    yield from (f"missing: {text!r}" for text in sorted(wanted - known.keys()))
    yield from (f"stale: {text!r}" for text in sorted([*(known.keys() - wanted), *map(str, catalog.obsolete)]))
    for text, message in known.items():
        if message.fuzzy:
            yield f"fuzzy: {text!r}"
        forms = _texts(message.string)
        if not all(forms) or len(forms) != (catalog.num_plurals if message.pluralizable else 1):
            yield f"not translated: {text!r}"
        places = {place for source in _texts(message.id) for place in PLACE.findall(source)}
        if any(set(PLACE.findall(form)) != places for form in forms if form):
            yield f"other placeholders: {text!r}"
        if any(form != form.strip() for form in [*_texts(message.id), *forms]):
            yield f"spaces around it, which belong into the code: {text!r}"


def _key(message: Message) -> str:
    return _first(message.id)


def _first(text: str | Iterable[str]) -> str:
    return _texts(text)[0]


def _texts(text: str | Iterable[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _method(path: Path) -> str:
    return "javascript" if path.suffix == ".js" else "python"


def _path(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "page.po"


if __name__ == "__main__":
    update()
