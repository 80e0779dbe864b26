"""What a server cannot decide, told to the admin who sent a form of /setup."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import SetupProblem
from bot.ui.text.format import escape_for_sentence, format_large_number, join_each_and
from bot.ui.text.translate import _

Data = Mapping[str, Any]


def changed_meanwhile(_data: Data) -> tuple[str, str]:
    """Say that somebody else was faster; the card below shows what they chose."""
    return (
        _("Another admin has changed this since you opened the form, so nothing of yours was kept."),
        _("Look at what it is now, and change it again if you want to."),
    )


def bad_setup(data: Data) -> tuple[str, str]:
    """Say what of a form cannot be kept; nothing of it was."""
    problem, then = _problem(data)
    return problem, _("Nothing was changed. {then}").format(then=then)


def _problem(data: Data) -> tuple[str, str]:
    typed = escape_for_sentence(data["typed"])
    number, most = format_large_number(data["number"]), format_large_number(data["most"])
    match SetupProblem(data["problem"]):
        case SetupProblem.TOO_MANY_WORDS:
            return (
                _("These are {number} words, and a server can forbid {most}.").format(number=number, most=most),
                _("Leave some out."),
            )
        case SetupProblem.TOO_MUCH_TEXT:
            return (
                _("These words have {number} characters, and {most} are allowed.").format(number=number, most=most),
                _("Leave some out."),
            )
        case SetupProblem.WORD_TOO_LONG:
            return (
                _("“{word}” is longer than {most} characters.").format(word=typed, most=most),
                _("Write each word on a line of its own."),
            )
        case SetupProblem.NO_WORD:
            return _("“{word}” has no letter and no digit.").format(word=typed), _("Leave it out.")
        case SetupProblem.NOT_A_NUMBER:
            return (
                _("“{typed}” is not a number of credits.").format(typed=typed),
                _("Write a whole number such as 100, or leave the field empty."),
            )
        case SetupProblem.TOO_LARGE:
            return _("{number} credits are too many.").format(number=typed), _("Write {most} at most.").format(
                most=most
            )
        case SetupProblem.CHANNEL_GONE:
            return _("A channel that you chose is gone, or I cannot see it."), _("Choose another one.")
        case SetupProblem.CANNOT_WRITE:
            return (
                _("I lack {permissions} in {channel}.").format(
                    permissions=join_each_and(data["missing"]), channel=f"<#{data['channel_id']}>"
                ),
                _("Allow it there, or choose another channel."),
            )
        case SetupProblem.ROLE_GONE:
            return _("A role that you chose is gone."), _("Choose another one.")


EXPLANATIONS: Mapping[str, Callable[[Data], tuple[str, str]]] = {
    "changed_meanwhile": changed_meanwhile,
    "bad_setup": bad_setup,
}
"""What is told of each refusal, by its code."""
