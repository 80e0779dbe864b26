"""Addresses as members type them."""

import re
from urllib.parse import urlsplit

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>]+", re.IGNORECASE)


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
