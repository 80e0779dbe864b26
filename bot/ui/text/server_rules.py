"""Why a server's own rules refuse a request."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.ui.text import setup_errors
from bot.ui.text.format import escape_for_sentence, join_list, join_or
from bot.ui.text.translate import _

Data = Mapping[str, Any]

MOST_NAMED = 5
"""How many of the channels or roles where something is allowed are named."""


def forbidden_words(data: Data) -> tuple[str, str]:
    """Name the words that the server forbids."""
    words = join_list(_("“{word}”").format(word=escape_for_sentence(word)) for word in data["words"][:MOST_NAMED])
    return _("This server forbids words of the prompt: {words}.").format(words=words), _("Say it in other words.")


def not_made_here(data: Data) -> tuple[str, str]:
    """Say where pictures or films are made instead."""
    what = (
        _("This server has no films made in this channel.")
        if data["films"]
        else _("This server has no pictures made in this channel.")
    )
    return what, _("Ask in {channels}.").format(channels=_some([f"<#{one}>" for one in data["channels"]]))


def not_for_roles(data: Data) -> tuple[str, str]:
    """Say who may make pictures or films."""
    what = (
        _("In this server films are for members with the role {roles}.")
        if data["films"]
        else _("In this server pictures are for members with the role {roles}.")
    )
    roles = _some([f"<@&{one}>" for one in data["roles"]])
    return what.format(roles=roles), _("Ask an admin for the role.")


def spoiler_always(_data: Data) -> tuple[str, str]:
    """Say that nobody may show openly what the server hides."""
    return _("This server hides all pictures and films, so that each reader opens them."), _(
        "An admin can change that."
    )


def _some(mentions: Sequence[str]) -> str:
    return join_or(list(mentions[:MOST_NAMED]))


EXPLANATIONS: Mapping[str, Callable[[Data], tuple[str, str]]] = {
    "forbidden_words": forbidden_words,
    "not_made_here": not_made_here,
    "not_for_roles": not_for_roles,
    "spoiler_always": spoiler_always,
    **setup_errors.EXPLANATIONS,
}
"""What is told of each refusal that a server's settings have a part in, by its code."""
