"""Prompts are checked before they are paid for, and members who try forbidden words again and again wait a day.

TTAPI stops giving back what a refused prompt froze after 30 of them in a day (providers.md, section 0.8).
"""

import asyncio
import logging
from collections.abc import Mapping

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job, Kind
from bot.domain.periods import Period
from bot.errors import BannedWords, ErrorKind, ProviderError, TooManyStrikes
from bot.providers.base import Provider

log = logging.getLogger(__name__)

CHECKED = frozenset({Kind.VIDEO, Kind.IMAGINE, Kind.REGION})
"""What sends a prompt of the member's to the provider."""


class PromptModeration:
    """Check prompts, and count those that were refused."""

    def __init__(self, store: Store, providers: Mapping[str, Provider], strikes: int, clock: Clock) -> None:
        self._store = store
        self._providers = providers
        self._strikes = strikes
        self._clock = clock

    async def check(self, job: Job) -> None:
        """Refuse a prompt that its provider would refuse, free of charge; who cannot be asked refuses nothing.

        Raises `BannedWords`, or `TooManyStrikes` before anybody is asked.
        """
        provider = self._provider_that_checks(job)
        if provider is None:
            return
        now = self._clock.wall_ms()
        strikes = await self._store.strikes.count(job.user_id, Period.DAY.key(now))
        if strikes >= self._strikes:
            raise TooManyStrikes(strikes, Period.DAY.renews_ms(now) or now)
        forbidden = await self._forbidden(job, provider)
        if forbidden is not None:
            await self.record_strike(job)
            raise forbidden

    async def is_allowed(self, job: Job, seconds: float | None = None) -> bool:
        """Tell whether a job may be moved to its provider: nobody is to be refused where they did not ask.

        The provider is waited for as long as `seconds` if that is given; who cannot be asked forbids nothing.
        """
        provider = self._provider_that_checks(job)
        if provider is None:
            return True
        try:
            async with asyncio.timeout(seconds):
                return await self._forbidden(job, provider) is None
        except TimeoutError:
            log.info("job %s: %s did not check its prompt in time", job.id, provider.name)
            return True

    def _provider_that_checks(self, job: Job) -> Provider | None:
        """Give the job's provider if it checks prompts, and the job sends it one of the member's."""
        provider = self._providers.get(job.provider)
        checked = job.kind in CHECKED or job.params.from_last_frame
        if provider is None or provider.images is None or not checked or not job.params.prompt:
            return None
        if job.kind is Kind.REGION and "prompt" not in job.params.explicit_options:
            return None
        return provider

    async def _forbidden(self, job: Job, provider: Provider) -> BannedWords | None:
        """Ask whether a prompt is forbidden; None where it is not, and where nobody can be asked."""
        if provider.images is None:
            return None
        try:
            words = await provider.images.check_prompt(job.params.prompt)
        except ProviderError as error:
            if error.kind is ErrorKind.MODERATED_PROMPT:
                return BannedWords((), provider.title)
            log.info("job %s: its prompt could not be checked: %s", job.id, error)
            return None
        return BannedWords(words, provider.title) if words else None

    async def record_strike(self, job: Job) -> None:
        """Count a prompt that was refused for its words, where the provider counts them too."""
        provider = self._providers.get(job.provider)
        if provider is None or provider.images is None:
            return
        log.warning("job %s: a prompt of member %s was refused for its words", job.id, job.user_id)
        await self._store.strikes.add(job, Period.DAY.key(self._clock.wall_ms()))
