"""Every use case by its name, for those who carry out commands and clicks."""

from dataclasses import dataclass

from bot.media.charts import ChartDrawer
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
from bot.services.privacy import Privacy
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
from bot.services.validation import RequestValidator


@dataclass(frozen=True)
class UseCases:
    """Hold the services."""

    validator: RequestValidator
    blocks: Blocks
    member_blocks: MemberBlocks
    conduct: MemberConduct
    jobs: JobService
    extends: Extends
    results: JobResults
    history: JobHistory
    lists: JobLists
    favourites: Favourites
    locales: SeenLocales
    previews: RegionPreviews
    message_images: MessageImages
    quotas: QuotaService
    usage: UsageOverview
    charts: ChartDrawer
    directory: ProviderDirectory
    router: ProviderRouter
    moderation: PromptModeration
    recovery: JobRecovery
    callbacks: ProviderCallbacks
    clip_links: ClipLinks
    clip_files: ClipFiles
    films: Films
    film_joiner: FilmJoiner
    servers: Servers
    storyboards: Storyboards
    storyboard_previews: StoryboardPreviews
    member_settings: MemberSettingsService
    presets: Presets
    privacy: Privacy
    reports: Reports
    reruns: Reruns
    removals: Removals
    spoilers: Spoilers
    server_setup: ServerSetup
    showcase: Showcase
