"""`python -m bot [run|sync|doctor|move]`: a wrong setting ends it with one sentence, never with a traceback."""

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import NoReturn

from bot.config import Settings, load_settings
from bot.errors import DatabaseError, SettingsError
from bot.log import set_up_logging
from bot.providers.registry import provider_names


def main() -> int:
    """Run the verb that was asked for and give the exit code."""
    asked = _parser().parse_args()
    os.umask(0o077)  # what the bot writes is for its own user alone
    try:
        settings = load_settings(provider_names())
        if asked.verb == "doctor":
            return _doctor(settings, asked.channel, asked.seconds)
        set_up_logging(settings.log_level, settings.log_format)
        if asked.verb == "move":
            return _move(settings, asked.address)
        from bot.app import run, sync  # after the settings, so that a wrong one is told at once

        if asked.verb == "sync":
            print(f"{asyncio.run(sync(settings))} commands are registered.")
        else:
            asyncio.run(run(settings))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def command() -> NoReturn:
    """Do what `main` does, and end with its exit code."""
    code = main()
    if "obstore" in sys.modules:
        # Its threads may still let go of what they held, and abort a process that takes Python down around them
        # (PyO3/pyo3-async-runtimes, issue 40). Everything of ours is closed by now.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _doctor(settings: Settings, channel: int | None, seconds: float) -> int:
    set_up_logging("CRITICAL", settings.log_format)  # the lines say what went wrong
    from bot.doctor import examine

    def show(line: str) -> None:
        print(line, flush=True)

    try:
        return 0 if asyncio.run(examine(settings, show, channel=channel, seconds=seconds)) else 1
    except KeyboardInterrupt:
        return 130


def _move(settings: Settings, address: str) -> int:
    from bot.house_move import move_house

    try:
        asyncio.run(move_house(settings, address))
    except (DatabaseError, OSError) as error:
        print(f"The move broke off: {error}. Begin it again, and it goes on where it was.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("The move broke off. Begin it again, and it goes on where it was.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    # Installed, the command is `animatic`; in the checkout argparse would call this file by its name.
    called_by = Path(sys.argv[0]).stem
    program = "python -m bot" if called_by == "__main__" else called_by
    parser = argparse.ArgumentParser(prog=program, description="A Discord bot that turns pictures into films.")
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("run", help="run the bot (the default)")
    verbs.add_parser("sync", help="register the slash commands with Discord")
    move = verbs.add_parser(
        "move",
        help="move a stopped bot's SQLite database to PostgreSQL",
        description="Copy the SQLite database that DATABASE_URL names into an empty PostgreSQL database, compare both, "
        "and mark the old one as moved; with MEDIA_URL set, copy the kept files there, too. What broke off goes on "
        "where it was.",
        epilog="Exit code: 0 when all is moved, 1 when it broke off, 2 for what cannot be moved, or not there.",
    )
    move.add_argument(
        "address",
        metavar="postgresql://USER@HOST:PORT/DATABASE",
        help="where to; a password is better kept out of it, in PGPASSWORD or in the file ~/.pgpass",
    )
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
    return parser


if __name__ == "__main__":
    command()
