"""docs/howto/add-a-command.md against the code: its list of files is what commands are made of."""

from bot.cog_modules import COGS
from tests.meta.code_names import module_at, modules_of
from tests.meta.documents import CODE_SPAN, rows, section
from tests.meta.source_tree import ROOT, SOURCES, imports_of, within

GUIDE = "docs/howto/add-a-command.md"


def listed_files() -> list[str]:
    """Give the files and folders that the guide's table sends people to."""
    return [CODE_SPAN.findall(row[0])[0] for row in rows(section(GUIDE, "# Add a command"))]


def module_of_entry(entry: str) -> str | None:
    """Name the module or package that an entry of the list is; None for a document."""
    return module_at(entry) or (entry.strip("/").replace("/", ".") if entry.endswith("/") else None)


def test_everything_that_the_cogs_use_is_in_the_list() -> None:
    listed = [module for entry in listed_files() if (module := module_of_entry(entry))]
    handed_over = "bot.client"
    used = {name for cog in modules_of("cogs") for name in imports_of(cog) if name in SOURCES} - {handed_over}
    assert {name for name in used if not any(within(name, module) for module in listed)} == set()


def test_every_module_in_the_list_is_used_by_some_cog() -> None:
    used = {"cogs", *(name for cog in modules_of("cogs") for name in imports_of(cog))}
    modules = {module for entry in listed_files() if (module := module_of_entry(entry))}
    assert {module for module in modules if not any(within(name, module) for name in used)} == set()


def test_every_cog_is_named_where_the_guide_says() -> None:
    files = {path.stem for path in (ROOT / "cogs").glob("*.py")} - {"__init__"}
    assert sorted(COGS) == sorted(files)
