"""Start bots out of a process that has imported the bot, for the suite starts hundreds and imports cost half a second.

What is forked goes the way of `python -m bot` from its first line, as a process of its own that can be killed.
"""

import asyncio
import multiprocessing
import os
from collections.abc import Mapping
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from sandbox import harness
from tests.support.forked_bot import go_on

_FORK_SERVER = multiprocessing.get_context("forkserver")
_FORK_SERVER.set_forkserver_preload(["tests.support.warm_bot"])


class ForkedProcess:
    """Wait for a process of `multiprocessing` as for one of asyncio."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self._ended = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_reader(process.sentinel, self._reap)

    @property
    def pid(self) -> int:
        """Give the process id."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Give the exit code, that of a signal below zero; None while it runs."""
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int:
        """Wait until it has ended, and give its exit code."""
        return await asyncio.shield(self._ended)

    def send_signal(self, signal: int) -> None:
        """Send it a signal."""
        if self.returncode is None:
            os.kill(self.pid, signal)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self._ended.set_result(self._process.exitcode)


async def fork_program(environment: Mapping[str, str], folder: Path, log: Path, *verb: str) -> ForkedProcess:
    """Go on as `python -m bot` in a process of its own, as `sandbox.harness.start_program` starts one."""
    process = _FORK_SERVER.Process(target=go_on, args=(dict(environment), folder, log, verb), daemon=True)
    await asyncio.to_thread(process.start)  # the first has to wait for the imports
    return ForkedProcess(process)


start_sandbox = partial(harness.start_sandbox, start=fork_program)
"""Start the sandbox with bots that are forked."""
