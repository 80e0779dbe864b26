"""What /preset answers, and why a preset cannot be kept or used; names and words are shown as they were typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.member_settings import Preset
from bot.errors import PresetProblem
from bot.ui.markdown import escape, isolated
from bot.ui.text.format import format_large_number, format_number, join_list
from bot.ui.text.member_settings import options
from bot.ui.text.replies import fitting
from bot.ui.text.translate import _

Data = Mapping[str, Any]

WORDS_SHOWN = 100
"""Characters of a preset's words in a list."""

NAME_SHOWN = 40
"""Characters of a name, which may be none of ours."""


def saved(preset: Preset, *, replaced: bool) -> str:
    """Confirm /preset save."""
    message = (
        _("{preset} is saved, in place of the one that had this name.")
        if replaced
        else _("{preset} is saved; name it as preset in /imagine or /video.")
    )
    return message.format(preset=_line(preset))


def deleted(name: str) -> str:
    """Confirm /preset delete."""
    return _("The preset **{name}** is deleted; jobs that were asked for with it go on.").format(name=_name(name))


def listed(presets: Sequence[Preset]) -> str:
    """List a member's presets."""
    if not presets:
        return _("You have no presets in this server; /preset save makes one.")
    return fitting([_("**Your presets in this server**"), *(f"- {_line(preset)}" for preset in presets)])


def bad_preset(data: Data) -> tuple[str, str]:
    """Say why a preset cannot be saved."""
    length, limit = format_large_number(data["length"]), format_large_number(data["limit"])
    match data["problem"]:
        case PresetProblem.NAME if not data["length"]:
            return _("The preset has no name."), _("Give it one of 1 to {limit} characters.").format(limit=limit)
        case PresetProblem.NAME:
            what = _("The preset's name has {length} characters, and {limit} are allowed.")
            return what.format(length=length, limit=limit), _("Choose a shorter one.")
        case PresetProblem.WORDS:
            what = _("The preset's words have {length} characters, and {limit} are allowed.")
            return what.format(length=length, limit=limit), _("Shorten them and try again.")
        case _:
            return _("The preset is empty."), _("Give it words, or at least one option.")


def too_many_presets(data: Data) -> tuple[str, str]:
    """Say how many presets there may be."""
    what = _("You have {limit} presets in this server already, and there may be no more.")
    return what.format(limit=format_number(data["limit"])), _("Delete one first: **/preset delete**.")


def no_such_preset(data: Data) -> tuple[str, str]:
    """Say that a preset is not there."""
    what = _("You have no preset “{name}” in this server.").format(name=_name(data["name"]))
    return what, _("/preset list names yours.")


def _line(preset: Preset) -> str:
    words = isolated(escape(" ".join(preset.words.split()), WORDS_SHOWN))
    chosen = join_list(options(preset.options))
    if words and chosen:
        return _("**{name}**: {words} ({options})").format(name=_name(preset.name), words=words, options=chosen)
    return _("**{name}**: {words}").format(name=_name(preset.name), words=words or chosen)


def _name(typed: str) -> str:
    return isolated(escape(typed, NAME_SHOWN))
