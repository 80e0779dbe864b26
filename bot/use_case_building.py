"""Build the use cases: one object for each thing that a member or an admin can ask for."""

from collections.abc import Callable

from bot.config import Settings
from bot.domain.clock import Clock
from bot.media.charts import ChartDrawer
from bot.resources import Resources
from bot.services.blocks import Blocks
from bot.services.callbacks import ProviderCallbacks
from bot.services.clip_files import ClipFiles
from bot.services.clip_links import ClipLinks
from bot.services.conduct import MemberConduct
from bot.services.extends import Extends
from bot.services.favourites import Favourites
from bot.services.film_joiner import FilmJoiner
from bot.services.films import Films
from bot.services.job_history import JobHistory
from bot.services.job_lists import JobLists
from bot.services.job_recovery import JobRecovery
from bot.services.job_results import JobResults
from bot.services.jobs import JobService
from bot.services.member_blocks import MemberBlocks
from bot.services.member_settings import MemberSettingsService
from bot.services.message_images import MessageImages
from bot.services.presets import Presets
from bot.services.privacy import KeptFor, Privacy
from bot.services.prompt_moderation import PromptModeration
from bot.services.provider_routing import ProviderRouter
from bot.services.provider_status import ProviderDirectory
from bot.services.quotas import QuotaService
from bot.services.region_previews import RegionPreviews
from bot.services.removals import Removals
from bot.services.reports import Reports
from bot.services.reruns import Reruns
from bot.services.seen_locales import SeenLocales
from bot.services.server_setup import ServerSetup
from bot.services.servers import Servers
from bot.services.showcase import Showcase
from bot.services.spoilers import Spoilers
from bot.services.storyboard_previews import StoryboardPreviews
from bot.services.storyboards import Storyboards
from bot.services.usage import UsageOverview
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator


def build_use_cases(settings: Settings, resources: Resources, clock: Clock, wake: Callable[[], None]) -> UseCases:
    """Build them all on what was opened; `wake` lets the worker look for due jobs."""
    store, media, downloader, providers = resources.store, resources.media, resources.downloader, resources.providers
    prices = settings.prices
    moderation = PromptModeration(store, providers, settings.strikes, clock)
    router = ProviderRouter(store, providers, moderation, prices, clock)
    clip_files = ClipFiles(store, media, downloader, providers)
    results = JobResults(store, media, resources.transcoder, clip_files)
    blocks = Blocks(store, clock)
    jobs = JobService(
        store,
        providers,
        downloader,
        media,
        results,
        router,
        moderation,
        blocks,
        prices=prices,
        clock=clock,
        wake=wake,
    )
    storyboards = Storyboards(store, providers, jobs, results, prices=prices, clock=clock, wake=wake)
    extends = Extends(store, providers, results, jobs, prices=prices, clock=clock)
    showcase = Showcase(store, clock)

    def wake_both() -> None:
        """Let the worker look for due jobs, and who sees to showcases for what was shared of them."""
        wake()
        showcase.asked.set()

    validator = RequestValidator(providers, prices, settings.allowed_guilds)
    locales = SeenLocales(store, clock)
    kept_for = KeptFor(settings.media_days, settings.retention_days)
    return UseCases(
        validator=validator,
        blocks=blocks,
        member_blocks=MemberBlocks(store, clock, wake),
        conduct=MemberConduct(store, clock),
        jobs=jobs,
        extends=extends,
        results=results,
        history=JobHistory(store, media, clock, wake),
        lists=JobLists(store, media, clock),
        favourites=Favourites(store, clock),
        locales=locales,
        previews=RegionPreviews(store, jobs, downloader, media, prices=prices, clock=clock),
        message_images=MessageImages(store, clock),
        quotas=QuotaService(store, clock, wake),
        usage=UsageOverview(store, _worth(settings), clock),
        charts=ChartDrawer(),
        directory=ProviderDirectory(store, providers, prices, clock),
        router=router,
        moderation=moderation,
        recovery=JobRecovery(store, providers, poll_ms=settings.poll_ms, clock=clock, wake=wake),
        callbacks=ProviderCallbacks(store, providers, settings.public_url, clock, wake),
        clip_links=ClipLinks(store, media, settings.public_url),
        clip_files=clip_files,
        films=Films(store, clock),
        film_joiner=FilmJoiner(media, resources.transcoder, clip_files),
        servers=Servers(store, clock, wake),
        storyboards=storyboards,
        storyboard_previews=StoryboardPreviews(store, providers, storyboards, results, router, clock),
        member_settings=MemberSettingsService(store, providers),
        presets=Presets(store, providers, clock),
        privacy=Privacy(store, providers, locales, kept_for, clock),
        reports=Reports(store, clock, wake),
        reruns=Reruns(store, providers, jobs, extends, results, validator, prices=prices, clock=clock),
        spoilers=Spoilers(store, clock, wake_both),
        showcase=showcase,
        removals=Removals(store, clock, wake_both),
        server_setup=ServerSetup(
            store,
            providers,
            clock,
            credits=settings.default_credits,
            period=settings.quota_period,
            server_credits=settings.server_credits,
        ),
    )


def _worth(settings: Settings) -> dict[str, float]:
    """Give how much of its own unit a credit is worth, at each provider of which that is set."""
    worth = {name: provider.units_per_credit for name, provider in settings.providers.items()}
    return {name: units for name, units in worth.items() if units is not None}
