"""The files of the local Discord stand on one another as the package's docstring draws it."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter

import pytest

from sandbox import discord as package
from tests.meta.source_tree import SOURCES, imports_of, within

ROOT = package.__name__
MODULES = [module for module in SOURCES if within(module, ROOT) and module != ROOT]
TOOLS = {"sandbox.bounded_log", "sandbox.sentences"}
"""What a file may import of the sandbox besides this package."""


def layers_in(docstring: str) -> dict[str, int]:
    """Read each file's height; a line that names no layer goes on with the one before."""
    heights: dict[str, int] = {}
    names: list[str] = []
    for line in re.findall(r"^    ((?:[a-z]+ {2,}| {10})[a-z_ ]+)$", docstring, re.MULTILINE):
        name, files = line[:10].strip(), line[10:].split()
        names += [name] if name else []
        heights |= dict.fromkeys(files, len(names))
    return heights


HEIGHTS = layers_in(package.__doc__ or "")


def file_of(module: str) -> str:
    return module.removeprefix(f"{ROOT}.").partition(".")[0]


def neighbours(module: str) -> set[str]:
    """Name the modules of this package that one imports, those that only a type checker follows included."""
    return {name for name in imports_of(module) if within(name, ROOT)} - {module}


def test_the_docstring_names_every_file_once() -> None:
    assert HEIGHTS.keys() == {file_of(module) for module in MODULES}
    assert len(set(HEIGHTS.values())) == 6


@pytest.mark.parametrize("module", MODULES)
def test_a_file_imports_only_from_its_own_line_and_those_above(module: str) -> None:
    assert [name for name in neighbours(module) if HEIGHTS[file_of(name)] > HEIGHTS[file_of(module)]] == []


def test_no_file_imports_the_package_itself() -> None:
    assert [module for module in MODULES if ROOT in neighbours(module)] == []


def test_no_files_import_each_other_in_a_circle() -> None:
    order = list(TopologicalSorter({module: neighbours(module) for module in MODULES}).static_order())
    assert len(order) == len(MODULES)


def test_the_local_discord_knows_nothing_of_the_bot_nor_of_the_rest_of_the_sandbox() -> None:
    used = {name for module in MODULES for name in imports_of(module)}
    ours = {name for name in used if name.partition(".")[0] in ("bot", "cogs", "sandbox")}
    assert {name for name in ours if not within(name, ROOT)} == TOOLS
