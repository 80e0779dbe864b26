"""The bot's process in the sandbox: started and killed by people, who are told when it ends by itself."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sandbox.harness import BotProcess, Sandbox, free_port
from sandbox.sentences import t
from sandbox.web.redaction import Redactor
from sandbox.web.wire.events import BotState

LAST_BYTES = 4096
"""How much of the log's end is searched for why a bot ended."""

LAST_LINE = 300
"""How many characters of it are told."""


class BotSupervisor:
    """Own the one bot of a sandbox; every start is a fresh process, so it runs the code as it is by then.

    `state`, `pid` and `say`, a sentence for people, tell how it stands; `watch` tells of each change. The bot listens
    on the same port after every start, so that callbacks and links find it again. The end of the block stops it.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.state: BotState = "stopped"
        self.pid: int | None = None
        self.say: str = t("The bot is not started yet.")
        self._sandbox = sandbox
        self._port = free_port()
        self._redactor = Redactor(sandbox)
        self._observers: list[Callable[[], None]] = []
        self._bot: BotProcess | None = None
        self._life: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()
        self._killed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._life is not None:
            self._life.cancel()
            await asyncio.wait({self._life})

    def watch(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Call a function after each change, until the function that this gives back is called."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    async def start(self) -> bool:
        """Start the bot unless there is one; True once it is connected and healthy, False when it ended instead."""
        if self._killed and self._life is not None:
            await asyncio.wait({self._life})
        if self._life is None or self._life.done():
            self._killed = False
            self._settled = asyncio.Event()
            self._change("starting", t("The bot is starting."))
            self._life = asyncio.create_task(self._live(), name="the bot's life")
        await self._settled.wait()
        return self.state == "running"

    async def kill(self) -> None:
        """Kill the bot as `kill -9` does, wherever it is in its life, and return when it is dead."""
        life = self._life
        if life is None or life.done():
            return
        self._killed = True
        if self._bot is not None:
            await self._bot.kill()
        await asyncio.wait({life})

    async def restart(self) -> bool:
        """Kill the bot as `kill -9` does and start it again at once; gives what `start` gives."""
        await self.kill()
        return await self.start()

    async def _live(self) -> None:
        said_before = self._log_size()
        ended = t("The bot was stopped.")
        try:
            async with self._sandbox.bot(called=True, port=self._port, begun=self._begin) as bot:
                await bot.healthy()
                self._change("running", t("The bot runs as process {pid}.", pid=str(bot.pid)))
                self._settled.set()
                code = await bot.process.wait()
            ended = _ended(code, self._last_line(said_before))
        except (RuntimeError, TimeoutError, OSError) as error:
            last = self._last_line(said_before)
            if isinstance(error, TimeoutError):
                ended = t("The bot could not start: it took too long to connect. {last}", last=last)
            else:
                ended = t("The bot could not start: it ended before it was connected. {last}", last=last)
        finally:
            self._bot = None
            self.pid = None
            if self._killed:
                ended = t("The bot was killed. It stays dead until it is started; its jobs wait in its database.")
            self._change("stopped", ended)
            self._settled.set()

    def _begin(self, bot: BotProcess) -> None:
        self._bot = bot
        self.pid = bot.pid
        if self._killed:
            bot.process.send_signal(signal.SIGKILL)  # the wish came while the process was being made
        self._change("starting", t("The bot is starting as process {pid}.", pid=str(bot.pid)))

    def _change(self, state: BotState, say: str) -> None:
        self.state, self.say = state, say
        for observer in list(self._observers):
            observer()

    def _log_size(self) -> int:
        return self._sandbox.log.stat().st_size if self._sandbox.log.exists() else 0

    def _last_line(self, since: int) -> str:
        """Tell the last line that the log got after it had so many bytes."""
        if self._log_size() <= since:
            return t("It left no word in its log.")
        with self._sandbox.log.open("rb") as log:
            log.seek(max(since, self._log_size() - LAST_BYTES))
            lines = log.read().decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return t("Its last words: {line}", line=self._redactor.text(last)[:LAST_LINE])


def _ended(code: int, last: str) -> str:
    if code >= 0:
        return t("The bot ended by itself, with exit code {code}. {last}", code=str(code), last=last)
    name = signal.Signals(-code).name
    return t("The bot ended by itself, by signal {signal}. {last}", signal=name, last=last)
