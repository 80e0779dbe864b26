"""What stands on buttons; numbers and symbols say the same in every language."""

from bot.domain.job import Kind
from bot.ui.text.format import format_credits, format_number
from bot.ui.text.translate import _

LONGEST_LABEL = 80
"""Characters of a label that Discord takes."""


def words() -> str:
    """Label the button that opens the modal for an extend with words."""
    return _("Extend with words")


def cancel() -> str:
    """Label the button that takes a waiting job back."""
    return _("Cancel")


def again(least: int, most: int) -> str:
    """Label the button that asks for the same once more; what it costs, in credits, may hang on who makes it."""
    message = _("Try again, {price}") if least == most else _("Try again, from {price}")
    return message.format(price=format_credits(least))


def edit(kind: Kind) -> str:
    """Label what opens the modal with everything that was asked for: an action takes no words and is not run again."""
    return _("Edit and draw four new pictures") if kind is Kind.ACTION else _("Edit and run again")


def film() -> str:
    """Label the button that joins a clip and all that it goes on from."""
    return _("The film so far")


def imagine(number: int) -> str:
    """Label the button that draws one of a description's prompts, counted from 1."""
    return _("Imagine {number}").format(number=format_number(number))


def redraw(price: int | None = None) -> str:
    """Label the button that confirms a preview, with what it costs in credits where that is known."""
    if price is None:
        return _("Redraw")
    return _("Redraw, {price}").format(price=format_credits(price))


def discard() -> str:
    """Label the button that throws a preview away."""
    return _("Discard")


def action(name: str) -> str:
    """Label the button of an action, by its name in `bot.domain.image_actions`; one that has no words is its symbol."""
    return _SYMBOLS.get(name) or _words(name)


_SYMBOLS = {
    **{f"upsample{number}": f"U{number}" for number in range(1, 5)},
    **{f"variation{number}": f"V{number}" for number in range(1, 5)},
    "reroll": "🔄",
    "pan_left": "⬅️",
    "pan_right": "➡️",
    "pan_up": "⬆️",
    "pan_down": "⬇️",
}


def _words(name: str) -> str:
    match name:
        case "high_variation":
            return _("Vary strong")
        case "low_variation":
            return _("Vary subtle")
        case "zoom_out_1_5":
            return _("Zoom out 1.5x")
        case "zoom_out_2":
            return _("Zoom out 2x")
        case "make_square":
            return _("Make square")
        case "upscale_subtle":
            return _("Upscale subtle")
        case "upscale_creative":
            return _("Upscale creative")
        case "upscale2":
            return _("Upscale 2x")
        case "upscale4":
            return _("Upscale 4x")
        case "redo_upscale_subtle":
            return _("Redo subtle")
        case "redo_upscale_creative":
            return _("Redo creative")
        case "redo_upscale2":
            return _("Redo 2x")
        case "redo_upscale4":
            return _("Redo 4x")
        case _:
            return name
