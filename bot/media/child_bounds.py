"""What a process of one task may take, and when it ends; loaded by its path, so that it holds nothing of the bot."""

import os
import re
import resource
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

_STATUS = Path("/proc/self/status")


def end_with_the_bot() -> None:
    """End once the pipe closes that the bot holds: nobody wants what is made any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what ends the bot ends this
    threading.Thread(target=_wait_for_its_end, daemon=True).start()


def _wait_for_its_end() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def bound(seconds: int, more: int) -> None:
    """Let this process take no more than some seconds of a processor, and some bytes beside what it has already."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if size := held("VmSize"):
        resource.setrlimit(resource.RLIMIT_AS, (size + more, size + more))
    with suppress(OSError):  # only Linux has it, and only some systems let it be changed
        Path("/proc/self/oom_score_adj").write_text("1000")


def held(what: str) -> int:
    """Give a size of this process, in bytes; 0 where the system does not tell."""
    found = re.search(rf"{what}:\s+(\d+) kB", _STATUS.read_text()) if _STATUS.exists() else None
    return int(found[1]) * 1024 if found else 0
