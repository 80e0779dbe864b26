"""Every query and every atomic transition, one named function each; the only SQL beside the schema's."""

from bot.db import Database
from bot.store.accounts import Accounts
from bot.store.doubts import Doubts
from bot.store.drafts import Draft, Drafts
from bot.store.facts import Facts
from bot.store.guilds import Guilds
from bot.store.health import Health
from bot.store.history import History
from bot.store.jobs import Jobs
from bot.store.leases import Leases
from bot.store.media import Media
from bot.store.policy import Defaults, Policy
from bot.store.queue import Queue
from bot.store.sightings import Sightings
from bot.store.strikes import Strikes

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
