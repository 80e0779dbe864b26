"""docs/architecture.md and the how-tos against the code: files, functions, states, transitions and tables."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.db.migrations import migrate
from bot.db.sqlite import open_sqlite
from bot.domain.job import TRANSITIONS
from tests.meta.code_names import defined_anywhere, defined_in, identifiers, module_at
from tests.meta.documents import CODE_SPAN, block, documents, prose, rows, section
from tests.meta.source_tree import ROOT, read

ARCHITECTURE = "docs/architecture.md"

GUIDES = [name for name in documents() if name == ARCHITECTURE or name.startswith("docs/howto/")]

PATH = re.compile(r"(?:bot|cogs|sandbox|tests|benchmarks|docs)/[\w./-]*")

CLASS_OR_LONG_NAME = re.compile(r"[A-Z]\w*[a-z]\w*|[a-z]\w*_\w+")
"""Names that cannot be taken for words: those with a capital letter, and those with an underscore."""

MEMBER = re.compile(r"([A-Z]\w*[a-z]\w*)\.(\w+)")


def code_spans(name: str) -> set[str]:
    """Give what a document writes as code, brackets of a call taken away."""
    return {span.removesuffix("()") for span in CODE_SPAN.findall(prose(name))}


def stored_names() -> set[str]:
    """Give the words of the schema: tables and columns are no identifiers of Python."""
    return set(re.findall(r"\w+", read("bot/db/schema.py") + read("bot/db/migrations.py")))


def follow_along() -> list[tuple[str, str]]:
    """Give each step that the document follows: the file, and a function in it."""
    steps: list[tuple[str, str]] = []
    for _, path, functions, *_ in (row for row in rows(prose(ARCHITECTURE)) if len(row) == 4):
        steps += [(path.strip("`"), function) for function in CODE_SPAN.findall(functions)]
    return steps


@pytest.mark.parametrize("guide", GUIDES)
def test_each_path_that_a_guide_names_is_there(guide: str) -> None:
    named = {span for span in code_spans(guide) if PATH.fullmatch(span)}
    assert {path for path in named if not (ROOT / path).exists()} == set()
    assert named


@pytest.mark.parametrize("guide", GUIDES)
def test_each_name_of_code_that_a_guide_gives_is_in_the_code(guide: str) -> None:
    spans = code_spans(guide)
    members = {span for span in spans if (found := MEMBER.fullmatch(span)) and found[1] in defined_anywhere()}
    assert members - defined_anywhere() == set()
    assert {span for span in spans if CLASS_OR_LONG_NAME.fullmatch(span)} - identifiers() - stored_names() == set()


def test_each_step_names_a_function_of_its_file() -> None:
    steps = follow_along()
    assert [(path, name) for path, name in steps if name not in defined_in(module_at(path) or "bot")] == []
    assert {path.partition("/")[0] for path, _ in steps} == {"bot", "cogs"}


def test_the_diagram_shows_every_transition_and_no_other() -> None:
    drawn = re.findall(r"^ *(\w+) --> (\w+)", block(ARCHITECTURE, "states"), re.MULTILINE)
    assert sorted(drawn) == sorted((str(state), str(to)) for state, targets in TRANSITIONS.items() for to in targets)


def test_each_transition_in_the_diagram_is_explained() -> None:
    named = set(re.findall(r": (T\d\w?)$", block(ARCHITECTURE, "states"), re.MULTILINE))
    explained = [row[0] for row in rows(section(ARCHITECTURE, "## The life of a job"))]
    assert named | {"T2"} == set(explained)
    assert len(explained) == len(set(explained))


async def test_each_table_and_column_is_explained(tmp_path: Path) -> None:
    async with open_sqlite(tmp_path / "animatic.db") as db:
        await migrate(db)
    with closing(sqlite3.connect(tmp_path / "animatic.db")) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        there = {
            (table, column) for table in tables for _, column, *_ in connection.execute(f"pragma table_info({table})")
        }
    explained: list[tuple[str, str]] = []
    table = ""
    for name, column, meaning in rows(section(ARCHITECTURE, "## The tables")):
        table = name.strip("`") or table
        assert meaning
        explained.append((table, column.strip("`")))
    assert sorted(explained) == sorted(there)
