"""What is wrong with a storyboard: what happened, and what to do now."""

from collections.abc import Mapping
from typing import Any

from bot.domain.storyboard import LEAST_SHOTS, MOST_SHOTS
from bot.ui.text.format import format_large_number, format_number
from bot.ui.text.translate import _, ngettext

Data = Mapping[str, Any]


def shot_count(data: Data) -> tuple[str, str]:
    """Tell of one line, or of nine."""
    what = ngettext(
        "A storyboard has {least} to {most} shots, and this is {number}.",
        "A storyboard has {least} to {most} shots, and these are {number}.",
        data["given"],
    ).format(least=format_number(LEAST_SHOTS), most=format_number(MOST_SHOTS), number=format_number(data["given"]))
    return what, _("Write each on a line of its own, and run /storyboard again.")


def shots_too_long(data: Data) -> tuple[str, str]:
    """Tell of more characters than a form takes."""
    what = _("The shots have {length} characters, and {limit} are allowed.").format(
        length=format_large_number(data["length"]), limit=format_large_number(data["limit"])
    )
    return what, _("Shorten them, and run /storyboard again.")


def shot_too_long(data: Data) -> tuple[str, str]:
    """Tell of a line with more characters than a prompt may have."""
    what = _("Shot {number} has {length} characters, and {limit} are allowed.").format(
        number=format_number(data["shot"]),
        length=format_large_number(data["length"]),
        limit=format_large_number(data["limit"]),
    )
    return what, _("Shorten it, and run /storyboard again.")


def empty_shot(data: Data) -> tuple[str, str]:
    """Tell of a line of nothing but flags."""
    what = _("Shot {number} says nothing of what happens.").format(number=format_number(data["shot"]))
    return what, _("Give it a few words, and run /storyboard again.")


def no_shots(_data: Data) -> tuple[str, str]:
    """Tell where no shot can go on from another."""
    return _("I cannot go on from a clip with new words here."), _("Ask whoever runs me, or use /video.")


def gone(_data: Data) -> tuple[str, str]:
    """Tell of a form or a preview that is not remembered."""
    return _("I do not remember this storyboard: I keep it for a day, or until it is discarded."), _(
        "Run /storyboard once more."
    )


def not_yours(_data: Data) -> tuple[str, str]:
    """Tell who pressed somebody else's button."""
    return _("Only the member who asked for this storyboard may go on with it."), _("Run /storyboard yourself.")


def made(data: Data) -> tuple[str, str]:
    """Tell of one that was confirmed before."""
    return _("This storyboard [was made already]({link}).").format(link=data["link"]), _(
        "For another one, run /storyboard again."
    )


def stopped(data: Data) -> tuple[str, str]:
    """Tell why a shot was not made; its credits are told of with it."""
    return _("Shot {number} was not made, so this one was not begun.").format(number=format_number(data["shot"])), ""
