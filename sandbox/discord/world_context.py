"""What the parts of one Discord share: its time, ids, files and accounts, and who hears of changes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from sandbox.discord.accounts import Account
from sandbox.discord.fault_injection import Faults, Knobs
from sandbox.discord.files import FileStore
from sandbox.discord.json_types import Json, Snowflakes
from sandbox.discord.observable import Observable
from sandbox.discord.retention import Retention
from sandbox.discord.session_starts import SessionStarts

Emit = Callable[[str, Json, int | None, int, Json | None], None]


class WorldContext(Observable, ABC):
    """The ground that messages, channels and guilds stand on; the application's bot exists from the start."""

    def __init__(self, *, checks: bool, clock: Callable[[], float], retention: Retention | None) -> None:
        super().__init__()
        self.checks = checks
        self.retention = retention or Retention()
        self.knobs = Knobs()
        self.faults = Faults()
        self.violations: list[str] = []
        self._clock = clock
        self._advanced = 0.0
        self.session_starts = SessionStarts(self.knobs, self.now)
        self.ids = Snowflakes(self.now)
        self.files = FileStore(self.ids, self.now, self.knobs, self.retention)
        self.users: dict[int, Account] = {}
        self.bot_user = Account("animatic", user_id=self.ids.next(), bot=True)
        self.users[self.bot_user.id] = self.bot_user
        self.transmit: Emit = lambda event, payload, guild_id, intent, redacted: None

    @property
    def application_id(self) -> int:
        """The id of the application, which is its bot's."""
        return self.bot_user.id

    @property
    def base_url(self) -> str:
        """The address that the server listens on; empty before it does."""
        return self.files.base_url

    def now(self) -> float:
        """Return the sandbox's time in Unix seconds."""
        return self._clock() + self._advanced

    def emit(
        self, event: str, payload: Json, *, guild_id: int | None = None, intent: int = 0, redacted: Json | None = None
    ) -> None:
        """Send an event to the bot's shard, `redacted` instead where the message content intent is off."""
        self.transmit(event, payload, guild_id, intent, redacted)

    @abstractmethod
    def guild_changed(self) -> None:
        """Tell the observers that commands, members, roles, channels or what they allow changed."""
