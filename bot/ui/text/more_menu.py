"""What stands in the menu at a card's end."""

from bot.ui.text.format import format_credits
from bot.ui.text.translate import _


def placeholder() -> str:
    """Name the menu."""
    return _("More…")


def edit() -> str:
    """Name the entry that opens a form with everything that was asked for."""
    return _("Edit and run again")


def describe_again(price: int) -> str:
    """Name the entry that puts the same picture into words once more, with what it costs in credits."""
    return _("Describe again, {price}").format(price=format_credits(price))


def spoiler(*, hidden: bool) -> str:
    """Name the entry that hides what a card shows behind Discord's spoiler, or shows it openly again."""
    return _("Show without spoiler") if hidden else _("Hide behind a spoiler")
