"""How a bot that was forked goes on; its process imports this by name, and so brings nothing of the sandbox along."""

import os
import runpy
import signal
import sys
from pathlib import Path

from tests.support import forked_pictures


def go_on(environment: dict[str, str], folder: Path, log: Path, verb: tuple[str, ...]) -> None:
    """Go the way of `python -m bot` and a verb from its first line, in a folder and with the whole environment."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sink = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(sink, stream.fileno())
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["bot", *verb]
    forked_pictures.prepare()
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
