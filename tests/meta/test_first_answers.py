"""Every first answer to a member goes through `bot/ui/interactions.py`, where the blocked are refused."""

import ast

import pytest

from tests.meta.source_tree import SOURCES, tree_of

COGS = sorted(module for module in SOURCES if module.startswith("cogs."))

OPEN_TO_BLOCKED = {
    "cogs.admin",
    "cogs.quota",
    "cogs.extend",
    "cogs.storyboard",
    "cogs.setup",
    "cogs.help",
    "cogs.privacy",
}
"""Who lets the blocked through: admins share credits and set the server up, one's own waiting jobs can be cancelled,
and everybody may read how things are done, and see and erase what is kept of them."""

ADMINS_FORMS = {"cogs.setup"}
"""Whose forms open for who manages the server, blocked or not."""


def called(tree: ast.AST) -> set[str]:
    """Name what is called, by the last part of its name."""
    functions = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "") for function in functions
    }


@pytest.mark.parametrize("cog", COGS)
def test_no_command_answers_first_by_itself(cog: str) -> None:
    assert called(tree_of(cog)) & {"defer", "send_message", "edit_message"} == set()


@pytest.mark.parametrize("cog", [cog for cog in COGS if cog not in ADMINS_FORMS])
def test_no_form_opens_without_asking_who_is_blocked(cog: str) -> None:
    functions = [node for node in ast.walk(tree_of(cog)) if isinstance(node, ast.AsyncFunctionDef)]
    opening = [function for function in functions if "send_modal" in called(function)]
    checks = {"check_blocked_in_time", "check_moderator_in_time"}
    assert [function.name for function in opening if not checks & called(function)] == []


def test_only_few_commands_are_open_to_the_blocked() -> None:
    opened = {
        cog
        for cog in COGS
        for node in ast.walk(tree_of(cog))
        if isinstance(node, ast.keyword) and node.arg == "open_to_blocked"
    }
    assert opened == OPEN_TO_BLOCKED
