"""Have pictures decoded by a process of their own; it is kept for the next, for to start it takes longer than most."""

import atexit
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock, Timer
from typing import IO, BinaryIO, ParamSpec, Protocol, TypeVar, cast

from bot.errors import BadImage, ImageProblem
from bot.media.image_child import WORK, main, receive, send
from bot.media.images import CheckedImage

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

LONGEST_SECONDS = 60.0
"""How long one picture may take; the largest take two."""

MEMORY_MIB = 1_024
"""What a picture may take beside the process itself: a WebP of 50 million pixels needs 800."""

_PROGRAM = f"""
import sys, types
package = sys.modules[{__package__!r}] = types.ModuleType({__package__!r})
package.__path__ = sys.argv[2:]
from {main.__module__} import main
main(sys.argv[1])
"""
"""The package's own file names all of its modules; to decode pictures takes few of them, and none of downloads."""

_NEEDED = ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH", "HOME")
"""What the process may know of the bot's environment, where the keys are."""


class ImageProcessEnded(BadImage):
    """The process was killed or took too long: it says less of the picture than that it is broken."""


class ImageProcess:
    """Hold the process, and start another where it ended."""

    def __init__(self, *, seconds: float = LONGEST_SECONDS, memory_mib: int = MEMORY_MIB) -> None:
        self._seconds = seconds
        self._memory_mib = memory_mib
        self._lock = Lock()
        self._child: Child | None = None
        self.start: StartChild = start_child

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call one of the functions in `WORK` there, any other here; blocks.

        Raises what it raises, and `ImageProcessEnded` (BROKEN) where the process was killed or took too long.
        """
        name = getattr(work, "__name__", "")
        if WORK.get(name) is not work:
            return work(*args, **kwargs)
        with self._lock:
            answer, error = self._ask(name, args, kwargs)
        if error is not None:
            raise error
        if isinstance(answer, CheckedImage) and not answer.data:
            answer = replace(answer, data=cast("bytes", args[0]))
        return cast("T", answer)

    def close(self) -> None:
        """End the process; the next picture starts another."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with suppress(OSError):  # what was still to be written has nobody to read it
                    cast("BinaryIO", pipe).close()

    def _ask(self, name: str, args: object, kwargs: object) -> tuple[object, Exception | None]:
        child = self._started()
        late = Timer(self._seconds, child.kill)
        late.daemon = True
        late.start()
        try:
            send(cast("BinaryIO", child.stdin), (name, args, kwargs))
            return receive(cast("BinaryIO", child.stdout))
        except (EOFError, OSError):
            self.close()
            log.warning("the process that decodes pictures ended with %s during %s", child.returncode, name)
            return None, ImageProcessEnded(ImageProblem.BROKEN)
        finally:
            late.cancel()

    def _started(self) -> "Child":
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = self.start(self._memory_mib)
        return self._child


class Child(Protocol):
    """Say what is done with the process, in the words of `subprocess`."""

    @property
    def stdin(self) -> IO[bytes] | None:
        """Give where it is asked."""
        ...

    @property
    def stdout(self) -> IO[bytes] | None:
        """Give where it answers."""
        ...

    @property
    def returncode(self) -> int | None:
        """Give the exit code, that of a signal below zero; None while it runs."""
        ...

    def poll(self) -> int | None:
        """Look whether it has ended."""
        ...

    def kill(self) -> None:
        """End it."""
        ...

    def wait(self) -> int | None:
        """Wait for its end."""
        ...


StartChild = Callable[[int], Child]
"""Start the process, which may take so many MiB."""


def start_child(memory_mib: int) -> Child:
    """Start it with nothing of the bot's environment but what it needs."""
    root = str(Path(__file__).parents[2])
    paths = [root, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    known = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-P", "-c", _PROGRAM, str(memory_mib), str(Path(__file__).parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**known, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "MALLOC_ARENA_MAX": "1"},
    )


image_process = ImageProcess()
"""The one of this process."""

atexit.register(image_process.close)
