"""One use of a command, button or modal: its life at Discord, and how the person sees it answered."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import Any

from sandbox.discord.accounts import Account
from sandbox.discord.guild_members import UPLOAD_LIMITS
from sandbox.discord.interaction_metadata import AUTOCOMPLETE, InteractionMetadata
from sandbox.discord.json_types import Json
from sandbox.discord.messages import Channel, Message
from sandbox.discord.modals import Modal
from sandbox.discord.observable import Observable, T
from sandbox.discord.world_context import WorldContext
from sandbox.sentences import t

DID_NOT_RESPOND = t("The application did not respond")
"""What Discord's client shows under an interaction that nobody answered in time."""


def upload_limit(channel: Channel) -> int:
    """Bytes per file that people attach there, and that uploads with an interaction's token may have."""
    tier_limit = channel.guild.upload_limit if channel.guild else UPLOAD_LIMITS[0]
    return max(tier_limit, channel.world.knobs.attachment_size_limit)


class Interaction(Observable):
    """An interaction; `acknowledged_after` is in seconds from its dispatch to the first accepted response.

    `source` is the message whose component was used, here or to open the submitted modal; `target` the message that
    a message command was used on; `opener` the interaction whose answer was the submitted modal.
    """

    def __init__(
        self,
        world: WorldContext,
        kind: int,
        user: Account,
        channel: Channel,
        data: Json,
        *,
        source: Message | None = None,
        target: Message | None = None,
        opener: Interaction | None = None,
        own_install: bool = False,
    ) -> None:
        super().__init__()
        self.world = world
        self.id = world.ids.next()
        self.token = secrets.token_urlsafe(48)
        self.kind = kind
        self.user = user
        self.channel = channel
        self.data = data
        self.source = source
        self.target = target
        self.opener = opener
        self.metadata = InteractionMetadata(
            self.id,
            kind,
            user,
            data,
            guild_id=channel.guild.id if channel.guild else None,
            source_id=source.id if source else None,
            target_id=target.id if target else None,
            opener=opener.metadata if opener else None,
            own_install=own_install,
        )
        self.response_type: int | None = None
        self.acknowledged_after: float | None = None
        self.failed: str | None = None
        self.original: Message | None = None
        self.followups: list[Message] = []
        self.modal: Modal | None = None
        self.choices: list[Json] | None = None
        self._created = world.now()
        self._sent = time.perf_counter()
        self._lapse_timer: asyncio.TimerHandle | None = None

    def __repr__(self) -> str:
        return f"<Interaction {self.id} of {self.user.name}: {self.data.get('name') or self.data.get('custom_id')}>"

    # What the person sees.

    @property
    def message(self) -> Message | None:
        """The original response, with every later edit; None before it exists and after it is deleted."""
        return None if self.original is None or self.original.deleted else self.original

    @property
    def acknowledged(self) -> bool:
        """Whether the first response was accepted."""
        return self.response_type is not None

    @property
    def deferred(self) -> bool:
        """Whether the first response only promised an answer."""
        return self.response_type in (5, 6)

    async def answered(self, timeout: float = 10) -> Interaction:
        """Return once the first response has come; AssertionError when Discord gave up waiting for it. Seconds."""
        await self._wait(lambda: self.acknowledged, timeout)
        return self

    async def lapsed(self, timeout: float = 10) -> str:
        """Return the failure that Discord shows the person, once it does. Seconds."""
        return await self.wait_for(lambda: self.failed, timeout, self.describe)

    async def until(self, predicate: Callable[[Message], Any], timeout: float = 10) -> Message:
        """Return the original response once it satisfies the predicate; the TimeoutError shows it. Seconds."""

        def satisfied() -> Message | None:
            return self.message if self.message is not None and predicate(self.message) else None

        return await self._wait(satisfied, timeout)

    async def private_reply(self, timeout: float = 10) -> Message:
        """Return the first answer that only this person sees, once it is more than a thinking state. Seconds."""

        def found() -> Message | None:
            candidates = [message for message in [self.message, *self.followups] if message is not None]
            return next((m for m in candidates if m.ephemeral and not m.thinking and not m.deleted), None)

        return await self._wait(found, timeout)

    async def _wait(self, check: Callable[[], T | None], timeout: float) -> T:
        """Wait as `wait_for` does, but not any longer once Discord gave up."""

        def check_alive() -> T | None:
            if self.failed:
                raise AssertionError(self.describe())
            return check()

        return await self.wait_for(check_alive, timeout, self.describe)

    def describe(self) -> str:
        """Say how the interaction stands, for an error's text."""
        state = self.failed or (f"response type {self.response_type}" if self.acknowledged else "no response yet")
        lines = [f"{self!r}: {state}"]
        if self.modal is not None:
            lines.append(f"modal {self.modal.title!r} with {[field.custom_id for field in self.modal.fields]}")
        if self.original is not None:
            lines.append(f"original {self.original.describe()}")
        lines += [f"follow-up {message.describe()}" for message in self.followups]
        lines += [f"violation: {sentence}" for sentence in self.world.violations[-3:]]
        return "\n".join(lines)

    # Its life at Discord.

    def wait_for_first_response(self) -> None:
        """Start the window for the first response."""
        self._sent = time.perf_counter()
        self.check_window()

    def check_window(self) -> None:
        """Fail when the window has closed; else check again when it will have."""
        if self._lapse_timer:
            self._lapse_timer.cancel()
            self._lapse_timer = None
        if self.acknowledged or self.failed:
            return
        left = self._created + self.world.knobs.first_answer_seconds - self.world.now()
        if left <= 0:
            self.failed = DID_NOT_RESPOND
            self.changed()
        else:
            self._lapse_timer = asyncio.get_running_loop().call_later(left, self.check_window)

    def acknowledge(self, response_type: int) -> None:
        """Accept the first response."""
        self.response_type = response_type
        self.acknowledged_after = time.perf_counter() - self._sent
        self.stop_waiting()

    def stop_waiting(self) -> None:
        """Stop the timer of the first response."""
        if self._lapse_timer:
            self._lapse_timer.cancel()
            self._lapse_timer = None

    def set_original(self, message: Message) -> None:
        """Make a message the original response."""
        self.original = message
        message.answered.add(self)

    def add_followup(self, message: Message) -> None:
        """Add a message after the original response."""
        self.followups.append(message)
        message.answered.add(self)

    @property
    def expired(self) -> bool:
        """Whether the token is too old to be used."""
        return self.world.now() >= self._created + self.world.knobs.token_seconds

    @property
    def ended(self) -> bool:
        """Whether nothing more can come of it: it failed, brought its suggestions, or its token has expired."""
        suggested = self.kind == AUTOCOMPLETE and self.acknowledged
        return self.failed is not None or suggested or self.expired

    @property
    def upload_limit(self) -> int:
        """Bytes per file that uploads with this interaction's token may have."""
        return upload_limit(self.channel)

    def to_json(self) -> Json:
        """Write INTERACTION_CREATE's object."""
        guild, bot = self.channel.guild, self.world.bot_user
        body: Json = {
            "id": str(self.id),
            "application_id": str(self.world.application_id),
            "type": self.kind,
            "token": self.token,
            "version": 1,
            "data": self.data,
            "channel_id": str(self.channel.id),
            "channel": {
                **self.channel.to_json(),
                "permissions": str(int(self.channel.permissions_of(self.user))),
            },
            "app_permissions": str(int(self.channel.permissions_of(bot))),
            "locale": self.user.locale,
            "entitlements": [],
            "authorizing_integration_owners": self.metadata.owners,
            "context": 0 if guild else 1,
            "attachment_size_limit": self.upload_limit,
        }
        if guild:
            body["guild_id"] = str(guild.id)
            body["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
            body["guild_locale"] = guild.locale
            body["member"] = {
                **guild.members[self.user.id].to_json(),
                "permissions": str(int(self.channel.permissions_of(self.user))),
            }
        else:
            body["user"] = self.user.to_json()
        if self.source is not None:
            body["message"] = self.source.to_json()
        return body
