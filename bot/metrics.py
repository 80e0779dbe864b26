"""What the bot tells of its work while it goes on; nobody listens unless METRICS_PORT is set (`bot/prometheus.py`)."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from bot.domain.job import Job, Kind, State


class JobCount(NamedTuple):
    """Hold how many jobs of a provider and kind are in a state that is no end, and when the oldest was asked for."""

    state: State
    kind: Kind
    provider: str
    jobs: int
    oldest_ms: int


class PoolUse(NamedTuple):
    """Hold how many connections to the database there may be, are open, and are at work."""

    most: int
    open: int
    used: int


class ShardUse(NamedTuple):
    """Hold how many shards there are in all, and of those that this process holds the heartbeat's seconds."""

    total: int
    held: Mapping[int, float]


class Metrics:
    """Hear nothing: whoever listens says so in place of this."""

    def job_moved(self, job: Job, came_from: State | None, credits: int = 0) -> None:
        """Hear of a transition that is written down.

        The job is as it is now; the state before is None for a new one, and where it is not known. `credits` were
        reserved if it is queued now, settled if it is ready, and given back if it is failing.
        """

    def provider_called(self, provider: str, call: str, outcome: str, seconds: float) -> None:
        """Hear how a call to a provider ended: "ok", or the kind of its error."""

    def discord_answered(self, route: str, method: str, status: str, seconds: float, limit: str | None) -> None:
        """Hear how Discord answered one try of a request; `limit` says whose rate limit was met, None for nobody's."""

    def interaction_heard(self, interaction_id: int, kind: str) -> None:
        """Hear that a command, a click, a modal or a half typed option has come in."""

    def interaction_answered(self, interaction_id: int) -> None:
        """Hear that Discord has taken an answer to one."""

    def watch_pool(self, use: Callable[[], PoolUse]) -> None:
        """Learn how to see the use of the connections to the database."""

    def watch_shards(self, use: Callable[[], ShardUse]) -> None:
        """Learn how to see which shards are held."""

    def page(self, jobs: Iterable[JobCount] | None, now_ms: int) -> bytes:
        """Write down what was heard, and which jobs there are; None when the database does not tell."""
        raise NotImplementedError  # nobody asks who hears nothing


SILENT = Metrics()
"""For whoever is not listened to."""
