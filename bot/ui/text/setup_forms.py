"""The fields of the forms of /setup, and what can be chosen in them."""

from bot.domain.params import Motion, Resolution, Speed
from bot.domain.periods import Period
from bot.ui.text import terms
from bot.ui.text.format import format_credits, format_number
from bot.ui.text.translate import _


def channels_label() -> str:
    """Name the field for channels."""
    return _("Channels")


def channels_note() -> str:
    """Say what an empty field means."""
    return _("Threads belong to their channel; in every channel if you choose none")


def channels_gone_note() -> str:
    """Say what an empty field means where all that was chosen before is gone."""
    return _("The chosen channels are gone, and still keep all others out until you choose another one")


def roles_label() -> str:
    """Name the field for roles."""
    return _("Roles")


def roles_note() -> str:
    """Say what an empty field means."""
    return _("Whoever has one of them; every member if you choose none")


def roles_gone_note() -> str:
    """Say what an empty field means where all that was chosen before is gone."""
    return _("The chosen roles are gone, and still keep all others out until you choose another one")


def words_label() -> str:
    """Name the field for forbidden words."""
    return _("Words, one a line")


def words_note() -> str:
    """Say how they are found."""
    return _("Found as whole words, in any case, and in letters that look the same")


def spoiler_label() -> str:
    """Name the field for the spoiler."""
    return _("Spoiler")


def spoiler_choice(*, always: bool) -> str:
    """Name a choice of it."""
    return _("Everything is hidden, always") if always else _("As each member chooses")


def language_label() -> str:
    """Name the field for the language."""
    return _("Language of what everybody sees")


def mod_log_label() -> str:
    """Name the field for the mod log's channel."""
    return _("Mod log")


def mod_log_note() -> str:
    """Say what comes there."""
    return _("Reports, removals, blocks, refused words and what admins must act on")


def showcase_label() -> str:
    """Name the field for the showcase's channel."""
    return _("Showcase")


def showcase_note() -> str:
    """Say what comes there."""
    return _("Where members share what they made")


def credits_label() -> str:
    """Name the field for the allowance."""
    return _("Credits of every member in each period")


def credits_note(usual: int) -> str:
    """Say what an empty field means."""
    return _("{price} if you leave it empty; /quota set gives a member or a role their own").format(
        price=format_credits(usual)
    )


def period_label() -> str:
    """Name the field for the period."""
    return _("How often they renew")


def period_choice(period: Period) -> str:
    """Name a period."""
    match period:
        case Period.DAY:
            return _("Each day")
        case Period.WEEK:
            return _("Each week")
        case Period.MONTH:
            return _("Each month")
        case Period.NEVER:
            return _("Never")


def usual_period(usual: Period) -> str:
    """Name the choice that leaves the period to the bot's own settings."""
    match usual:
        case Period.DAY:
            return _("As usual: each day")
        case Period.WEEK:
            return _("As usual: each week")
        case Period.MONTH:
            return _("As usual: each month")
        case Period.NEVER:
            return _("As usual: never")


def limit_label() -> str:
    """Name the field for the server's limit."""
    return _("Credits of all members together")


def limit_note() -> str:
    """Say what an empty field means."""
    return _("In each period; 0 lets nobody spend, and empty sets no limit of your own")


def motion_label() -> str:
    """Name the field for the motion."""
    return _("Motion of films")


def motion_choice(motion: Motion) -> str:
    """Name a motion."""
    return terms.motion_word(motion)


def resolution_label() -> str:
    """Name the field for the resolution."""
    return _("Resolution of films")


def resolution_choice(resolution: Resolution) -> str:
    """Name a resolution."""
    return terms.resolution_name(resolution)


def clips_label() -> str:
    """Name the field for the number of clips."""
    return _("Clips of a film")


def clips_choice(number: int) -> str:
    """Name a number of clips."""
    return terms.clips_phrase(number)


def speed_label() -> str:
    """Name the field for the speed."""
    return _("Speed")


def speed_choice(speed: Speed) -> str:
    """Name a speed."""
    return terms.speed_word(speed)


def translation_label() -> str:
    """Name the field for what becomes of prompts."""
    return _("Prompts of pictures")


def translation_choice(*, translated: bool) -> str:
    """Name one of the two."""
    return terms.translation_phrase(translated=translated)


def usual_translation() -> str:
    """Name the choice that leaves it to each member's language."""
    return _("Translated for members whose Discord is not in English")


def usual_choice() -> str:
    """Name the choice that leaves an option to the provider."""
    return _("As the provider usually does")


def place_label(place: int) -> str:
    """Name the field for a place in the order of providers."""
    return _("Place {number}").format(number=format_number(place))


def no_provider() -> str:
    """Name the choice of nobody for a place."""
    return _("As usual")
