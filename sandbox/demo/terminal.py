"""The demo's words on the terminal: headings, lines, and messages as people see them."""

import re
import sys
import time

from sandbox.discord import Discord, Media, Message


def heading(title: str, what: str = "") -> None:
    """Begin an act."""
    print(f"\n== {title}{': ' if what else ''}{what}")


def line(words: str) -> None:
    """Say something; nothing if there is nothing to say."""
    if words:
        print(f"   {words}", flush=True)


def close(words: str) -> None:
    """Say how it went, after the last act."""
    print(words)


def complain(words: str) -> None:
    """Say why nothing is played."""
    print(words, file=sys.stderr)


def show(discord: Discord, message: Message) -> None:
    """Print a message as people see it."""
    for row in readable(discord, message.text).splitlines():
        print(f"   | {row}")
    if shown := gallery(message):
        noun = "film" if is_clip(shown[0]) else "picture"
        sizes = ", ".join(f"{media.size / 1024:,.0f} KiB" for media in shown)
        print(f"   | [{len(shown)} {noun}{'s' if len(shown) > 1 else ''}: {sizes}]")
    rows: dict[int | None, list[str]] = {}
    for button in message.buttons:
        rows.setdefault(button.row, []).append(f"[{' '.join(filter(None, (button.emoji, button.label)))}]")
    for row in rows.values():
        print(f"   | {' '.join(row)}", flush=True)


def gallery(message: Message) -> list[Media]:
    """Give the clips or images that were made, as a card shows them."""
    return [media for media in message.media if media.where == "gallery"]


def is_clip(media: Media) -> bool:
    """Tell a clip from an image."""
    return media.filename.endswith(".mp4")


def state(message: Message) -> str:
    """Find the line of a card that says how far the job is."""
    said = (line.removeprefix("-# ") for line in message.text.splitlines())
    lines = (line for line in said if re.match(r"[▰▱]|Waiting|Looking|Handing", line))
    return next(lines, "thinking…" if message.thinking else "")


def is_red(message: Message) -> bool:
    """Tell whether a card tells of a failure."""
    red, green, _ = _colour(message)
    return red > 200 and green < 120


def is_green(message: Message) -> bool:
    """Tell whether a card shows all that was asked for."""
    red, green, _ = _colour(message)
    return green > 150 and red < 120


def readable(discord: Discord, text: str) -> str:
    """Write mentions and times as Discord's clients do."""
    names = {str(user.id): user.name for user in discord.users.values()}
    text = re.sub(r"<@!?(\d+)>", lambda found: f"@{names.get(found[1], found[1])}", text)
    text = re.sub(r"<t:(\d+):R>", lambda found: _ahead(int(found[1]) - discord.now()), text)
    text = re.sub(r"<t:(\d+):f>", lambda found: time.strftime("%d %B %Y %H:%M UTC", time.gmtime(int(found[1]))), text)
    return re.sub(r"\\([*_~`|<>\\])", r"\1", text).replace("\u200b", "")


def _colour(message: Message) -> bytes:
    return (message.accent_color or 0).to_bytes(3)


def _ahead(seconds: float) -> str:
    return f"in {seconds / 3600:.0f} hours" if seconds > 5400 else f"in {max(1, seconds / 60):.0f} minutes"
