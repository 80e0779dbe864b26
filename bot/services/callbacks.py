"""The secret path that a provider calls back: it names the job, wakes it, and is believed in nothing else.

Only the path's hash is stored. Nobody signs callbacks (providers.md, section 8), so what one says is a hint at most:
the job is then asked for with our own key, and an id is taken only from a job that repeats the same secret path.
"""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.providers.base import Provider
from bot.providers.types import CallbackMatcher

log = logging.getLogger(__name__)

PREFIX = "/hooks/v1"

NOWHERE = "https://animatic.invalid"
"""Where callbacks point that nobody is to call: the provider repeats them, and a lost job is known by them."""


@dataclass(frozen=True)
class Callback:
    """Hold a new callback: its URL for the provider, and the hash that is kept."""

    url: str = field(repr=False)
    hash: str


class ProviderCallbacks:
    """Make callback URLs, and wake jobs when they are called."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        public_url: str | None,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._providers = providers
        self._public_url = public_url
        self._clock = clock
        self._wake = wake

    @property
    def enabled(self) -> bool:
        """Tell whether anybody can call us."""
        return self._public_url is not None

    def new(self, job_id: str) -> Callback:
        """Make a URL that nobody can guess; it is to be given to the provider and to nobody else."""
        secret = secrets.token_urlsafe(32)
        base = (self._public_url or NOWHERE).rstrip("/")
        return Callback(f"{base}{PREFIX}/{job_id}/{secret}", _hash(secret))

    async def receive(self, job_id: str, secret: str, read: Callable[[], Awaitable[bytes]]) -> bool:
        """Wake the job that a callback speaks of; False when the path is not the job's, and then nothing is read."""
        job = await self._store.jobs.get_even_removed(job_id)
        if job is None or job.callback_hash is None or not hmac.compare_digest(_hash(secret), job.callback_hash):
            return False
        provider = self._providers.get(job.provider)
        body = await read()
        remote_id = provider.parse_callback(body) if provider is not None else None
        if job.remote_id is not None and remote_id not in (None, job.remote_id):
            log.warning("job %s: a callback speaks of another job than %s", job.id, job.remote_id)
        await self._store.jobs.wake(job.id, self._clock(), remote_id)
        self._wake()
        return True


def is_callback_of(job: Job) -> CallbackMatcher:
    """Give the question whether a callback URL that a provider repeats is the job's own."""

    def is_ours(url: str) -> bool:
        secret = url.rsplit("/", 1)[-1]
        return job.callback_hash is not None and hmac.compare_digest(_hash(secret), job.callback_hash)

    return is_ours


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
