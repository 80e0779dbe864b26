"""`python -m bot [run|sync|demo]`: a wrong setting ends it with one sentence, never with a traceback."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from bot.config import load_settings
from bot.errors import SettingsError
from bot.logs import set_up_logging


def main() -> int:
    """Run the verb that was asked for and give the exit code."""
    asked = _parser().parse_args()
    try:
        if asked.verb == "demo":
            return _demo(asked.image or os.environ.get("IMAGE"), asked.prompt or os.environ.get("PROMPT"))
        settings = load_settings()
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


def _demo(image: str | None, prompt: str | None) -> int:
    from bot.sandbox.demo import play  # needs the sandbox's extras, which a production install lacks

    return asyncio.run(play(Path(image) if image else None, prompt))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="A Discord bot that turns pictures into films.")
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("run", help="run the bot (the default)")
    verbs.add_parser("sync", help="register the slash commands with Discord")
    demo = verbs.add_parser("demo", help="play the whole story against a local Discord and a local video provider")
    demo.add_argument("--image", help="a picture of your own")
    demo.add_argument("--prompt", help="what should happen in the film")
    return parser


if __name__ == "__main__":
    sys.exit(main())
