"""Let whoever works off what is asked for wait until something is, or for some seconds."""

import asyncio


class TimedEvent:
    """Hold an event that one task waits for, over and over."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Let the task go on that waits, or will wait next."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Wait until the event is set, which it is no longer then, or for some seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        self._event.clear()
