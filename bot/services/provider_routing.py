"""Which provider makes a new job: the first of a server's ranking that is well and has all that was asked for.

One that its member prefers comes before the ranking. A provider that was typed stays, and so does the one that a job
may have been accepted by.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.db.provider_health import BreakerState
from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.credits import PriceList
from bot.domain.job import Job, Kind
from bot.providers.base import Provider
from bot.providers.capabilities import apply_defaults, unsupported_options
from bot.providers.registry import sort_by_rank
from bot.services.prompt_moderation import PromptModeration

MOVED_AT_ONCE = 200
"""How many waiting jobs are looked at when their provider is left."""

CHECK_SECONDS = 1.0
"""How long each of them may wait for a check of its prompt; who cannot be asked forbids nothing."""


class ProviderRouter:
    """Choose providers; `providers` come in their usual order, the default one first."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        moderation: PromptModeration,
        prices: PriceList,
        clock: Clock,
    ) -> None:
        self._store = store
        self._moderation = moderation
        self._providers = providers
        self._prices = prices
        self._clock = clock

    async def choose(self, job: Job, able: Callable[[Provider], bool] | None = None) -> Job:
        """Give a new job the best provider; where none is well, the first that can do what was asked.

        `able` tells who can make all that the job stands for; where none is, the job alone counts.
        """
        if not _may_move(job):
            return job
        capable = await self._capable(job)
        if able is not None:
            capable = [provider for provider in capable if able(provider)] or capable
        for provider in capable:
            if await self._takes_a_job(provider):
                return _given_to(job, provider)
        return _given_to(job, capable[0]) if capable else job

    async def find_alternative(self, job: Job, *, seconds: float | None = None) -> Job | None:
        """Give a job, which its provider surely does not have, to another that is well and costs the same.

        Who checks prompts is asked once about a job, for `seconds` at most: a prompt stays as it is, and so does a no.
        """
        if not _may_move(job):
            return None
        for provider in await self._capable(job):
            if provider.name in (job.provider, *job.excluded_providers):
                continue
            moved = _given_to(job, provider)
            price = self._prices.at(provider.name).job(moved.kind, moved.params)
            if price != job.cost or not await self._takes_a_job(provider):
                continue
            if await self._moderation.is_allowed(moved, seconds):
                return moved
            job = await self._store.queue.exclude_provider(job, provider.name)
        return None

    async def drain(self, provider: str) -> int:
        """Move what waits for a provider that is paused to others, where that is possible; tells how many."""
        others = [other for name, other in self._providers.items() if name != provider]
        if not any([await self._takes_a_job(other) for other in others]):
            return 0
        moved = 0
        for job, _ in await self._store.queue.positions(provider, MOVED_AT_ONCE):
            other = await self.find_alternative(job, seconds=CHECK_SECONDS)
            moved += other is not None and await self._store.queue.move(job, other.provider, other.params)
        return moved

    async def _capable(self, job: Job) -> list[Provider]:
        """Give the providers that have all that was asked for, in the server's order behind the member's own."""
        if "provider" in job.params.explicit_options:
            return [self._providers[job.provider]] if job.provider in self._providers else []
        ranking = await self._store.guild_settings.ranking(job.guild_id) if len(self._providers) > 1 else ()
        preferred = (job.params.preferred.provider,) if job.params.preferred.provider else ()
        ranked = sort_by_rank(self._providers.values(), tuple(dict.fromkeys((*preferred, *ranking))))
        return [provider for provider in ranked if not unsupported_options(provider.capabilities, job.params)]

    async def _takes_a_job(self, provider: Provider) -> bool:
        """Tell whether a job may go to a provider; one that is half open is tried with a single job."""
        now = self._clock()
        health = await self._store.provider_health.get(provider.name)
        if not health.accepts_jobs(now):
            return False
        return health.state(now) is BreakerState.CLOSED or not await self._store.queue.is_tried(provider.name)


def _may_move(job: Job) -> bool:
    """Tell whether a job may be made elsewhere; the shots of a storyboard stay together, at the price that was told."""
    return job.kind is Kind.VIDEO and job.storyboard_id is None


def _given_to(job: Job, provider: Provider) -> Job:
    return replace(job, provider=provider.name, params=apply_defaults(provider.capabilities, job.params))
