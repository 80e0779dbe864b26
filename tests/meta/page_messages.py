"""What the page says, and what of it nobody could translate; `make check` runs this, and prints what is wrong.

A sentence of the page is one literal in a call of `t` or `tn`: in its scripts from core/words.js, in the sandbox's
Python from sandbox/sentences.py. Both read the same catalogues, `sandbox/web/locale/*/LC_MESSAGES/page.po`, which
tests/meta/catalogues.py looks after.
"""

import ast
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_from_file

from tests.meta.script_tokens import Token, tokens_of
from tests.meta.source_tree import ROOT

SCRIPTS = ROOT / "sandbox/web/static/js"

KEYWORDS = {"t": None, "tn": (1, 2)}

VALUE = re.compile(r"\$\{.*?\}")
"""What a template string puts in."""

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


def page_sentences() -> Catalog:
    """Extract what the page says."""
    template = Catalog()
    for path in sources():
        kind = "javascript" if path.suffix == ".js" else "python"
        for line, message, _, _ in extract_from_file(kind, path, keywords=KEYWORDS):
            template.add(message, None, [(path.relative_to(ROOT).as_posix(), line)])
    return template


def sources() -> list[Path]:
    """Find what says sentences of the page."""
    return [*sorted(SCRIPTS.rglob("*.js")), *sorted((ROOT / "sandbox").rglob("*.py"))]


def problems() -> Iterator[str]:
    """Say which sentences are not marked, or so that Babel does not find them."""
    for path in sources():
        said, text = path.relative_to(ROOT), path.read_text("utf-8")
        if path.suffix == ".js":
            yield from (f"{said}: {problem}" for problem in not_extracted(text))
        for line, sentence in unmarked(text) if path.suffix == ".js" else unmarked_refusals(text):
            yield f"{said}:{line}: not marked: {sentence!r}"


def unmarked(script: str) -> Iterator[tuple[int, str]]:
    """Find what looks like a sentence and stands in no call of `t` or `tn`, in a script: its line and text."""
    tokens = tokens_of(script)
    for at, token in enumerate(tokens):
        text = VALUE.sub("", token.value[1:-1]) if token.kind in ("string", "template") else ""
        if not text or _is_said(tokens, at) or text in SAME_IN_EVERY_LANGUAGE or KEYS.fullmatch(text):
            continue
        if _names_what_is_shown(tokens, at, text) or (SENTENCE.search(text) and not _is_for_us(tokens, at)):
            yield token.line, text


def unmarked_refusals(source: str) -> Iterator[tuple[int, str]]:
    """Find what a module of the sandbox refuses without a call of `t` or `tn`: its line and text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
            for argument in node.args:
                if isinstance(argument, ast.JoinedStr | ast.Constant | ast.BinOp):
                    yield node.lineno, ast.unparse(argument)


def not_extracted(script: str) -> Iterator[str]:
    """Find calls within calls in a script, which Babel passes over."""
    tokens = tokens_of(script)
    calls = Counter(
        tokens[at + 2].value[1:-1]
        for at, token in enumerate(tokens[:-2])
        if token.value in KEYWORDS and tokens[at + 1].value == "(" and tokens[at + 2].kind == "string"
    )
    found = Counter(
        _first(message) for _, message, _, _ in extract("javascript", io.BytesIO(script.encode()), keywords=KEYWORDS)
    )
    for text in calls - found:
        yield f"a call within a call, which is not found: {text!r}"
    for token in tokens:
        if token.kind == "template" and re.search(r"\$\{[^}]*\btn?\(", token.value):
            yield f"a call within a template, which is not found: {token.value!r}"


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


def _first(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


if __name__ == "__main__":
    if wrong := list(problems()):
        sys.exit("\n".join(wrong))
