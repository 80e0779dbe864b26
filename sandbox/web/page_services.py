"""What all sessions work with: the sandbox, the bot's process, and what can be done and seen there."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.discord import Guild, Interaction, Message, User
from sandbox.discord.interactions import AUTOCOMPLETE
from sandbox.harness import Sandbox
from sandbox.sentences import t
from sandbox.web.activity_feed import ActivityFeed
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.errors import Refused
from sandbox.web.languages import Languages
from sandbox.web.uploads import Uploads
from sandbox.web.user_actions import UserActions
from sandbox.web.wire.events import BotEvent

MOST_MESSAGES = 500
"""How many messages of a channel a tab is shown when it enters, and keeps while it stays."""


class PageServices:
    """Hold what one page has once; `tell_dismissed` is told of a private message that its reader dismissed."""

    def __init__(
        self,
        sandbox: Sandbox,
        supervisor: BotSupervisor,
        tell_dismissed: Callable[[Message], None],
        most_messages: int,
        languages: Languages,
    ) -> None:
        self.sandbox = sandbox
        self.languages = languages
        self.most_messages = most_messages
        self.supervisor = supervisor
        self.activity_feed = ActivityFeed(sandbox, supervisor)
        self.uploads = Uploads(sandbox.discord, languages)
        self.user_actions = UserActions(sandbox.discord, self.uploads, tell_dismissed)

    @property
    def guild(self) -> Guild:
        """The server that the page shows. Raises Refused."""
        guild = next(iter(self.sandbox.discord.guilds.values()), None)
        if guild is None:
            raise Refused(t("There is no server here yet; try again in a moment."))
        return guild

    def bot(self) -> BotEvent:
        """Write how the bot's process stands."""
        return {"state": self.supervisor.state, "pid": self.supervisor.pid, "say": self.supervisor.say}

    def waiting(self, user: User | None) -> list[Interaction]:
        """List what a person did and nobody has answered yet."""
        everything = self.sandbox.discord.interactions.values()
        return [one for one in everything if one.user is user and _waits(one)]


def _waits(interaction: Interaction) -> bool:
    return not interaction.acknowledged and not interaction.failed and interaction.kind != AUTOCOMPLETE
