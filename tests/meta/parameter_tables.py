"""The tables of docs/parameters.md, and the requests that they speak of."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx

from tests.meta.source_tree import read

Json = dict[str, Any]

# Whatever HTTP itself needs.
PLUMBING = {"host", "accept", "accept-encoding", "connection", "user-agent", "content-length", "content-type"}


@dataclass(frozen=True)
class Row:
    """Hold a parameter's row: where in a request it stands, when it is sent with which kind, and how it is reached."""

    name: str
    place: str
    sent: dict[str, str]
    how: str

    @property
    def is_header(self) -> bool:
        return self.place == "header"

    @property
    def fixed(self) -> str | None:
        """Give the value that is always the same."""
        found = re.match(r"Fixed: `([^`]+)`", self.how)
        return found[1] if found else None


@dataclass(frozen=True)
class Page:
    """Hold a table: whose page it is of, what is asked there, and a row for each parameter."""

    title: str
    method: str
    path: str
    kinds: tuple[str, ...]
    rows: dict[str, Row]

    def holds(self, request: httpx.Request) -> bool:
        """Tell whether a request goes to this page."""
        return re.fullmatch(template(self.path), request.url.path) is not None

    def values(self, request: httpx.Request) -> dict[str, object]:
        """Read the parameters of a request: path, query and body together."""
        found = re.fullmatch(template(self.path), request.url.path)
        assert found
        body: Json = json.loads(request.content) if request.content else {}
        return {**found.groupdict(), **request.url.params, **body}

    def named(self, kind: str, when: str, *, in_header: bool = False) -> set[str]:
        """Name the parameters that are sent then."""
        rows = self.rows.values()
        return {row.name for row in rows if row.sent[kind] == when and in_header is row.is_header}


def template(path: str) -> str:
    """Turn a documented path into a pattern with a group for each parameter in it."""
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))


def read_pages() -> dict[str, Page]:
    """Read every table, by its heading."""
    pages: dict[str, Page] = {}
    for section in read("docs/parameters.md").split("\n## ")[1:]:
        heading, _, text = section.partition("\n")
        title, method, path = re.split(r":? ", heading)
        lines = re.findall(r"^\| *(.+?) *\|$", text, re.MULTILINE)
        (_, *kinds, _), _, *written = [re.split(r" *\| *", line) for line in lines]
        rows = {row.name: row for row in (read_row(kinds, cells) for cells in written)}
        assert len(rows) == len(written), f"{heading} names something twice"
        pages[heading] = Page(title, method, path, tuple(kinds), rows)
    return pages


def read_row(kinds: list[str], cells: list[str]) -> Row:
    named = re.fullmatch(r"`([^`]+)`(?: \((header|path|query)\))?", cells[0])
    assert named, cells
    assert len(cells) == len(kinds) + 2, cells
    sent = dict(zip(kinds, cells[1:-1], strict=True))
    assert set(sent.values()) <= {"always", "sometimes", "never"}, cells
    return Row(named[1], named[2] or "body", sent, cells[-1])


PAGES = read_pages()
