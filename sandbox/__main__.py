"""`python -m sandbox`: play the story against a local Discord and a local provider, then serve the page."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from sandbox.demo import play
from sandbox.provider.vendors import VENDORS


def main() -> int:
    """Play the story, serve the page where somebody is there to look at it, and give the exit code."""
    asked = _parser().parse_args()
    image, prompt, provider = (
        getattr(asked, name) or os.environ.get(name.upper()) for name in ("image", "prompt", "provider")
    )
    somebody_is_there = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("ONCE", "") in ("", "0")
    stays = asked.page or somebody_is_there
    try:
        return asyncio.run(play(Path(image) if image else None, prompt, provider, tells=not asked.page, stays=stays))
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    first, *others, last = VENDORS
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Play the whole story against a local Discord and a local video provider; on a terminal, then "
        "serve a page with all of it at PAGE_PORT (8090 or the next free port) until Ctrl-C. ONCE=1 ends it after the "
        "story.",
    )
    parser.add_argument("--image", help="a picture of your own")
    parser.add_argument("--prompt", help="what should happen in the film")
    parser.add_argument("--page", action="store_true", help="tell no story: only serve the page, until Ctrl-C")
    parser.add_argument(
        "--provider", help=f"whose protocol is spoken: {first} (the default), {', '.join(others)} or {last}"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
