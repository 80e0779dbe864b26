"""The floors of the code: every import points down, and SQL, HTTP and Discord stay where they belong."""

import ast
import re
import sys
from collections.abc import Iterator

from tests.sources import SOURCES, TREES, imports_of, within

FLOORS = (
    ("bot.domain.clock", "bot.errors", "bot.domain.params", "bot.domain.periods", "bot.domain.prompts"),
    ("bot.domain.job",),
    ("bot.domain.image_actions", "bot.domain.credits", "bot.domain.image_reference"),
    (
        "bot.ui.text.captions",
        "bot.config",
        "bot.db.database",
        "bot.locks",
        "bot.log",
        "bot.ui.text.errors",
        "bot.worker.card_refresher",
        "bot.locks",
    ),
    ("bot.ui.text.errors",),
    ("bot.ui.text.replies", "bot.db.migrations"),
    ("bot.media", "bot.providers", "bot.db.store"),
    (
        "bot.services.callbacks",
        "bot.services.clip_links",
        "bot.providers.polling",
        "bot.providers.capabilities",
        "bot.services.quotas",
        "bot.providers.registry",
        "bot.services.prompt_moderation",
    ),
    ("bot.services.provider_status", "bot.services.validation", "bot.services.provider_routing"),
    ("bot.services.job_results",),
    ("bot.services.jobs",),
    (
        "bot.services.region_previews",
        "bot.services.job_history",
        "bot.services.job_recovery",
        "bot.services.message_images",
    ),
    ("bot.worker.context",),
    ("bot.worker.provider_requests",),
    ("bot.worker.submission",),
    ("bot.worker.steps",),
    ("bot.worker.worker",),
    ("bot.ui",),
    ("bot.publisher",),
    ("bot.web", "cogs"),
    ("bot.client",),
    ("bot.app", "bot.doctor"),
    ("bot.__main__",),
)
"""From the ground up; those side by side do not know each other."""

STAND_INS = ("sandbox.discord", "sandbox.provider")
"""Independent readings of the outside's documents: they know nothing of the bot, nor of each other."""

PLAYS = ("sandbox.harness", "sandbox.web", "sandbox.demo", "sandbox.__main__")
"""Put the stand-ins and the bot's process together; each may use those before it."""

PACKAGES = ("bot", "sandbox")
"""Their own files are empty of imports."""

GROUND = (
    "bot.domain.clock",
    "bot.domain.job",
    "bot.errors",
    "bot.domain.params",
    "bot.domain.periods",
    "bot.domain.prompts",
)
"""Pure: the standard library is enough for them."""

LONGEST_FILE = 300

SQL = re.compile(
    r"\s*((?-i:select|SELECT)\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\("
    r"|(create|drop|alter)\s+(unique\s+)?(table|index)\s)",
    re.IGNORECASE,
)


def is_ours(name: str) -> bool:
    return name.partition(".")[0] in ("bot", "cogs", "sandbox")


def unit_of(module: str) -> str | None:
    """Find the unit on some floor that a module belongs to."""
    units = [*STAND_INS, *PLAYS, *(unit for floor in FLOORS for unit in floor)]
    found = next((unit for unit in units if within(module, unit)), None)
    return module if found is None and module in PACKAGES else found


def may_know(unit: str) -> set[str]:
    """Name the units that one may import from, besides itself."""
    if unit in STAND_INS or unit in PACKAGES:
        return set()
    if unit in PLAYS:
        return {*STAND_INS, *PLAYS[: PLAYS.index(unit)]}
    floor = next(number for number, units in enumerate(FLOORS) if unit in units)
    return {other for units in FLOORS[:floor] for other in units}


def imports_upwards() -> Iterator[str]:
    """Name each import of ours that does not point down."""
    for module in SOURCES:
        own = unit_of(module) or module
        for name in imports_of(module):
            unit = unit_of(name) or name
            if is_ours(name) and unit != own and unit not in may_know(own):
                yield f"{module} imports {name}"


def users_of(*names: str) -> set[str]:
    """Find the modules that import any of some packages."""
    return {module for module in SOURCES if any(within(used, name) for used in imports_of(module) for name in names)}


def texts_of(module: str) -> Iterator[str]:
    """Give the strings of a module that are not docstrings."""
    tree = TREES[module]
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value


def test_every_file_stands_on_a_floor() -> None:
    assert [module for module in SOURCES if unit_of(module) is None] == []


def test_every_floor_has_its_files() -> None:
    units = [*STAND_INS, *PLAYS, *(unit for floor in FLOORS for unit in floor)]
    assert [unit for unit in units if not any(within(module, unit) for module in SOURCES)] == []


def test_every_file_imports_only_from_floors_below_it() -> None:
    assert list(imports_upwards()) == []


def test_the_ground_floor_needs_the_standard_library_alone() -> None:
    used = {name.partition(".")[0] for unit in GROUND for name in imports_of(unit)}
    assert used - sys.stdlib_module_names == {"bot"}


AUDITOR = "sandbox.web.ledger_audit"
"""Reads accounts and ledger from outside: what it shows must not come from the code that keeps them."""


def test_only_store_and_schema_hold_sql() -> None:
    holders = {module for module in SOURCES if any(SQL.match(text) for text in texts_of(module))}
    assert {module for module in holders if not within(module, "bot.db.store")} == {"bot.db.migrations", AUDITOR}


def test_only_providers_and_media_speak_http_to_the_outside() -> None:
    users = {module for module in users_of("httpx", "httpcore") if not within(module, "sandbox")}
    assert {unit_of(module) for module in users} <= {"bot.providers", "bot.media"}


def test_only_the_upper_floors_know_discord() -> None:
    upper = {"bot.ui", "bot.publisher", "cogs", "bot.client", "bot.app", "bot.doctor"}
    assert {unit_of(module) for module in users_of("discord")} <= upper


def test_no_file_holds_more_than_300_lines() -> None:
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in SOURCES.items()}
    assert {module: length for module, length in lengths.items() if length > LONGEST_FILE} == {}
