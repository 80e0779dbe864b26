"""What the steps work with, and the few things that all of them do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.errors import AnimaticError, NoProvider
from bot.media import Downloader, MediaStore
from bot.providers.base import Provider
from bot.providers.registry import title_of
from bot.services.callbacks import ProviderCallbacks
from bot.services.job_recovery import JobRecovery
from bot.services.job_results import JobResults
from bot.services.jobs import JobService
from bot.services.prompt_moderation import PromptModeration
from bot.services.provider_routing import ProviderRouter
from bot.worker.card_refresher import CardRefresher


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

    async def image_link(self, job: Job, place: str) -> str | None:
        """Give a fresh link to a picture that the card shows."""
        ...


@dataclass(frozen=True)
class StepContext:
    """Hold what the steps work with."""

    store: Store
    service: JobService
    results: JobResults
    router: ProviderRouter
    moderation: PromptModeration
    providers: Mapping[str, Provider]
    publisher: Publisher
    refresher: CardRefresher
    downloader: Downloader
    media: MediaStore
    callbacks: ProviderCallbacks
    recovery: JobRecovery
    clock: Clock
    wake: Callable[[], None]
    poll_ms: int

    def provider(self, job: Job) -> Provider:
        """Give a job's provider; raise `NoProvider` when it has no key any more."""
        if job.provider not in self.providers:
            raise NoProvider(title_of(job.provider))
        return self.providers[job.provider]

    def title(self, job: Job) -> str:
        """Name a job's provider for people."""
        provider = self.providers.get(job.provider)
        return provider.title if provider else title_of(job.provider)

    async def fail(self, job: Job, error: AnimaticError) -> None:
        """Give a job's credits back and keep the reason (T6)."""
        await self.store.jobs.fail(job, error.code, error.data, self.clock())
