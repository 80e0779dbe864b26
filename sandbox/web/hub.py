"""What all tabs share: who is told of what happens on the sandbox."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from sandbox.discord import Guild, Interaction, Message
from sandbox.discord.interaction_metadata import AUTOCOMPLETE
from sandbox.discord.json_types import Json
from sandbox.harness import Sandbox
from sandbox.web import serializers as views
from sandbox.web.activity_feed import ActivityFeed
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.errors import Refused
from sandbox.web.session import Session
from sandbox.web.uploads import Uploads
from sandbox.web.user_actions import UserActions, finished


class Hub:
    """Pass on to the open tabs what their people see of the sandbox's Discord, and how the bot stands.

    It looks on while it is entered; afterwards every tab is cut off.
    """

    def __init__(self, sandbox: Sandbox, keeper: BotSupervisor) -> None:
        self.sandbox = sandbox
        self.keeper = keeper
        self.backstage = ActivityFeed(sandbox, keeper)
        self.uploads = Uploads(sandbox.discord)
        self.deeds = UserActions(sandbox.discord, self.uploads, self.message_gone)
        self.tabs: set[Session] = set()
        self._following: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.backstage.__aenter__()
        self.sandbox.discord.observers.append(self)
        self._unwatch = self.keeper.watch(self._bot_changed)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._unwatch()
        self.sandbox.discord.observers.remove(self)
        for task in self._following:
            task.cancel()
        for tab in list(self.tabs):
            tab.cut_off()
        await self.backstage.__aexit__(kind, error, trace)

    @property
    def guild(self) -> Guild:
        """The server that the page shows. Raises Refused."""
        guild = next(iter(self.sandbox.discord.guilds.values()), None)
        if guild is None:
            raise Refused("There is no server here yet; try again in a moment.")
        return guild

    # The sandbox's Discord tells.

    def message_shown(self, message: Message, *, new: bool) -> None:
        """Pass on a message that was written or edited."""
        for tab in self.tabs:
            tab.message_shown(message, new=new)

    def message_gone(self, message: Message) -> None:
        """Pass on that a message was deleted, or put away."""
        for tab in self.tabs:
            tab.message_gone(message)

    def guild_changed(self) -> None:
        """Pass on what people see of the server, once the change is complete."""
        asyncio.get_running_loop().call_soon(self._tell_of_the_place)

    def _tell_of_the_place(self) -> None:
        for tab in self.tabs:
            tab.place_changed()

    # The bot's process.

    def bot(self) -> Json:
        """Write how the bot's process stands."""
        return {"op": "bot", "state": self.keeper.state, "pid": self.keeper.pid, "say": self.keeper.say}

    def _bot_changed(self) -> None:
        for tab in self.tabs:
            tab.outbox.put_newest("bot", self.bot)

    # What people do.

    def waiting(self, tab: Session) -> list[Interaction]:
        """List what the person of a tab did and nobody has answered yet."""
        everything = self.sandbox.discord.interactions.values()
        return [one for one in everything if one.user is tab.user and _waits(one)]

    def follow(self, done: Interaction, tab: Session) -> None:
        """Tell the tabs of a person how something that they did goes, until it is answered or given up."""
        self._tell_how_it_goes(done, tab)
        task = asyncio.create_task(self._follow(done, tab))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def _follow(self, done: Interaction, tab: Session) -> None:
        await finished(done)
        self._tell_how_it_goes(done, tab)

    def _tell_how_it_goes(self, done: Interaction, asked: Session) -> None:
        """A form opens only in the tab in which it was asked for, unless that one is gone."""
        for tab in self.tabs:
            if tab.user is done.user:
                event = views.interaction(done)
                if event["form"] is not None and tab is not asked and asked in self.tabs:
                    event |= {"state": "answered", "form": None}
                tab.outbox.put({"op": "interaction", **event})


def _waits(done: Interaction) -> bool:
    return not done.acknowledged and not done.failed and done.kind != AUTOCOMPLETE
