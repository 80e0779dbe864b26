"""One open tab of a browser: who it is, where, and what it is told."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

from sandbox.discord import Guild, Message, TextChannel, User
from sandbox.discord.channels import Thread
from sandbox.discord.json_types import Json
from sandbox.sentences import t
from sandbox.web import serializers
from sandbox.web.errors import Refused
from sandbox.web.languages import ENGLISH
from sandbox.web.outbox import Outbox
from sandbox.web.page_services import PageServices
from sandbox.web.user_actions import Actor
from sandbox.web.wire.activity import Activity
from sandbox.web.wire.guild_view import GuildView
from sandbox.web.wire.messages import Message as WireMessage
from sandbox.web.wire.requests import Enter, number_of

MOST_UNREAD_ACTIVITY = 20
"""How many reports from behind the scenes may wait for a slow tab."""


class Session:
    """Decide what one tab is told; `cut_off` ends its connection at once."""

    def __init__(self, services: PageServices, cut_off: Callable[[], None]) -> None:
        self.user: User | None = None
        self.channel: TextChannel | Thread | None = None
        self.cut_off = cut_off
        self.outbox = Outbox(cut_off)
        self._services = services
        self._last_view: GuildView | None = None
        self._locale = "en-US"
        self._words = ENGLISH
        self._reports = 0
        self._unwatch: Callable[[], None] | None = None

    def actor(self) -> Actor:
        """Say who does something and where. Raises Refused before anybody has entered, and outside of all channels."""
        if self.user is None:
            raise Refused(t("Nobody has entered yet; load the page again."))
        if self.channel is None or self.channel.deleted:
            raise Refused(t("This channel is not there any more; choose another one."))
        return Actor(self._services.guild, self.user, self.channel)

    def enter(self, asked: Enter) -> None:
        """Change who the tab is and where; what is left out stays. Raises Refused."""
        guild = self._services.guild
        user = self._somebody(guild, asked.user)
        if asked.locale is not None and asked.locale not in self._services.languages.locales:
            raise Refused(t("Discord does not speak this language."))
        if asked.locale is not None:
            user.locale = asked.locale
            self._services.sandbox.discord.guild_changed()
        self.user = user
        self._settle(guild, number_of(asked.channel))

    def greet(self) -> None:
        """Tell everything that somebody who enters sees."""
        self.outbox.drop(_of_a_channel)
        self._last_view = None
        self.guild_changed()
        self.bot_changed()
        for interaction in self._services.waiting(self.user):
            self.tell("interaction", serializers.interaction(interaction))

    def say(self, sentence: str) -> str:
        """Say a sentence in the language of who is in the tab."""
        return self._words.say(sentence)

    def watch(self, *, on: bool) -> None:
        """Begin or stop to be told what happens behind the scenes."""
        if on and self._unwatch is None:
            self._unwatch = self._services.activity_feed.watch(self._activity)
        elif not on and self._unwatch is not None:
            self._unwatch()
            self._unwatch = None

    def tell(self, op: str, fields: Mapping[str, object]) -> None:
        """Tell an event as it is."""
        self.outbox.put(_event(op, fields))

    def bot_changed(self) -> None:
        """Tell how the bot's process stands."""
        self.outbox.put_newest("bot", lambda: _event("bot", self._words.translated(self._services.bot())))

    def _activity(self, activity: Activity) -> None:
        """These are large, so a tab that has read none of the last ones is too far behind."""
        if self.outbox.holds(("activity", self._reports - MOST_UNREAD_ACTIVITY)):
            self.cut_off()
        self._reports += 1
        self.outbox.put_newest(
            ("activity", self._reports), lambda: _event("activity", self._words.translated(activity))
        )

    def guild_changed(self) -> None:
        """Tell what the person sees of the server, and of the channel, if either is not what it was."""
        if self.user is None:
            return
        guild = self._services.guild
        if self.user.id not in guild.members:
            self.user = self._somebody(guild, None)
        self._settle(guild, 0)
        self._speak(self.user.locale)
        now = self._view()
        before, self._last_view = self._last_view, now
        if before is not None and _without_time(now) == _without_time(before):
            return
        self.outbox.put_newest("guild_view", lambda: _event("guild_view", self._view()))
        if before is None or _shows_other_messages(now, before):
            self.outbox.drop(_of_a_channel)
            self.outbox.put_newest("history", self._history)

    def _speak(self, locale: str) -> None:
        """Give the tab the words of another language, and tell anew what was said in the last one."""
        if locale == self._locale:
            return
        self._locale, self._words = locale, self._services.languages.of(locale)
        self.tell("words", self._words.told(locale))
        self.bot_changed()
        if self._unwatch is not None:
            self.watch(on=False)
            self.watch(on=True)

    def message_shown(self, message: Message, *, new: bool) -> None:
        """Tell of a message that was written or edited, if the person sees it."""
        if self.user is None or not self._services.user_actions.shows(self.user, message):
            return
        if message.channel is self.channel:
            self.outbox.put_newest(("message_shown", message.id), lambda: self._shown(message))
        elif new and message.author is not self.user:
            unread = _event("unread", {"channel": str(message.channel.id)})
            self.outbox.put_newest(("unread", message.channel.id), lambda: unread)

    def message_gone(self, message: Message) -> None:
        """Tell that a message is not there any more."""
        if self.user is None or message.channel is not self.channel or message.ephemeral_to not in (None, self.user):
            return
        gone = _event("message_gone", {"channel": str(message.channel.id), "message": str(message.id)})
        self.outbox.drop(lambda key: key == ("message_shown", message.id))
        self.outbox.put_newest(("message_gone", message.id), lambda: gone)

    def _somebody(self, guild: Guild, name: str | None) -> User:
        people = serializers.people_of(guild)
        if name is None:
            return self.user if self.user in people else people[0]
        user = next((one for one in people if one.name == name), None)
        if user is None:
            raise Refused(t("There is nobody here who is called {name}.", name=name[:40]))
        return user

    def _settle(self, guild: Guild, channel_id: int) -> None:
        """Go to a channel; stay, or go to the first one, where there is none like it."""
        channels = serializers.channels_of(guild, self.user) if self.user else []
        asked = next((one for one in channels if one.id == channel_id), None)
        stayed = self.channel if self.channel in channels else next(iter(channels), None)
        self.channel = asked or stayed

    def _view(self) -> GuildView:
        user = self._somebody(self._services.guild, None)
        services = self._services
        view = serializers.guild_view(
            services.guild, user, self.channel, services.most_messages, services.languages.locales
        )
        return {**view, "people": self._words.translated(view["people"])}

    def _history(self) -> Json | None:
        if self.user is None or self.channel is None:
            return None
        user, shows = self.user, self._services.user_actions.shows
        seen = [message for message in user.sees(self.channel) if shows(user, message)][-self._services.most_messages :]
        messages = [self._message(message, user) for message in seen]
        return _event("history", {"channel": str(self.channel.id), "messages": messages})

    def _shown(self, message: Message) -> Json | None:
        if self.user is None or not self._services.user_actions.shows(self.user, message):
            return None
        return _event("message_shown", {"message": self._message(message, self.user)})

    def _message(self, message: Message, user: User) -> WireMessage:
        written = serializers.message(message, user)
        page = written["page"]
        return {**written, "page": {**page, "reply": self._words.translated(page["reply"])}}


def _event(op: str, fields: Mapping[str, object]) -> Json:
    return {"op": op, **fields}


def _of_a_channel(key: Hashable) -> bool:
    return key == "history" or (isinstance(key, tuple) and key[0] in ("message_shown", "message_gone"))


def _without_time(view: GuildView) -> Json:
    return {key: value for key, value in view.items() if key != "now"}


def _shows_other_messages(now: GuildView, before: GuildView) -> bool:
    return any(now[key] != before[key] for key in ("me", "people", "channel", "channels"))
