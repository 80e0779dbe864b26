"""Check that what people read can be translated; `make check` runs this, and prints what is wrong.

A sentence is one literal in a call of `_`, `ngettext`, `pgettext` (all from bot/ui/text/translate.py) or discord.py's
`locale_str`, with named placeholders. Docstrings, log lines and the texts of errors are for us and not looked at.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Set
from itertools import chain
from pathlib import Path
from string import Formatter

from babel.messages.catalog import PYTHON_FORMAT
from babel.messages.extract import extract_from_file

from tests.meta.source_tree import ROOT

PLACES = ("bot/ui", "bot/publisher", "bot/client.py", "cogs")
"""Where people's sentences pass through; all are made in bot/ui/text but those that describe commands."""

MESSAGES = {"_": (0,), "ngettext": (0, 1), "pgettext": (1,), "locale_str": (0,)}
"""What marks a sentence, and which of its arguments are told."""

KEYWORDS = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "locale_str": None}
"""The same as Babel wants to know it."""

SHOWN = {"label", "title", "text", "description", "placeholder", "content"}
"""Arguments that people see, whoever takes them."""

SAME_IN_EVERY_LANGUAGE = {
    "Animate this image": "a command's name",
    "Report to moderators": "a command's name",
    "Who made this?": "a command's name",
    "Remove": "a command's name",
    "`/jobs show id:": "a command",
    "jobs list": "a command",
}

SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z]|^[A-Z][a-z]+( |$)|^[A-Z][a-z].*[.!?…]$")
"""What looks like a label or a sentence; words in small letters may as well be keys."""

WORD = re.compile(r"[A-Za-z]{2,}")

Problem = tuple[int, str]


def files() -> Iterator[Path]:
    """Find the files whose strings may be shown."""
    for place in PLACES:
        path = ROOT / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def messages() -> set[str]:
    """Extract every message, as Babel does it for translators; of those with a plural the first form."""
    found = (
        message
        for path in files()
        for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS, strip_comment_tags=True)
    )
    return {message[0] if isinstance(message, tuple) else message for message in found}


def problems_of(source: str) -> list[Problem]:
    """Find what is wrong in a module: the line, and what is wrong with it."""
    tree = ast.parse(source)
    marked = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in MESSAGES]
    found = chain(
        _not_literal(marked),
        _placeholders(tree, marked),
        _glued(tree, set(marked)),
        _unmarked(tree, marked),
        _said_once(tree, {node for node in marked if _name(node.func) != "locale_str"}),
    )
    return sorted(set(found))


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _texts(call: ast.Call) -> list[str]:
    places = [call.args[place] for place in MESSAGES[_name(call.func)] if place < len(call.args)]
    return [node.value for node in places if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _not_literal(marked: Iterable[ast.Call]) -> Iterator[Problem]:
    for call in marked:
        if len(_texts(call)) != len(MESSAGES[_name(call.func)]):
            yield call.lineno, "a sentence is no literal, so that nobody can translate it"


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def _placeholders(tree: ast.Module, marked: Iterable[ast.Call]) -> Iterator[Problem]:
    """Look for placeholders without a plain name, and for those that nothing fills."""
    filled: dict[ast.expr, set[str | None]] = {
        node.func.value: {keyword.arg for keyword in node.keywords}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    }
    for call in marked:
        try:
            forms = [_fields(text) for text in _texts(call)]
        except ValueError:
            yield call.lineno, "braces do not match"
            continue
        fields = set[str]().union(*forms)
        if any(not field.isidentifier() for field in fields) or any(map(PYTHON_FORMAT.search, _texts(call))):
            yield call.lineno, "a placeholder has no plain name"
        elif call in filled and filled[call] != fields:
            yield call.lineno, "the placeholders are not those that are filled"
        elif fields and call not in filled and not any(fields <= names for names in filled.values()):
            yield call.lineno, "nothing fills the placeholders"
        elif any(form != fields for form in forms):
            yield call.lineno, "singular and plural have other placeholders"


def _glued(tree: ast.Module, marked: Set[ast.AST]) -> Iterator[Problem]:
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr() | ast.BinOp(op=ast.Add() | ast.Mod()) if any(one in marked for one in ast.walk(node)):
                yield node.lineno, "a sentence is glued from parts"
            case _:
                pass


def _unmarked(tree: ast.Module, marked: Iterable[ast.Call]) -> Iterator[Problem]:
    """Look for what people would read untranslated: sentences, and words in f-strings and where something is shown."""
    ours = {id(inner) for node in chain(marked, _for_us(tree)) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in ours:
            continue
        if isinstance(node, ast.JoinedStr) and any(SENTENCE.search(text) for text in _literals(node.values)):
            yield node.lineno, "an f-string is shown"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SENTENCE.search(node.value):
            if node.value not in SAME_IN_EVERY_LANGUAGE:
                yield node.lineno, f"is not translated: {node.value!r}"
        elif isinstance(node, ast.Call):
            shown = [keyword.value for keyword in node.keywords if keyword.arg in SHOWN]
            shown += node.args[:1] if _name(node.func) == "TextDisplay" else []
            yield from ((node.lineno, f"is not translated: {text!r}") for text in _literals(shown) if WORD.search(text))


def _said_once(tree: ast.Module, marked: Set[ast.AST]) -> Iterator[Problem]:
    """Look for sentences that are made for whoever comes first: when a module is read, or where a result is kept."""
    for node in _run_at_import(tree):
        if node in marked and isinstance(node, ast.Call):
            yield node.lineno, "a sentence is made before anybody's language is known"
    kept = (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and any(map(_keeps, node.decorator_list))
    )
    for node in kept:
        if any(inner in marked for inner in ast.walk(node)):
            yield node.lineno, "a sentence is kept for readers of other languages"


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            below: list[ast.AST] = [*node.decorator_list, node.args]
        case ast.Lambda():
            below = [node.args]
        case _:
            below = list(ast.iter_child_nodes(node))
    for inner in below:
        yield from _run_at_import(inner)


def _keeps(decorator: ast.expr) -> bool:
    return "cache" in ast.unparse(decorator)


def _literals(nodes: Iterable[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in SAME_IN_EVERY_LANGUAGE:
            yield node.value


def _for_us(tree: ast.Module) -> Iterator[ast.AST]:
    """Give what nobody else reads: docstrings, log lines, errors' texts, types and names."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Raise():
                yield node
            case (
                ast.Call(func=ast.Attribute(value=ast.Name(id="log"))) | ast.Call(func=ast.Name(id="cast" | "TypeVar"))
            ):
                yield node
            case ast.Assign(targets=[ast.Name(id="__all__")]):
                yield node
            case ast.ClassDef():
                yield from node.bases
            case ast.arg(annotation=ast.expr() as annotation) | ast.AnnAssign(annotation=annotation):
                yield annotation
            case _:
                pass


def problems() -> Iterator[str]:
    """Find what is wrong anywhere, and what Babel would not find."""
    extracted = messages()
    for path in files():
        source = path.read_text("utf-8")
        yield from (f"{path.relative_to(ROOT)}:{line}: {what}" for line, what in problems_of(source))
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
        for call in calls:
            if _name(call.func) in MESSAGES and not extracted.issuperset(_texts(call)[:1]):
                yield f"{path.relative_to(ROOT)}:{call.lineno}: Babel does not find it"


if __name__ == "__main__":
    sys.exit("\n".join(problems()) or None)
