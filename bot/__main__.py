"""`python -m bot [run|sync|doctor|demo]`: a wrong setting ends it with one sentence, never with a traceback."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from bot.config import Settings, load_settings
from bot.errors import SettingsError
from bot.logs import set_up_logging


def main() -> int:
    """Run the verb that was asked for and give the exit code."""
    asked = _parser().parse_args()
    try:
        if asked.verb == "demo":
            chosen = (getattr(asked, name) or os.environ.get(name.upper()) for name in ("image", "prompt", "provider"))
            return _demo(*chosen, page_only=asked.page)
        settings = load_settings()
        if asked.verb == "doctor":
            return _doctor(settings, asked.channel, asked.seconds)
        set_up_logging(settings.log_level, settings.log_format)
        from bot.app import run, sync  # after the settings, so that a wrong one is told at once

        if asked.verb == "sync":
            print(f"{asyncio.run(sync(settings))} commands are registered.")
        else:
            asyncio.run(run(settings))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _doctor(settings: Settings, channel: int | None, seconds: float) -> int:
    set_up_logging("CRITICAL", settings.log_format)  # the lines say what went wrong
    from bot.doctor import examine

    def show(line: str) -> None:
        print(line, flush=True)

    try:
        return 0 if asyncio.run(examine(settings, show, channel=channel, seconds=seconds)) else 1
    except KeyboardInterrupt:
        return 130


def _demo(image: str | None, prompt: str | None, provider: str | None, *, page_only: bool) -> int:
    from bot.sandbox.demo import play  # needs the sandbox's extras, which a production install lacks

    somebody_is_there = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("ONCE", "") in ("", "0")
    stays = page_only or somebody_is_there
    try:
        return asyncio.run(play(Path(image) if image else None, prompt, provider, tells=not page_only, stays=stays))
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="A Discord bot that turns pictures into films.")
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("run", help="run the bot (the default)")
    verbs.add_parser("sync", help="register the slash commands with Discord")
    doctor = verbs.add_parser(
        "doctor",
        help="check the settings and everything that they lead to",
        description="Check the token, the permissions in the servers, each provider's key and balance, the database, "
        "the media folder and the public URL; one line each, with the cure. It changes nothing and costs nothing.",
        epilog="Exit code: 0 when nothing is wrong (a warning only hurts), 1 when something is, 2 for a setting that "
        "is missing or cannot be read.",
    )
    doctor.add_argument(
        "--channel",
        type=int,
        metavar="ID",
        help="also post a card in this channel, answer a click on it, edit an MP4 into both messages, and delete them",
    )
    doctor.add_argument(
        "--seconds", type=float, default=60, metavar="N", help="how long to wait for the click (default: 60)"
    )
    demo = verbs.add_parser(
        "demo",
        help="play the whole story against a local Discord and a local video provider",
        description="Play the story; on a terminal, then serve a page with all of it at PAGE_PORT (8090 or the next "
        "free port) until Ctrl-C. ONCE=1 ends it after the story.",
    )
    demo.add_argument("--image", help="a picture of your own")
    demo.add_argument("--prompt", help="what should happen in the film")
    demo.add_argument("--page", action="store_true", help="tell no story: only serve the page, until Ctrl-C")
    demo.add_argument("--provider", help="whose protocol is spoken: ttapi (the default), acedata, apimart or cometapi")
    return parser


if __name__ == "__main__":
    sys.exit(main())
