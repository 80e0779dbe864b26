"""Write numbers, durations, times and what people typed, as a sentence needs them."""

import re


def pluralize(number: int, noun: str) -> str:
    """Write a number with its noun: '1 credit', '8 credits'."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def format_duration(milliseconds: int) -> str:
    """Write a duration as people say it."""
    seconds = max(0, milliseconds // 1000)
    if seconds < 50:
        return f"{max(5, (seconds + 4) // 5 * 5)} s"
    return f"{(seconds + 30) // 60} min"


def escape_for_sentence(typed: str, most: int = 60) -> str:
    """Cut what somebody typed for a sentence, with nothing in it that Discord reads as markdown or a mention."""
    words = re.sub(r"[^\w ,.!?'-]", "", typed)
    shortened = words if len(words) <= most else words[: most - 1] + "…"
    return shortened.replace("_", r"\_")


def renews(renews_ms: int | None) -> str:
    """Say when credits renew, in the reader's own time zone (Discord renders the time stamp)."""
    if renews_ms is None:
        return "They do not renew by themselves; ask an admin for more."
    return f"They renew <t:{renews_ms // 1000}:R>, <t:{renews_ms // 1000}:f>."
