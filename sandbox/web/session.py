"""One open tab: who it is, where, and what it is told."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from sandbox.discord import Guild, Message, TextChannel, User
from sandbox.discord.channels import Thread
from sandbox.discord.json_types import Json
from sandbox.web import serializers as views
from sandbox.web.errors import Refused
from sandbox.web.frames import number_of, optional_text
from sandbox.web.locales import LOCALES
from sandbox.web.outbox import Outbox
from sandbox.web.user_actions import Doer

if TYPE_CHECKING:
    from sandbox.web.hub import Hub

HISTORY = 500
"""How many messages a tab is shown when it enters a channel."""


LOOKS = 20
"""How many looks behind the scenes may wait for a slow tab."""


class Session:
    """Decide what one tab is told; `cut_off` ends its connection at once."""

    def __init__(self, room: Hub, cut_off: Callable[[], None]) -> None:
        self.user: User | None = None
        self.channel: TextChannel | Thread | None = None
        self.cut_off = cut_off
        self.outbox = Outbox(cut_off)
        self._room = room
        self._told: Json = {}
        self._looks = 0
        self._unwatch: Callable[[], None] | None = None

    def doer(self) -> Doer:
        """Say who does something and where. Raises Refused before anybody has entered, and outside of all channels."""
        if self.user is None:
            raise Refused("Nobody has entered yet; load the page again.")
        if self.channel is None or self.channel.deleted:
            raise Refused("This channel is not there any more; choose another one.")
        return Doer(self._room.guild, self.user, self.channel)

    def enter(self, asked: Json) -> None:
        """Change who the tab is and where; what is left out stays. Raises Refused."""
        guild = self._room.guild
        name, channel, locale = (optional_text(asked, field) for field in ("user", "channel", "locale"))
        user = self._somebody(guild, name)
        if locale is not None and locale not in LOCALES:
            raise Refused("Discord does not speak this language.")
        if locale is not None:
            user.locale = locale
            self._room.guild_changed()
        self.user = user
        self._settle(guild, number_of(channel))

    def greet(self) -> None:
        """Tell everything that somebody who enters sees."""
        self.outbox.drop(_of_a_channel)
        self._told = {}
        self.place_changed()
        self.outbox.put_newest("bot", self._room.bot)
        for done in self._room.waiting(self):
            self.outbox.put({"op": "interaction", **views.interaction(done)})

    def watch(self, *, on: bool) -> None:
        """Begin or stop to be told what happens behind the scenes."""
        if on and self._unwatch is None:
            self._unwatch = self._room.backstage.watch(self._saw_backstage)
        elif not on and self._unwatch is not None:
            self._unwatch()
            self._unwatch = None

    def _saw_backstage(self, event: Json) -> None:
        """These are large, so a tab that has read none of the last ones is too far behind."""
        if self.outbox.holds(("backstage", self._looks - LOOKS)):
            self.cut_off()
        self._looks += 1
        self.outbox.put_newest(("backstage", self._looks), lambda: event)

    def place_changed(self) -> None:
        """Tell what the person sees of the server, and of the channel, if either is not what it was."""
        if self.user is None:
            return
        guild = self._room.guild
        if self.user.id not in guild.members:
            self.user = self._somebody(guild, None)
        self._settle(guild, 0)
        now = self._place()
        before, self._told = self._told, now
        if _without_time(now) == _without_time(before):
            return
        self.outbox.put_newest("place", self._place)
        if any(now[key] != before.get(key) for key in ("me", "people", "channel", "channels")):
            self.outbox.drop(_of_a_channel)
            self.outbox.put_newest("history", self._history)

    def message_shown(self, message: Message, *, new: bool) -> None:
        """Tell of a message that was written or edited, if the person sees it."""
        if self.user is None or not self._room.deeds.shows(self.user, message):
            return
        if message.channel is self.channel:
            self.outbox.put_newest(("shown", message.id), lambda: self._shown(message))
        elif new and message.author is not self.user:
            unread = {"op": "unread", "channel": str(message.channel.id)}
            self.outbox.put_newest(("unread", message.channel.id), lambda: unread)

    def message_gone(self, message: Message) -> None:
        """Tell that a message is not there any more."""
        if self.user is None or message.channel is not self.channel or message.ephemeral_to not in (None, self.user):
            return
        gone = {"op": "gone", "channel": str(message.channel.id), "message": str(message.id)}
        self.outbox.drop(lambda key: key == ("shown", message.id))
        self.outbox.put_newest(("gone", message.id), lambda: gone)

    def _somebody(self, guild: Guild, name: str | None) -> User:
        people = views.people_of(guild)
        if name is None:
            return self.user if self.user in people else people[0]
        user = next((one for one in people if one.name == name), None)
        if user is None:
            raise Refused(f"There is nobody here who is called {name[:40]}.")
        return user

    def _settle(self, guild: Guild, channel_id: int) -> None:
        """Go to a channel; stay, or go to the first one, where there is none like it."""
        channels = views.channels_of(guild, self.user) if self.user else []
        asked = next((one for one in channels if one.id == channel_id), None)
        stayed = self.channel if self.channel in channels else next(iter(channels), None)
        self.channel = asked or stayed

    def _place(self) -> Json:
        user = self._somebody(self._room.guild, None)
        return {"op": "place", **views.place(self._room.guild, user, self.channel)}

    def _history(self) -> Json | None:
        if self.user is None or self.channel is None:
            return None
        user, shows = self.user, self._room.deeds.shows
        seen = [message for message in user.sees(self.channel) if shows(user, message)][-HISTORY:]
        messages = [views.message(message, user) for message in seen]
        return {"op": "history", "channel": str(self.channel.id), "messages": messages}

    def _shown(self, message: Message) -> Json | None:
        if self.user is None or not self._room.deeds.shows(self.user, message):
            return None
        return {"op": "shown", "message": views.message(message, self.user)}


def _of_a_channel(key: Hashable) -> bool:
    return key == "history" or (isinstance(key, tuple) and key[0] in ("shown", "gone"))


def _without_time(place: Json) -> Json:
    return {key: value for key, value in place.items() if key != "now"}
