"""How Midjourney itself says why it made nothing; those who resell it hand the words on (providers.md, section 1.8)."""

from bot.errors import ErrorKind

FAILURES = (
    ("job timeout", ErrorKind.JOB_TIMEOUT),
    ("banned prompt", ErrorKind.MODERATED_PROMPT),
    ("image denied", ErrorKind.MODERATED_IMAGE),
    ("invalid link", ErrorKind.BAD_IMAGE_LINK),
    ("invalid parameter", ErrorKind.INVALID_REQUEST),
)
"""Its words in lower case; they stand at the beginning of a message, often after a square bracket."""
