"""Every query and every atomic transition, one named function each; the only SQL beside the schema's."""

from bot.db.accounts import Accounts
from bot.db.allowances import Defaults, Policy
from bot.db.clips import Media
from bot.db.database import Database
from bot.db.guild_settings import Guilds
from bot.db.job_history import History
from bot.db.jobs import Jobs
from bot.db.leases import Leases
from bot.db.message_images import Sightings
from bot.db.metadata import Facts
from bot.db.provider_health import Health
from bot.db.queue import Queue
from bot.db.region_previews import Draft, Drafts
from bot.db.strikes import Strikes
from bot.db.unconfirmed_jobs import Doubts

__all__ = [
    "Accounts",
    "Defaults",
    "Doubts",
    "Draft",
    "Drafts",
    "Facts",
    "Guilds",
    "Health",
    "History",
    "Jobs",
    "Leases",
    "Media",
    "Policy",
    "Queue",
    "Sightings",
    "Store",
    "Strikes",
]


class Store:
    """Hold the tables' functions by subject, such as jobs and their history, the queue, accounts, media, drafts."""

    def __init__(self, db: Database, defaults: Defaults) -> None:
        self.jobs = Jobs(db, defaults)
        self.leases = Leases(db)
        self.doubts = Doubts(db)
        self.history = History(db)
        self.queue = Queue(db)
        self.accounts = Accounts(db, defaults)
        self.guilds = Guilds(db)
        self.media = Media(db)
        self.health = Health(db)
        self.facts = Facts(db)
        self.strikes = Strikes(db)
        self.sightings = Sightings(db)
        self.drafts = Drafts(db)
