"""The parts of the fake provider stand on one another, and none imports from above."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import sandbox.provider

ROOT = "sandbox.provider"
FOLDER = Path(sandbox.provider.__file__).parent
LAYERS = (
    ("model",),
    ("rendering",),
    ("engine",),
    ("ttapi", "acedata", "apimart", "cometapi"),
    ("server",),
    ("",),
)
"""From the ground up; those side by side do not know each other, and "" is the package's own file on top."""

TOOLS = {"sandbox.bounded_log"}
"""What a file may import of the sandbox besides this package."""


def module_of(path: Path) -> str:
    parts = path.relative_to(FOLDER).with_suffix("").parts
    return ".".join([ROOT, *parts]).removesuffix(".__init__")


MODULES = {module_of(path): path for path in sorted(FOLDER.rglob("*.py"))}


def imports_of(module: str) -> Iterator[str]:
    """Name the modules that one imports, those for the type checker included."""
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom():
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                yield from (name if name in MODULES else node.module or "" for name in names)
            case _:
                pass


def ours(module: str) -> set[str]:
    """Name the modules of this package that one imports."""
    return {name for name in imports_of(module) if name in MODULES}


def layer_of(module: str) -> str:
    return module.removeprefix(ROOT).removeprefix(".").partition(".")[0]


def height_of(module: str) -> int:
    return next(height for height, layer in enumerate(LAYERS) if layer_of(module) in layer)


def test_every_file_belongs_to_a_layer_and_every_layer_has_files() -> None:
    assert {layer_of(module) for module in MODULES} == {name for layer in LAYERS for name in layer}


def test_every_file_imports_only_from_its_own_part_and_from_layers_below() -> None:
    upwards = [
        f"{module} imports {name}"
        for module in MODULES
        for name in ours(module)
        if layer_of(name) != layer_of(module) and height_of(name) >= height_of(module)
    ]
    assert upwards == []


def test_no_files_import_each_other_in_a_circle() -> None:
    order = list(TopologicalSorter({module: ours(module) for module in MODULES}).static_order())
    assert len(order) == len(MODULES)


def test_the_provider_knows_nothing_of_the_bot_nor_of_the_rest_of_the_sandbox() -> None:
    foreign = {
        name
        for module in MODULES
        for name in imports_of(module)
        if name.partition(".")[0] in ("bot", "cogs", "sandbox") and name not in MODULES
    }
    assert foreign == TOOLS


def test_every_package_says_what_it_is_for() -> None:
    packages = [path for path in MODULES.values() if path.name == "__init__.py"]
    silent = [path for path in packages if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert (silent, len(packages)) == ([], 8)
