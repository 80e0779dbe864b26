"""How many characters Discord takes of what the bot says, told by where the code shows it.

Discord's documents, "Application Commands" and "Component Reference", and its OpenAPI description.
"""

import ast
from collections.abc import Iterator

from tests.meta.sentences import MESSAGES
from tests.meta.source_tree import ROOT

COMMAND = 100
"""A command's or an option's description, and a choice's name."""

SHOWN_AS = {
    ("Button", "label"): 80,
    ("Modal", "title"): 45,
    ("Label", "text"): 45,
    ("Label", "description"): 100,
    ("TextInput", "placeholder"): 100,
    ("SelectOption", "label"): 100,
    ("SelectOption", "description"): 100,
    ("Select", "placeholder"): 150,
    ("add_item", "description"): 1024,
}
"""By what is made, and which argument says it."""

NAMED = {"_label": 45, "_choice": 100, "_note": 100, "_hint": 100}
"""By how the function in bot/ui/text is called, for what goes through other hands on its way into a form."""

FORM_TITLES = {
    ("setup", "area_title"),
    ("modals", "animate_title"),
    ("modals", "animate_message_title"),
    ("removals", "form_title"),
    ("removals", "all_title"),
}
"""The functions whose sentences go through other hands onto the head of a form; a card's title has no such bound."""

BUTTONS = "buttons"
"""The module of bot/ui/text whose every sentence stands on a button."""

CHOICES = "choices"
"""The module of bot/ui/text whose every sentence names a choice."""


def limits() -> dict[str, int]:
    """Give the most characters of each sentence that has a bound of its own."""
    by_function = dict(_shown())
    found: dict[str, int] = {}
    for path in sorted((ROOT / "bot" / "ui" / "text").glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                most = _of_function(path.stem, node.name, by_function)
                if most is not None:
                    found.update((sentence, min(most, found.get(sentence, most))) for sentence in _sentences(node))
    for path in sorted((ROOT / "cogs").glob("*.py")):
        found.update((sentence, COMMAND) for sentence in _sentences(ast.parse(path.read_text("utf-8")), {"locale_str"}))
    return found


def _of_function(module: str, name: str, by_function: dict[tuple[str, str], int]) -> int | None:
    known = by_function.get((module, name))
    named = next((most for end, most in NAMED.items() if f"_{name}".endswith(end)), None)
    on_form = SHOWN_AS["Modal", "title"] if (module, name) in FORM_TITLES else None
    on_button = SHOWN_AS["Button", "label"] if module == BUTTONS else None
    is_choice = COMMAND if module == CHOICES else None
    return min(filter(None, (known, named, on_form, on_button, is_choice)), default=None)


def _shown() -> Iterator[tuple[tuple[str, str], int]]:
    """Find which functions of bot/ui/text are shown as what."""
    for path in sorted((ROOT / "bot" / "ui").glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        modules = _text_modules(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            for keyword in call.keywords:
                most = SHOWN_AS.get((_name(call.func), keyword.arg or ""))
                match keyword.value:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=function)) if most is not None:
                        if module in modules:
                            yield (modules[module], function), most
                    case _:
                        pass


def _text_modules(tree: ast.Module) -> dict[str, str]:
    """Tell by which names a file knows modules of bot/ui/text."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "bot.ui.text")
    return {alias.asname or alias.name: alias.name for node in imports for alias in node.names}


def _name(function: ast.expr) -> str:
    match function:
        case ast.Subscript(value=value):
            return _name(value)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _sentences(tree: ast.AST, marks: set[str] | None = None) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in (marks or MESSAGES.keys()):
            for argument in node.args[-1:]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
