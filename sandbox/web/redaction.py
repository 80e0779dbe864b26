"""Nothing secret reaches the page: tokens, keys and the paths that are secrets themselves are taken out."""

from __future__ import annotations

import re

from sandbox.harness import Sandbox

REDACTED = "…"

SECRET_PATHS = (
    # Whoever knows an interaction's or a webhook's token may write in its name.
    re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?\"']+"),
    # Callback paths and links to films are capabilities.
    re.compile(r"(/hooks/)[^\s?\"']+"),
    re.compile(r"(/films/\w+/\d/)[^\s?\"')]+"),
    # The signatures of links to attachments.
    re.compile(r"([?&](?:hm|ex|is)=)[^&\s\"')]+"),
)

SECRET_FIELDS = frozenset({"token", "authorization"})
"""Fields of JSON objects whose text is never shown."""


class Redactor:
    """Take out what the sandbox's bot keeps secret, in texts and in the fields of JSON objects."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._known = (sandbox.discord.token, sandbox.provider.key)

    def text(self, text: str) -> str:
        """Give a text without its secrets."""
        for secret in self._known:
            text = text.replace(secret, REDACTED)
        for pattern in SECRET_PATHS:
            text = pattern.sub(rf"\1{REDACTED}", text)
        return text

    def hides(self, name: str) -> bool:
        """Whether a field's value is secret whatever it is."""
        return name.lower() in SECRET_FIELDS
