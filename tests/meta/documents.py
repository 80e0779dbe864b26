"""Read the project's documents: their headings, links, tables, and what of the code they name."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.meta.source_tree import ROOT, project_files, read

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

CODE_SPAN = re.compile(r"`([^`\n]+)`")


@cache
def documents() -> tuple[str, ...]:
    """Name every document of the project, from its root."""
    return tuple(str(path.relative_to(ROOT)) for path in project_files() if path.suffix == ".md")


def prose(name: str) -> str:
    """Read a document without its code blocks."""
    return FENCED.sub("", read(name))


def block(name: str, mark: str) -> str:
    """Read the code block that follows a mark, such as `<!-- states -->`."""
    found = re.search(rf"<!-- {mark} -->\n```\w*\n(.*?)^```", read(name), re.MULTILINE | re.DOTALL)
    assert found, f"{name} has no block after <!-- {mark} -->"
    return found[1]


def section(name: str, heading: str) -> str:
    """Read what stands under a heading, up to the next one of its level or above."""
    level, title = heading.split(" ", 1)
    found = re.search(
        rf"^{level} {re.escape(title)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", read(name), re.MULTILINE | re.DOTALL
    )
    assert found, f"{name} has no {heading}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """Read the rows of the tables in a text, without heads; a bar in a code span stays in its cell."""
    found: list[list[str]] = []
    for table in re.findall(r"(?:^\|.*\|\n?)+", text, re.MULTILINE):
        lines = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in table.strip().splitlines()]
        found += lines[2:]
    return found


def anchors(name: str) -> set[str]:
    """Give the fragments that lead to a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(name), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(name: str) -> Iterator[tuple[str, str]]:
    """Give each link of a document that stays in the project: the file that it leads to, and the fragment."""
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(name)):
        if "://" not in link and not link.startswith("mailto:"):
            path, _, fragment = link.partition("#")
            target = (ROOT / name).parent / path if path else ROOT / name
            yield _from_root(target), fragment


def _from_root(path: Path) -> str:
    resolved = path.resolve()
    return str(resolved.relative_to(ROOT)) if resolved.is_relative_to(ROOT) else str(path)
