"""Which provider makes a new job: the first of a server's ranking that is well and has all that was asked for.

A provider that was typed stays, and so does the one that a job may have been accepted by.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.credits import PriceList
from bot.domain.job import Job, Kind
from bot.providers.base import Provider
from bot.providers.capabilities import adapt, lacking
from bot.providers.registry import sort_by_rank
from bot.services.prompt_moderation import Words

MOVED_AT_ONCE = 200
"""How many waiting jobs are looked at when their provider is left."""

CHECK_SECONDS = 1.0
"""How long each of them may wait for a check of its prompt; who cannot be asked forbids nothing."""


class Router:
    """Choose providers; `providers` come in their usual order, the default one first."""

    def __init__(
        self, store: Store, providers: Mapping[str, Provider], words: Words, prices: PriceList, clock: Clock
    ) -> None:
        self._store = store
        self._words = words
        self._providers = providers
        self._prices = prices
        self._clock = clock

    async def choose(self, job: Job) -> Job:
        """Give a new job the best provider; where none is well, the first that can do what was asked."""
        if job.kind is not Kind.VIDEO:
            return job
        able = await self._able(job)
        well = [provider for provider in able if await self._is_well(provider)]
        chosen = next(iter([*well, *able]), None)
        return job if chosen is None else _given_to(job, chosen)

    async def elsewhere(self, job: Job, *, seconds: float | None = None) -> Job | None:
        """Give a job, which its provider surely does not have, to another that is well and costs the same.

        Who checks prompts is asked once about a job, for `seconds` at most: a prompt stays as it is, and so does a no.
        """
        if job.kind is not Kind.VIDEO:
            return None
        for provider in await self._able(job):
            if provider.name in (job.provider, *job.barred):
                continue
            moved = _given_to(job, provider)
            price = self._prices.at(provider.name).job(moved.kind, moved.params)
            if price != job.cost or not await self._is_well(provider):
                continue
            if await self._words.allow(moved, seconds):
                return moved
            job = await self._store.queue.bar(job, provider.name)
        return None

    async def leave(self, provider: str) -> int:
        """Move what waits for a provider that is paused to others, where that is possible; tells how many."""
        others = [other for name, other in self._providers.items() if name != provider]
        if not any([await self._is_well(other) for other in others]):
            return 0
        moved = 0
        for job, _ in await self._store.queue.places(provider, MOVED_AT_ONCE):
            other = await self.elsewhere(job, seconds=CHECK_SECONDS)
            moved += other is not None and await self._store.queue.move(job, other.provider, other.params)
        return moved

    async def _able(self, job: Job) -> list[Provider]:
        """Give the providers that have all that was asked for, in the server's order."""
        if "provider" in job.params.typed:
            return [self._providers[job.provider]] if job.provider in self._providers else []
        ranking = await self._store.guilds.ranking(job.guild_id)
        ranked = sort_by_rank(self._providers.values(), ranking)
        return [provider for provider in ranked if not lacking(provider.capabilities, job.params)]

    async def _is_well(self, provider: Provider) -> bool:
        """Tell whether a job may go to a provider; when its pause is over, an ailing one is tried with a single job."""
        condition = await self._store.health.condition(provider.name)
        if not condition.is_open(self._clock()):
            return False
        return not condition.ailing or not await self._store.queue.is_tried(provider.name)


def _given_to(job: Job, provider: Provider) -> Job:
    return replace(job, provider=provider.name, params=adapt(provider.capabilities, job.params))
