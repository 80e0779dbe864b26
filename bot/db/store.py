"""The repositories together, by their subject."""

from dataclasses import replace

from bot.db.accounts import Accounts
from bot.db.allowances import Allowance, Defaults
from bot.db.blocks import Blocks
from bot.db.card_edits import CardEdits
from bot.db.card_facts import CardFacts, CardFactsRepository
from bot.db.clips import Clips
from bot.db.conduct import ConductRepository
from bot.db.database import Database
from bot.db.favourites import Favourites
from bot.db.films import FilmRepository
from bot.db.forgettings import Forgettings
from bot.db.guild_settings import GuildSettings
from bot.db.job_counts import JobCounts
from bot.db.job_history import JobHistoryRepository
from bot.db.job_lists import JobListRepository
from bot.db.job_words import JobWords
from bot.db.jobs import Jobs
from bot.db.leases import Leases
from bot.db.left_servers import LeftServers
from bot.db.lineage import Lineage
from bot.db.locales import Locales
from bot.db.member_blocks import MemberBlockRepository
from bot.db.member_export import MemberExport
from bot.db.member_ids import MemberIds
from bot.db.member_settings import MemberSettingsRepository
from bot.db.message_images import MessageImageRepository
from bot.db.metadata import Metadata
from bot.db.mod_log import ModLog
from bot.db.old_jobs import OldJobs
from bot.db.pings import Pings
from bot.db.presets import PresetRepository
from bot.db.provider_health import ProviderHealthRepository
from bot.db.queue import Queue
from bot.db.region_previews import RegionPreview, RegionPreviewRepository
from bot.db.removal_work import RemovalWork
from bot.db.removals import Removals
from bot.db.reports import Reports
from bot.db.shares import Shares
from bot.db.shown_messages import ShownMessages
from bot.db.storyboards import Storyboards
from bot.db.strikes import Strikes
from bot.db.told import (
    ToldAccounts,
    ToldJobs,
    ToldMemberBlocks,
    ToldQueue,
    ToldRemovals,
    ToldStoryboards,
    ToldWaitingJobs,
)
from bot.db.unconfirmed_jobs import UnconfirmedJobs
from bot.db.undelivered_jobs import UndeliveredJobs
from bot.db.usage import UsageRepository
from bot.db.waiting_jobs import WaitingJobs
from bot.metrics import SILENT, Metrics

__all__ = [
    "Accounts",
    "Allowance",
    "Blocks",
    "CardEdits",
    "CardFacts",
    "CardFactsRepository",
    "Clips",
    "ConductRepository",
    "Defaults",
    "Favourites",
    "FilmRepository",
    "Forgettings",
    "GuildSettings",
    "JobCounts",
    "JobHistoryRepository",
    "JobListRepository",
    "JobWords",
    "Jobs",
    "Leases",
    "LeftServers",
    "Lineage",
    "Locales",
    "MemberBlockRepository",
    "MemberExport",
    "MemberSettingsRepository",
    "MessageImageRepository",
    "Metadata",
    "ModLog",
    "OldJobs",
    "Pings",
    "PresetRepository",
    "ProviderHealthRepository",
    "Queue",
    "RegionPreview",
    "RegionPreviewRepository",
    "RemovalWork",
    "Removals",
    "Reports",
    "Shares",
    "ShownMessages",
    "Store",
    "Storyboards",
    "Strikes",
    "UnconfirmedJobs",
    "UndeliveredJobs",
    "UsageRepository",
    "WaitingJobs",
]


class Store:
    """Hold every repository: jobs and their history, the queue, accounts, clips, previews and the rest.

    `metrics` hear of each transition that is written down.
    """

    def __init__(self, db: Database, defaults: Defaults, metrics: Metrics = SILENT) -> None:
        # A key belongs to one database.
        defaults = replace(defaults, ids=MemberIds())
        self.member_ids = defaults.ids
        self.card_edits = CardEdits(db)
        self.jobs = Jobs(db, defaults, self.card_edits)
        self.leases = Leases(db, self.card_edits)
        self.unconfirmed = UnconfirmedJobs(db)
        self.undelivered = UndeliveredJobs(db)
        self.history = JobHistoryRepository(db)
        self.lists = JobListRepository(db)
        self.words = JobWords(db)
        self.favourites = Favourites(db)
        self.locales = Locales(db)
        self.queue = Queue(db)
        self.accounts = Accounts(db, defaults)
        self.blocks = Blocks(db, defaults)
        self.member_blocks = MemberBlockRepository(db, self.member_ids)
        self.conduct = ConductRepository(db, self.member_ids)
        self.waiting = WaitingJobs(db)
        self.guild_settings = GuildSettings(db)
        self.clips = Clips(db, self.card_edits)
        self.lineage = Lineage(db)
        self.films = FilmRepository(db, defaults)
        self.card_facts = CardFactsRepository(db)
        self.provider_health = ProviderHealthRepository(db)
        self.metadata = Metadata(db)
        self.strikes = Strikes(db, self.member_ids)
        self.message_images = MessageImageRepository(db)
        self.region_previews = RegionPreviewRepository(db, defaults)
        self.storyboards = Storyboards(db, defaults)
        self.counts = JobCounts(db)
        self.pings = Pings(db)
        self.mod_log = ModLog(db)
        self.reports = Reports(db, self.member_ids)
        self.shares = Shares(db)
        self.member_settings = MemberSettingsRepository(db)
        self.presets = PresetRepository(db)
        self.usage = UsageRepository(db, self.member_ids)
        self.removals = Removals(db)
        self.removal_work = RemovalWork(db)
        self.shown_messages = ShownMessages(db)
        self.forgettings = Forgettings(db, self.member_ids)
        self.old_jobs = OldJobs(db)
        self.left_servers = LeftServers(db)
        self.member_export = MemberExport(db, self.member_ids)
        if metrics is not SILENT:
            self.jobs = ToldJobs(metrics, db, defaults, self.card_edits)
            self.queue = ToldQueue(metrics, db)
            self.storyboards = ToldStoryboards(metrics, db, defaults)
            self.accounts = ToldAccounts(metrics, db, defaults)
            self.waiting = ToldWaitingJobs(metrics, db)
            self.removals = ToldRemovals(metrics, db)
            self.member_blocks = ToldMemberBlocks(metrics, db, self.member_ids)
