"""What a test waits for runs in the loop of its module, where the bot beside it goes on."""

import ast
from collections.abc import Iterator

from tests.meta.source_tree import ROOT

SHARED = 'pytest.mark.asyncio(loop_scope="module")'


def _async_fixtures(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give each async fixture's name, and how it is declared."""
    for node in tree.body:
        if isinstance(node, ast.AsyncFunctionDef):
            declared = " ".join(map(ast.unparse, node.decorator_list))
            if ".fixture" in declared:
                yield node.name, declared


def test_a_fixture_of_tests_that_share_a_loop_runs_in_it() -> None:
    # In a loop of its own it waits for a bot that stands still meanwhile: for its write transaction, say.
    apart = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if SHARED in (source := path.read_text("utf-8"))
        for name, declared in _async_fixtures(ast.parse(source))
        if "loop_scope='module'" not in declared
    ]
    assert apart == []
