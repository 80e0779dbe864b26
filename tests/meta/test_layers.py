"""The floors of the code: every import points down, and SQL, HTTP and Discord stay where they belong."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from bot.cog_modules import COGS
from tests.meta.source_tree import SOURCES, imports_of, read, tree_of, within

FLOOR = re.compile(r"^(?P<number>\d)  (?P<units>\S+(?: \| \S+| \S+)*?)(?:  .*)?$")
"""One line of the block in docs/architecture.md: its number, its units, then what is said of them."""


def floors_in(document: str) -> Mapping[str, tuple[int, int]]:
    """Read each unit's floor and its place on it; units that stand together share a place, neighbours do not."""
    block = document.partition("<!-- floors -->\n```\n")[2].partition("```")[0]
    found: dict[str, tuple[int, int]] = {}
    for line in filter(None, map(FLOOR.match, block.splitlines())):
        for place, together in enumerate(line["units"].split(" | ")):
            for unit in together.split():
                found[unit.strip("/").replace("/", ".")] = int(line["number"]), place
    return found


FLOORS = floors_in(read("docs/architecture.md"))

SANDBOX = (
    ("sandbox.bounded_log", "sandbox.sentences"),
    ("sandbox.discord", "sandbox.provider"),
    ("sandbox.harness",),
    ("sandbox.web",),
    ("sandbox.demo",),
    ("sandbox.__main__",),
)
"""From the ground up; those side by side do not know each other, and none of them knows the bot."""

PACKAGES = ("bot", "sandbox")
"""Their own files are empty of imports."""

PURE = ("bot.domain", "bot.errors")
"""The standard library is enough for them."""

ADAPTERS = {
    "sqlite3": {"bot.db.sqlite"},
    "aiosqlite": {"bot.db.sqlite"},
    "asyncpg": {"bot.db.postgres", "bot.db.postgres_session", "bot.db.postgres_errors", "bot.db.session_check"},
}
"""The only files that know each database driver."""

AUDITOR = "sandbox.web.ledger_audit"
"""Reads accounts and ledger from outside: what it shows must not come from the code that keeps them."""

CATALOGUES = {"bot.errors", "bot.db.schema"}
"""Longer than a file may be otherwise, for a list is one idea however long it gets."""

LONGEST_FILE = 300

SQL = re.compile(
    r"\s*((?-i:select|SELECT)\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\("
    r"|(create|drop|alter)\s+(unique\s+)?(table|index)\s)",
    re.IGNORECASE,
)


def unit_of(module: str) -> str | None:
    """Find the unit on some floor that a module belongs to."""
    units = [*FLOORS, *(unit for floor in SANDBOX for unit in floor)]
    found = next((unit for unit in units if within(module, unit)), None)
    return module if found is None and module in PACKAGES else found


def may_import(unit: str, other: str) -> bool:
    """Tell whether the floors let one unit import another."""
    if unit in FLOORS and other in FLOORS:
        (floor, place), (below, neighbour) = FLOORS[unit], FLOORS[other]
        return below < floor or (below == floor and place == neighbour)
    if unit in FLOORS or other in FLOORS or unit in PACKAGES:
        return False
    level = {name: number for number, floor in enumerate(SANDBOX) for name in floor}
    return other not in PACKAGES and level[other] < level[unit]


def imports_upwards() -> Iterator[str]:
    """Name each import of ours that does not point down."""
    for module in SOURCES:
        own = unit_of(module) or module
        for name in imports_of(module):
            unit = unit_of(name) or name
            if name.partition(".")[0] in ("bot", "cogs", "sandbox") and unit != own and not may_import(own, unit):
                yield f"{module} imports {name}"


def users_of(*names: str) -> set[str]:
    """Find the modules that import any of some packages."""
    return {module for module in SOURCES if any(within(used, name) for used in imports_of(module) for name in names)}


def texts_of(module: str) -> Iterator[str]:
    """Give the strings of a module that are not docstrings."""
    tree = tree_of(module)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value


def circle() -> list[str]:
    """Find files that import each other in a ring, those imports included that only a type checker follows."""
    needs = {module: {name for name in imports_of(module) if name in SOURCES} - {module} for module in SOURCES}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_the_document_names_every_floor() -> None:
    assert {number for number, _ in FLOORS.values()} == set(range(7))


def test_every_file_stands_on_a_floor() -> None:
    assert [module for module in SOURCES if unit_of(module) is None] == []


def test_every_floor_has_its_files() -> None:
    units = [*FLOORS, *(unit for floor in SANDBOX for unit in floor)]
    assert [unit for unit in units if not any(within(module, unit) for module in SOURCES)] == []


def test_every_file_imports_only_from_floors_below_it() -> None:
    assert list(imports_upwards()) == []


def test_no_two_files_import_each_other() -> None:
    assert circle() == []


def test_only_the_composition_root_knows_the_cogs() -> None:
    assert {unit_of(module) for module in users_of("cogs")} <= {"cogs", "bot.app"}


def test_every_cog_is_set_up() -> None:
    assert sorted(COGS) == sorted(module.removeprefix("cogs.") for module in SOURCES if module.startswith("cogs."))


def test_what_a_job_is_needs_the_standard_library_alone() -> None:
    pure = [module for module in SOURCES for unit in PURE if within(module, unit)]
    used = {name.partition(".")[0] for module in pure for name in imports_of(module)}
    assert used - sys.stdlib_module_names == {"bot"}


def test_only_the_database_package_holds_sql() -> None:
    holders = {module for module in SOURCES if any(SQL.match(text) for text in texts_of(module))}
    assert {module for module in holders if not within(module, "bot.db")} == {AUDITOR}


def test_only_the_adapter_knows_its_driver() -> None:
    for driver, adapters in ADAPTERS.items():
        assert users_of(driver) - {AUDITOR} == adapters


def test_only_providers_and_media_speak_http_to_the_outside() -> None:
    users = {module for module in users_of("httpx", "httpcore") if not within(module, "sandbox")}
    assert {unit_of(module) for module in users} <= {"bot.providers", "bot.media"}


def test_only_the_upper_floors_know_discord() -> None:
    gateway = {"bot.client", "bot.sharded_client", "bot.shard_connection"}
    upper = {"bot.ui", "bot.publisher", "cogs", *gateway, "bot.app", "bot.login", "bot.doctor"}
    assert {unit_of(module) for module in users_of("discord")} <= upper


def test_no_file_holds_more_than_300_lines() -> None:
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in SOURCES.items()}
    too_long = {module: length for module, length in lengths.items() if length > LONGEST_FILE}
    assert {module: length for module, length in too_long.items() if module not in CATALOGUES} == {}
