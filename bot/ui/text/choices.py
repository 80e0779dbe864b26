"""What is chosen in commands' options is called so; in English each is what stands in the command."""

from bot.domain.params import Motion, Shape, Speed
from bot.ui.text.terms import motion_word, shape_word, speed_word
from bot.ui.text.translate import pgettext


def choice_name(choice: str) -> str | None:
    """Name a choice, by what stands in the command; None for numbers and for letters, which are not translated."""
    match choice:
        case "low" | "high":
            return motion_word(Motion(choice))
        case "relax" | "fast" | "turbo":
            return speed_word(Speed(choice))
        case "portrait" | "square" | "landscape":
            return shape_word(Shape(choice))
        case "auto":
            return pgettext("choice of animation", "auto")
        case "manual":
            return pgettext("choice of animation", "manual")
        case "films":
            return pgettext("choice of what is listed", "films")
        case "pictures":
            return pgettext("choice of what is listed", "pictures")
        case "failed":
            return pgettext("choice of what is listed", "failed")
        case "reply":
            return pgettext("choice of how a member is told", "reply")
        case "direct":
            return pgettext("choice of how a member is told", "direct")
        case "none":
            return pgettext("choice of how a member is told", "none")
        case "yes":
            return pgettext("choice of whether prompts are translated", "yes")
        case "no":
            return pgettext("choice of whether prompts are translated", "no")
        case "default":
            return usual()
        case "day":
            return pgettext("choice of a time", "day")
        case "week":
            return pgettext("choice of a time", "week")
        case "month":
            return pgettext("choice of a time", "month")
        case "year":
            return pgettext("choice of a time", "year")
        case "never":
            return pgettext("choice of a time", "never")
        case _:
            return None


def usual() -> str:
    """Name the choice that takes a member's own setting back."""
    return pgettext("choice that takes a setting back", "default")
