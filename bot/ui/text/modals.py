"""What stands in modals: titles, labels, choices and notes."""

from bot.domain.params import Motion, Resolution
from bot.ui.text.format import format_credits, format_number
from bot.ui.text.translate import _, ngettext

LONGEST_CHOICE = 100
"""Characters of a choice that Discord takes."""


def animate_title() -> str:
    """Name the modal for a film of a picture."""
    return _("Animate this picture")


def prompt_label() -> str:
    """Name the field for the prompt."""
    return _("Prompt")


def prompt_hint() -> str:
    """Say in the empty field what belongs there."""
    return _("What should happen in the film")


def picture_label() -> str:
    """Name the choice among a message's pictures."""
    return _("Picture")


def picture_choice(number: int, filename: str) -> str:
    """Name one of a message's pictures, counted from 1."""
    return _("{number}: {filename}").format(number=format_number(number), filename=filename)[:LONGEST_CHOICE]


def motion_label() -> str:
    """Name the choice of how much moves."""
    return _("Motion")


def motion_choice(motion: Motion | None) -> str:
    """Name how much moves; None leaves it to the provider."""
    match motion:
        case Motion.LOW:
            return _("Low motion")
        case Motion.HIGH:
            return _("High motion")
        case None:
            return _("Any motion")


def resolution_label() -> str:
    """Name the choice of a film's size."""
    return _("Resolution")


def resolution_choice(resolution: Resolution, least: int, most: int) -> str:
    """Name a size and what a film costs in it; providers may differ, and which of them makes it is chosen later."""
    match resolution, least == most:
        case Resolution.SD, True:
            message = _("SD, {price} a film")
        case Resolution.SD, False:
            message = _("SD, from {price} a film")
        case _, True:
            message = _("HD (larger), {price} a film")
        case _:
            message = _("HD (larger), from {price} a film")
    return message.format(price=format_credits(least))


def films_label() -> str:
    """Name the choice of how many films."""
    return _("Films")


def films_choice(number: int) -> str:
    """Name a number of films."""
    return ngettext("{number} film", "{number} different films", number).format(number=format_number(number))


def loop_label() -> str:
    """Name the choice of a loop."""
    return _("Loop")


def loop_note() -> str:
    """Say what a loop's motion depends on."""
    return _("How much a loop moves is its provider's choice.")


def no_loop_choice() -> str:
    """Name the choice of a film that ends elsewhere."""
    return _("No")


def loop_choice() -> str:
    """Name the choice of a loop by what it does."""
    return _("End where it began")
