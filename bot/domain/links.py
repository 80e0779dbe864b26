"""Addresses as members type them."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_MESSAGE = re.compile(
    r"https?://(?:(?:www|ptb|canary)\.)?discord(?:app)?\.com/channels/([0-9]{1,20})/([0-9]{1,20})/([0-9]{1,20})/?"
    r"(?:\?[^\s<>]*)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>]+", re.IGNORECASE)


@dataclass(frozen=True)
class MessageLink:
    """Hold what a link to a message of a server names."""

    guild_id: int
    channel_id: int
    message_id: int


def read_message_link(typed: str) -> MessageLink | None:
    """Read a link to a message as Discord's clients copy it; None for what is none."""
    found = _MESSAGE.fullmatch(without_brackets(typed))
    return None if found is None else MessageLink(*(int(number) for number in found.groups()))


def without_brackets(typed: str) -> str:
    """Give a typed address without the white space and the angle brackets around it, which keep Discord from it."""
    return typed.strip().removeprefix("<").removesuffix(">").strip()


def is_link(address: str) -> bool:
    """Tell whether something has the form of a link, wherever it leads."""
    try:
        urlsplit(address).port  # noqa: B018  # reading it is what fails
    except ValueError:
        return False
    return _ADDRESS.fullmatch(address) is not None
