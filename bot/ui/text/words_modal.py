"""What stands in the modal for an extend with words."""

from bot.ui.text.format import format_number
from bot.ui.text.translate import _


def title() -> str:
    """Name the modal."""
    return _("Extend with words")


def prompt_label() -> str:
    """Name the field for the words."""
    return _("What happens next")


def from_last_frame_note() -> str:
    """Say how the clip goes on."""
    return _("It becomes a new film that starts at the clip's last frame.")


def clip_label() -> str:
    """Name the choice of the clip."""
    return _("Clip")


def clip_note() -> str:
    """Say how clips are counted."""
    return _("Clips count left to right, top to bottom.")


def clip_choice(number: int) -> str:
    """Name a clip, counted from 1."""
    return _("Clip {number}").format(number=format_number(number))
