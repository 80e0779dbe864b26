"""What the mod log tells of each setting of a server that was changed, as a sentence names it."""

from bot.domain.params import Motion, Resolution, Speed
from bot.domain.periods import Period
from bot.languages import languages
from bot.providers.registry import title_of
from bot.ui.markdown import escape, isolated
from bot.ui.text import terms
from bot.ui.text.format import escape_for_sentence, format_number, join_in_turn, join_list, mention
from bot.ui.text.translate import _, pgettext

VALUE, VALUE_ROOM = 300, 600
"""Characters of a new value that are told, as written and as escaped."""


def changed(by: int, setting: str, value: str | None) -> str:
    """Tell who changed one setting to what; None says that nothing is decided any more."""
    name = setting_name(setting)
    if value is None:
        return _("{admin} cleared {setting}.").format(admin=mention(by), setting=name)
    if setting == "spoiler":
        return _spoiler(always=value == "1").format(admin=mention(by))
    return _("{admin} set {setting} to {value}.").format(admin=mention(by), setting=name, value=_value(setting, value))


def _value(setting: str, value: str) -> str:
    if setting.endswith(("_channels", "_roles", "_channel_id")):
        return value
    match setting:
        case "providers":
            return join_in_turn(map(title_of, value.split()))
        case "forbidden_words":
            return f"||{isolated(escape(join_list(value.split(', ')), VALUE, room=VALUE_ROOM))}||"
        case "locale":
            return languages()[value].name if value in languages() else value
        case "default_motion" if value in Motion.__members__.values():
            return terms.motion_word(Motion(value))
        case "default_resolution" if value in Resolution.__members__.values():
            return terms.resolution_name(Resolution(value))
        case "default_speed" if value in Speed.__members__.values():
            return terms.speed_word(Speed(value))
        case "period" if value in Period.__members__.values():
            return _period(Period(value))
        case "default_clips" | "default_credits" | "server_credits" if value.isdecimal():
            return format_number(int(value))
        case "default_translate":
            return pgettext("translation", "always") if value == "1" else pgettext("translation", "never")
        case _:
            return isolated(escape(value, VALUE, room=VALUE_ROOM))


def _spoiler(*, always: bool) -> str:
    if always:
        return _("{admin} set the spoiler: all pictures and films are hidden.")
    return _("{admin} set the spoiler: each member chooses.")


def _period(period: Period) -> str:
    match period:
        case Period.DAY:
            return pgettext("a period of credits", "each day")
        case Period.WEEK:
            return pgettext("a period of credits", "each week")
        case Period.MONTH:
            return pgettext("a period of credits", "each month")
        case Period.NEVER:
            return pgettext("a period of credits", "never")


def setting_name(setting: str) -> str:  # one line for each setting that there is
    """Name what a server decides."""
    match setting:
        case "pictures_channels":
            return _("the channels for pictures")
        case "pictures_roles":
            return _("the roles for pictures")
        case "films_channels":
            return _("the channels for films")
        case "films_roles":
            return _("the roles for films")
        case "forbidden_words":
            return _("the forbidden words")
        case "spoiler":
            return _("the spoiler")
        case "locale":
            return _("the language")
        case "default_motion":
            return _("the usual motion")
        case "default_resolution":
            return _("the usual resolution")
        case "default_clips":
            return _("the usual number of clips")
        case "default_speed":
            return _("the usual speed")
        case "default_translate":
            return _("the usual translation of prompts")
        case "mod_log_channel_id":
            return _("the channel of the mod log")
        case "showcase_channel_id":
            return _("the channel of the showcase")
        case "default_credits":
            return _("the credits of every member")
        case "period":
            return _("the period of credits")
        case "server_credits":
            return _("the credits of all members together")
        case "providers":
            return _("the order of providers")
        case _:
            return escape_for_sentence(setting.replace("_", " "))
