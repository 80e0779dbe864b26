"""What stands in the menu at a card's end."""

from bot.ui.text.format import format_credits
from bot.ui.text.translate import _


def placeholder() -> str:
    """Name the menu."""
    return _("More…")


def describe_again(price: int) -> str:
    """Name the entry that puts the same picture into words once more, with what it costs in credits."""
    return _("Describe again, {price}").format(price=format_credits(price))


def share() -> str:
    """Name the entry that posts a result in the server's showcase."""
    return _("Share in the showcase")


def hide() -> str:
    """Name the entry that hides what a card shows behind Discord's spoiler."""
    return _("Hide behind a spoiler")


def unhide() -> str:
    """Name the entry that shows openly what a card hides."""
    return _("Show without spoiler")
