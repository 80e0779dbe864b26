"""What goes wrong: answers of the HTTP API, and what a person's client would not let them do.

ApiError            an HTTP status and Discord's JSON error code
  FormError         400 / 50035 with the path of every wrong field
NotOffered          the person's own client does not offer this
"""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.discord.json_types import Json
from sandbox.sentences import t


class ApiError(Exception):
    """An answer with an error status; codes are those of docs/topics/Opcodes_and_Status_Codes."""

    def __init__(self, status: int, code: int, message: str, extra: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: Json = {"message": message, "code": code, **(extra or {})}


class FormError(ApiError):
    """A request body that Discord's form validation refuses; `problems` maps dotted paths to sentences."""

    def __init__(self, problems: dict[str, str]) -> None:
        errors: Json = {}
        for path, sentence in problems.items():
            node = errors
            for part in path.split("."):
                node = node.setdefault(part, {})
            node.setdefault("_errors", []).append({"code": "SANDBOX_INVALID", "message": sentence})
        super().__init__(400, 50035, "Invalid Form Body", {"errors": errors})
        self.problems = problems


class NotOffered(Exception):
    """A person's Discord client offers no way to do this; the message is a sentence for that person."""


def comma_list(things: Iterable[object]) -> str:
    """Write things as a list for people."""
    return ", ".join(str(thing) for thing in things) or t("none")


_UNITS = {
    "choices": (t("choice"), t("choices")),
    "characters": (t("character"), t("characters")),
    "values": (t("value"), t("values")),
}
"""What is counted: one of them, and several."""


def describe_range(low: float | None, high: float | None, unit: str) -> str:
    """Write how many of something are taken; `unit` is its plural, or "" for a bare number."""
    if unit not in _UNITS:
        return _bare_range(low, high)
    one, several = _UNITS[unit]
    return t("{range} {unit}", range=_bare_range(low, high), unit=one if low == high == 1 else several)


def _bare_range(low: float | None, high: float | None) -> str:
    if low == high:
        return str(low)
    if low is None:
        return t("at most {number}", number=str(high))
    if high is None:
        return t("at least {number}", number=str(low))
    return t("{low} to {high}", low=str(low), high=str(high))


def unknown_channel() -> ApiError:
    """Make a 404 / 10003."""
    return ApiError(404, 10003, "Unknown Channel")


def unknown_message() -> ApiError:
    """Make a 404 / 10008."""
    return ApiError(404, 10008, "Unknown Message")


def unknown_webhook() -> ApiError:
    """Make a 404 / 10015."""
    return ApiError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> ApiError:
    """Make a 404 / 10062."""
    return ApiError(404, 10062, "Unknown interaction")


def missing_access() -> ApiError:
    """Make a 403 / 50001."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """Make a 403 / 50013."""
    return ApiError(403, 50013, "Missing Permissions")


def thread_is_archived(status: int) -> ApiError:
    """Make the refusal; locked threads were seen to answer 403 (discord/discord-api-docs#7707), archived ones 400."""
    return ApiError(status, 50083, "Thread is archived")


def entity_too_large() -> ApiError:
    """Make a 413 / 40005."""
    return ApiError(413, 40005, "Request entity too large")
