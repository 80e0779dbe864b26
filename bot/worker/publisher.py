"""What the worker needs of whoever sends cards; it knows no more of Discord than this."""

from typing import Protocol

from bot.domain.job import Job
from bot.domain.pings import Ping


class Publisher(Protocol):
    """Show jobs to people."""

    async def show(self, job_id: str) -> None:
        """Bring the card of a job under way up to date as well as possible; never raises for Discord's sake."""
        ...

    async def deliver(self, job: Job, *, whole: bool = True) -> bool:
        """Put the clips that are kept on the card; `whole` says that no more will come.

        False when no way to the member is left. Raises what may pass.
        """
        ...

    async def tell_failure(self, job: Job) -> bool:
        """Say why a job failed; False when no way to the member is left. Raises what may pass."""
        ...

    async def image_link(self, job: Job, role: str) -> str | None:
        """Give a fresh link to the start or end image that the card shows."""
        ...

    async def ping(self, ping: Ping) -> None:
        """Tell a member that what they asked for has ended; never raises for Discord's sake."""
        ...
