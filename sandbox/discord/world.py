"""Everything that one Discord knows, and the ways to set a scene."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable

from sandbox.discord.client import Client
from sandbox.discord.files import StoredFile
from sandbox.discord.guilds import Guild
from sandbox.discord.messages import Message
from sandbox.discord.retention import Retention
from sandbox.discord.users import User
from sandbox.discord.world_state import WorldState


class World(WorldState):
    """The state of one Discord with one application, whose bot and owner exist from the start."""

    def __init__(
        self, *, checks: bool = True, clock: Callable[[], float] = time.time, retention: Retention | None = None
    ) -> None:
        super().__init__(checks=checks, clock=clock, retention=retention)
        self.client = Client(self)
        self.owner = self.user("owner")
        self.token = self._new_token()

    def reset_token(self) -> None:
        """Let the bot's token be another one from now on."""
        self.token = self._new_token()

    def _new_token(self) -> str:
        prefix = base64.urlsafe_b64encode(str(self.application_id).encode()).decode().rstrip("=")
        return f"{prefix}.sandbox.{secrets.token_urlsafe(24)}"

    def user(self, name: str, *, locale: str = "en-US") -> User:
        """Return the person of that name, new if need be."""
        return self._find_user(name, bot=False) or self._add_user(name, locale=locale)

    def app(self, name: str) -> User:
        """Return the bot of another application, new if need be."""
        return self._find_user(name, bot=True) or self._add_user(name, bot=True)

    def guild(
        self,
        name: str,
        *,
        owner: User | None = None,
        tier: int = 0,
        joined: bool = True,
        locale: str = "en-US",
        guild_id: int | None = None,
    ) -> Guild:
        """Create a server, owned by the application's owner unless said otherwise; `tier` is its boost level."""
        new_id = self.ids.next() if guild_id is None else guild_id
        guild = Guild(self, name, guild_id=new_id, owner=owner or self.owner, tier=tier, locale=locale)
        self.guilds[guild.id] = guild
        if joined:
            guild.join_bot()
        return guild

    def attachment(
        self, filename: str, data: bytes, content_type: str | None = None, size: int | None = None
    ) -> StoredFile:
        """Make what a member attaches to a command; the claimed type and size (bytes) may be lies."""
        return self.files.store_loose(filename, data, self.application_id, content_type=content_type, size=size)

    def moderator_deletes(self, message: Message) -> None:
        """Delete a message as a moderator does."""
        self.delete(message)

    def _find_user(self, name: str, *, bot: bool) -> User | None:
        users = (user for user in self.users.values() if isinstance(user, User))
        return next((user for user in users if user.name == name and user.bot == bot), None)

    def _add_user(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        user = User(self.client, name, user_id=self.ids.next(), bot=bot, locale=locale)
        self.users[user.id] = user
        return user
