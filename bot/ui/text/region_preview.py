"""What stands on the preview of a part that is to be redrawn."""

from collections.abc import Sequence

from bot.media import DARK, LIGHT, MaskReading
from bot.ui.text.cards import removed_words
from bot.ui.text.format import format_credits, format_number, format_percent
from bot.ui.text.translate import _


def title(card_link: str, job_id: str) -> str:
    """Say which picture the preview is of."""
    return _("**New region** of {link} (job {job})").format(link=card_link, job=job_id)


def own_prompt() -> str:
    """Say what is drawn where nothing was typed."""
    return _("with the picture's own prompt")


def removed(words: Sequence[str]) -> str:
    """Say what was taken out of the prompt."""
    return _("Taken out of the prompt: {words}.").format(words=removed_words(words))


def alt_text() -> str:
    """Describe the picture to those who cannot see it."""
    return _("the picture; what is red is redrawn")


def reading(reading: MaskReading) -> str:
    """Say what a mask that is not purely black and white was taken for; nothing of one that is."""
    match reading:
        case MaskReading.PURE:
            return ""
        case MaskReading.NEARLY:
            message = _(
                "The mask has greys: what is at most {dark} light counts as black, and from {light} on as white."
            )
            return message.format(dark=format_percent(round(DARK / 2.55)), light=format_percent(round(LIGHT / 2.55)))
        case MaskReading.HOLE:
            return _("The mask is the picture with a hole: what was erased is redrawn.")


def offer(images: int, price: int, left: int) -> str:
    """Say what comes of it and what it takes, before anything is spent; `price` and `left` are credits."""
    message = _(
        "What is red is redrawn, as {number} pictures to choose from. Nothing is charged yet: that takes {price}, and "
        "you have {left} left."
    )
    return message.format(number=format_number(images), price=format_credits(price), left=format_number(left))


def discarded() -> str:
    """Confirm that a preview was thrown away."""
    return _("Discarded. Nothing was charged.")
