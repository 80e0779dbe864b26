"""What stands in modals: titles, labels, choices and notes."""

from bot.domain.params import Motion
from bot.providers.capabilities import FilmOffer
from bot.ui.text.format import format_credits, format_number
from bot.ui.text.terms import resolution_name
from bot.ui.text.translate import _, ngettext

LONGEST_TITLE = 45
"""Characters of a modal's title that Discord takes."""

LONGEST_CHOICE = 100
"""Characters of a choice that Discord takes."""


def animate_title(number: int, motion: Motion | None) -> str:
    """Name the modal for a film of one of a card's pictures, counted from 1."""
    match motion:
        case Motion.LOW:
            message = _("Animate picture {number}, low motion")
        case Motion.HIGH:
            message = _("Animate picture {number}, high motion")
        case None:
            message = _("Animate picture {number}")
    return message.format(number=format_number(number))[:LONGEST_TITLE]


def animate_message_title(pictures: int) -> str:
    """Name the modal for a film of a message's pictures."""
    return (_("Animate this picture") if pictures == 1 else _("Animate one of these pictures"))[:LONGEST_TITLE]


def prompt_label() -> str:
    """Name the field for the prompt."""
    return _("Prompt")


def prompt_hint() -> str:
    """Say in the empty field what belongs there."""
    return _("What should happen in the film")


def picture_label() -> str:
    """Name the choice among a message's pictures."""
    return _("Picture")


def picture_choice(number: int, author: str) -> str:
    """Name one of a message's pictures, counted from 1, and whose message it is."""
    return _("Picture {number} by {author}").format(number=format_number(number), author=author)[:LONGEST_CHOICE]


def last_frame_choice(clip: int) -> str:
    """Name what a card's clip ends on, counted from 1."""
    return _("Last frame of clip {number}").format(number=format_number(clip))


def frame_choice(role: str) -> str:
    """Name one of the pictures that the films of a card were made from."""
    return _("The picture to end with") if role == "end" else _("The picture to start with")


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


def films_label() -> str:
    """Name the choice of how many films, and in which size."""
    return _("Films")


def films_choice(offer: FilmOffer) -> str:
    """Name films by number and size, with what all of them cost together; which provider makes them is chosen later."""
    films = ngettext("{number} film", "{number} films", offer.clips).format(number=format_number(offer.clips))
    message = _("{films}, {size}: {price}") if offer.least == offer.most else _("{films}, {size}: from {price}")
    return message.format(films=films, size=resolution_name(offer.resolution), price=format_credits(offer.least))


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
