"""Who is told of what happens on the sandbox: every session, of what its person sees."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from sandbox.discord import Interaction, Message
from sandbox.harness import Sandbox
from sandbox.web import serializers
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.languages import Languages
from sandbox.web.page_services import PageServices
from sandbox.web.session import Session
from sandbox.web.user_actions import finished


class Hub:
    """Pass on to the sessions what their people see of the sandbox's Discord, and how the bot stands.

    It looks on while it is entered; afterwards every session is cut off.
    """

    def __init__(self, sandbox: Sandbox, supervisor: BotSupervisor, most_messages: int, languages: Languages) -> None:
        self.services = PageServices(sandbox, supervisor, self.message_gone, most_messages, languages)
        self.sessions: set[Session] = set()
        self._following: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.services.activity_feed.__aenter__()
        self.services.sandbox.discord.observers.append(self)
        self._unwatch = self.services.supervisor.watch(self._bot_changed)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._unwatch()
        self.services.sandbox.discord.observers.remove(self)
        for task in self._following:
            task.cancel()
        for session in list(self.sessions):
            session.cut_off()
        await self.services.activity_feed.__aexit__(kind, error, trace)

    # The sandbox's Discord tells.

    def message_shown(self, message: Message, *, new: bool) -> None:
        """Pass on a message that was written or edited."""
        for session in self.sessions:
            session.message_shown(message, new=new)

    def message_gone(self, message: Message) -> None:
        """Pass on that a message was deleted, or dismissed."""
        for session in self.sessions:
            session.message_gone(message)

    def guild_changed(self) -> None:
        """Pass on what people see of the server, once the change is complete."""
        asyncio.get_running_loop().call_soon(self._guild_changed)

    def _guild_changed(self) -> None:
        for session in self.sessions:
            session.guild_changed()

    # The bot's process.

    def _bot_changed(self) -> None:
        for session in self.sessions:
            session.bot_changed()

    # What people do.

    def follow(self, interaction: Interaction, asked: Session) -> None:
        """Tell the sessions of a person how something that they did goes, until it is answered or given up."""
        self._tell_how_it_goes(interaction, asked)
        task = asyncio.create_task(self._follow(interaction, asked))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def _follow(self, interaction: Interaction, asked: Session) -> None:
        await finished(interaction)
        self._tell_how_it_goes(interaction, asked)

    def _tell_how_it_goes(self, interaction: Interaction, asked: Session) -> None:
        """A modal opens only in the session in which it was asked for, unless that one is gone."""
        for session in self.sessions:
            if session.user is interaction.user:
                event = serializers.interaction(interaction)
                if event["modal"] is not None and session is not asked and asked in self.sessions:
                    event.update({"state": "answered", "modal": None})
                session.tell("interaction", event)
