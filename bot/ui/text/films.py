"""The sentences about joined films: on their message, and to whoever wants one, also where there is none."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.ui.text.format import escape_for_sentence, format_number, format_size, join_list
from bot.ui.text.translate import _, ngettext

PARTS_SHOWN = 20
"""How many parts of a film are linked to."""


def name(parts: int, seconds: float) -> str:
    """Say of how many clips a film is, and how long."""
    message = ngettext("Film of {number} part, {seconds} s", "Film of {number} parts, {seconds} s", parts)
    return message.format(number=format_number(parts), seconds=format_number(round(seconds)))


def parts(cards: Sequence[str]) -> str:
    """Lead to the cards of a film's parts, the first one first; of very many to the last ones."""
    shown = list(enumerate(cards, 1))[-PARTS_SHOWN:]
    return _("Parts: {links}").format(links=join_list(numbered(number, link) for number, link in shown))


def numbered(number: int, link: str) -> str:
    """Lead to a card by its number among others."""
    return _("[{number}]({link})").format(number=format_number(number), link=link)


def origin(job_id: str, slot: int) -> str:
    """Say which clip a film ends with; that stays last in every language, for a film is told by it."""
    return _("up to {clip}").format(clip=reference(job_id, slot))


def reference(job_id: str, slot: int) -> str:
    """Name a clip as members type it."""
    return f"{job_id}#{slot + 1}"


def too_large(size: int, link: str) -> str:
    """Say where a film is to be watched that Discord does not take; bytes."""
    return _("The film is {size}, too large for this chat: [watch it here]({link})").format(
        size=format_size(size), link=link
    )


def choice() -> str:
    """Ask for a film's last clip."""
    return _("Which clip should the film end with? They count left to right, top to bottom.")


def posted(link: str) -> str:
    """Say where a film is."""
    return _("The film is here: {link}").format(link=link)


def being_joined(card: str) -> str:
    """Say that somebody else has just asked for the same film."""
    return _("This film is being joined just now. It will appear below its card: {card}").format(card=card)


def no_such_clip(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say that a film cannot end with a clip that is not there."""
    what = _("Job {job} has no clip {number}.").format(
        job=escape_for_sentence(data["job_id"]), number=format_number(data["clip"])
    )
    return what, _("Choose one that its card shows.")


def of_one(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say that there is nothing to be joined."""
    what = _("Nothing comes before the clips of job {job}, so each is a whole film already.")
    return what.format(job=escape_for_sentence(data["job_id"])), _("Extend one, and join what comes of it.")


def part_gone(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say which part of a film is missing."""
    what = _(
        "Part {part} of this film is missing: clip {clip} of job {job} is no longer kept here, on its card or at its "
        "provider."
    ).format(
        part=format_number(data["part"]), clip=format_number(data["clip"]), job=escape_for_sentence(data["job_id"])
    )
    return what, _("The other parts are on their cards.")


def not_joined(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say that parts cannot be joined."""
    return _("The parts of this film could not be joined."), _("Each of them is still on its card.")


def switched_off(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say that no films are joined here."""
    return _("I cannot join films here."), _("Whoever runs me can install animatic[film] for that.")


def nowhere_to_be_shown(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say that a film is too large, where there is no other way to it."""
    what = _("The film is joined, but it is too large for this chat, and I have no other way to show it.")
    return what, _("Join it up to an earlier clip, or ask whoever runs me to set PUBLIC_URL.")


def not_posted(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say that a film could not be posted below its card."""
    what = _("The film is joined, but I cannot post in the channel of its card, <{link}>.").format(link=data["link"])
    return what, _("Ask an admin to allow it, or show the card elsewhere with /jobs show.")
