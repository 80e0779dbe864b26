"""Read the project's own files: which there are, and what each module imports."""

import ast
import os
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    """Read one of the project's text files."""
    return (ROOT / name).read_text("utf-8")


def project_files() -> Iterator[Path]:
    """Find every file of the project; what .gitignore names is none of it."""
    ignored = [".git", *(line.strip("/") for line in read(".gitignore").split())]

    def ours(names: list[str]) -> list[str]:
        return sorted(name for name in names if not any(fnmatch(name, one) for one in ignored))

    for folder, folders, names in os.walk(ROOT):
        folders[:] = ours(folders)
        yield from (Path(folder, name) for name in ours(names))


def module_of(path: Path) -> str:
    """Name the module that a file holds."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_of(path): path for top in ("bot", "cogs", "sandbox") for path in sorted((ROOT / top).rglob("*.py"))}


def tree_of(module: str) -> ast.Module:
    """Parse a module; the trees of all would take 70 MB of each process that asks for one name."""
    return ast.parse(SOURCES[module].read_text("utf-8"))


@cache
def imports_of(module: str) -> tuple[str, ...]:
    """Name what a module imports, wherever in it: `from a import b` is a.b where that is a module of ours."""
    return tuple(_imports_in(module))


def _imports_in(module: str) -> Iterator[str]:
    package = module if SOURCES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                name = f"{base}.{alias.name}"
                yield name if name in SOURCES else base


def within(module: str, unit: str) -> bool:
    """Tell whether a module is a unit or lies in it."""
    return module == unit or module.startswith(f"{unit}.")
