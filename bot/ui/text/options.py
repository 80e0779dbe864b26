"""What an option that a provider lacks is called, by the code in `bot.providers.capabilities`."""

from bot.ui.text.format import format_number
from bot.ui.text.translate import _, ngettext, pgettext


def option_name(code: str) -> str:
    """Name an option so that it stands behind 'has no' and 'has'."""
    clips = code.removeprefix("clips_")
    if clips.isdecimal():
        number = int(clips)
        message = ngettext("choice of {number} clip", "choice of {number} clips", number)
        return message.format(number=format_number(number))
    return _fixed(code)


def _fixed(code: str) -> str:
    match code:
        case "motion_low":
            return _("low motion")
        case "motion_high":
            return _("high motion")
        case "resolution_sd":
            return _("resolution SD")
        case "resolution_hd":
            return _("resolution HD")
        case "speed_relax":
            return _("speed relax")
        case "speed_fast":
            return _("speed fast")
        case "speed_turbo":
            return _("speed turbo")
        case "animation_auto":
            return _("choice of auto animation")
        case "animation_manual":
            return _("choice of manual animation")
        case "loop":
            return _("loop")
        case "end_image":
            return _("end image")
        case "provider_images":
            return _("pictures of its own to start from")
        case "translate":
            return _("translation of prompts")
        case "extend":
            return pgettext("option", "extend")
        case "extend_motion_low":
            return _("low motion in an extend")
        case "extend_motion_high":
            return _("high motion in an extend")
        case "extend_loop":
            return _("loop in an extend")
        case "extend_end_image":
            return _("end image in an extend")
        case "extend_animation_auto":
            return _("choice of auto animation in an extend")
        case "extend_animation_manual":
            return _("choice of manual animation in an extend")
        case _:
            return code
