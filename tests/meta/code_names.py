"""The names that the code gives to things, and all that it uses."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from tests.meta.source_tree import ROOT, SOURCES, tree_of, within


def defined_in(module: str) -> set[str]:
    """Name what a module defines: classes, functions, constants, and what its classes define as `Class.name`."""
    return set(_defined(tree_of(module).body))


@cache
def defined_anywhere() -> frozenset[str]:
    """Name what any module of the bot, its commands or the sandbox defines."""
    return frozenset(name for module in SOURCES for name in defined_in(module))


def identifiers_in(module: str) -> set[str]:
    """Name every identifier in a module, whoever defined it."""
    found: set[str] = set()
    for node in ast.walk(tree_of(module)):
        found.update(_names_of(node))
    return found


@cache
def identifiers() -> frozenset[str]:
    """Name every identifier in the bot, its commands and the sandbox."""
    return frozenset(name for module in SOURCES for name in identifiers_in(module))


def modules_of(*packages: str) -> list[str]:
    """Name the modules of some packages."""
    return [module for module in SOURCES if any(within(module, package) for package in packages)]


def module_at(path: str) -> str | None:
    """Name the module that a file of the project holds; None for other files."""
    paths: Mapping[str, str] = {str(place.relative_to(ROOT)): module for module, place in SOURCES.items()}
    return paths.get(path)


def _defined(body: Iterable[ast.stmt], inside: str = "") -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield inside + node.name
            case ast.ClassDef():
                yield inside + node.name
                yield from _defined(node.body, f"{inside}{node.name}.")
            case ast.Assign():
                yield from (inside + target.id for target in node.targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield inside + name
            case _:
                pass


def _names_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name():
            yield node.id
        case ast.Attribute():
            yield node.attr
        case ast.arg():
            yield node.arg
        case ast.keyword() if node.arg is not None:
            yield node.arg
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.name
        case ast.alias():
            yield from (node.asname or node.name).split(".")
        case _:
            pass
