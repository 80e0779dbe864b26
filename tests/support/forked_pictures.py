"""Let a forked bot's process for pictures be forked, too: what a bot needs of it costs less than to start it.

While the bot has a single thread yet, it leaves a process behind that forks on demand; it ends with the bot.
"""

import os
import select
import signal
import socket
import sys
from dataclasses import dataclass
from typing import BinaryIO

from bot.media import image_child
from bot.media.image_process import image_process

MESSAGE = 64
"""Bytes that hold a number."""


def prepare() -> None:
    """Leave the process behind, and let it fork what decodes pictures; elsewhere than on Linux it is started anew."""
    if not hasattr(os, "pidfd_open"):
        return
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for its children
        os.chdir("/")  # who works in the bot's folder is a bot
        _serve(theirs)
    theirs.close()

    def start(mebibytes: int) -> ForkedChild:
        return _ask(ours, mebibytes)

    image_process.start = start


@dataclass
class ForkedChild:
    """Hold the process as `subprocess.Popen` does; it is a child of another one, so how it ended is not known."""

    stdin: BinaryIO
    stdout: BinaryIO
    ends: int
    returncode: int | None = None

    def poll(self) -> int | None:
        """Tell whether it has ended."""
        return self._ended(0)

    def kill(self) -> None:
        """End it."""
        if self.returncode is None:
            signal.pidfd_send_signal(self.ends, signal.SIGKILL)

    def wait(self) -> int | None:
        """Wait for its end."""
        return self._ended(None)

    def _ended(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self.ends], [], [], seconds)[0]:
            os.close(self.ends)
            self.returncode = -signal.SIGKILL
        return self.returncode


def _ask(ours: socket.socket, mebibytes: int) -> ForkedChild:
    (asked, stdin), (stdout, answered) = os.pipe(), os.pipe()
    socket.send_fds(ours, [str(mebibytes).encode()], [asked, answered])
    os.close(asked)
    os.close(answered)
    ends = os.pidfd_open(int(ours.recv(MESSAGE)))
    return ForkedChild(os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb"), ends)


def _serve(theirs: socket.socket) -> None:
    while True:
        mebibytes, pipes, _, _ = socket.recv_fds(theirs, MESSAGE, 2)
        if not mebibytes:
            os._exit(0)  # the bot is gone
        child = os.fork()
        if child == 0:
            theirs.close()
            sys.stdin, sys.stdout = os.fdopen(pipes[0]), os.fdopen(pipes[1], "w")
            image_child.main(mebibytes.decode())
            os._exit(0)
        for pipe in pipes:
            os.close(pipe)
        theirs.send(str(child).encode())
