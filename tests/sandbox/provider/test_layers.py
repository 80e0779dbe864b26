"""The parts of the fake provider stand on one another, and none imports from above."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter

from tests.meta.source_tree import SOURCES, imports_of, tree_of, within

ROOT = "sandbox.provider"
LAYERS = (
    ("model",),
    ("rendering",),
    ("engine",),
    ("vendor",),
    ("ttapi", "acedata", "apimart", "cometapi"),
    ("vendors",),
    ("server",),
    ("",),
)
"""From the ground up; those side by side do not know each other, and "" is the package's own file on top."""

TOOLS = {"sandbox.bounded_log"}
"""What a file may import of the sandbox besides this package."""


MODULES = {module: path for module, path in SOURCES.items() if within(module, ROOT)}


def ours(module: str) -> set[str]:
    """Name the modules of this package that one imports, those for the type checker included."""
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
    used = {name for module in MODULES for name in imports_of(module)}
    foreign = {name for name in used if name.partition(".")[0] in ("bot", "cogs", "sandbox") and not within(name, ROOT)}
    assert foreign == TOOLS


def test_every_package_says_what_it_is_for() -> None:
    packages = [module for module, path in MODULES.items() if path.name == "__init__.py"]
    assert [module for module in packages if not ast.get_docstring(tree_of(module))] == []
    alone = {"server", "vendor", "vendors"}
    assert len(packages) == len({name for layer in LAYERS for name in layer} - alone)
