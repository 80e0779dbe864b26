"""Reacting to messages with a person's client."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.discord.accounts import Account
from sandbox.discord.errors import ApiError, NotOffered
from sandbox.discord.messages import Message
from sandbox.discord.permissions import Permission
from sandbox.discord.reaction_writes import add_reaction, remove_reaction, remove_reactions
from sandbox.discord.world_state import WorldState
from sandbox.sentences import t


class UserReactions:
    """What people do with the reactions below a message that they see; each raises NotOffered."""

    def __init__(self, world: WorldState, sees: Callable[[Account, Message], bool]) -> None:
        self._world = world
        self._sees = sees

    def add(self, user: Account, message: Message, emoji: str) -> None:
        """React with an emoji; once more is no more."""
        self._do(user, message, lambda: add_reaction(self._world, message, user, emoji))

    def remove(self, user: Account, message: Message, emoji: str) -> None:
        """Take the own reaction back."""
        self._do(user, message, lambda: remove_reaction(self._world, message, user, user, emoji))

    def clear(self, user: Account, message: Message, emoji: str | None = None) -> None:
        """Take all reactions away, or all with one emoji, as a moderator does."""
        self._do(user, message, lambda: remove_reactions(self._world, message, user, emoji))

    def may_add(self, user: Account, message: Message) -> bool:
        """Whether a person may react with an emoji that nobody has reacted with yet."""
        needed = Permission.ADD_REACTIONS | Permission.READ_MESSAGE_HISTORY
        return not message.ephemeral and message.channel.permissions_of(user) & needed == needed

    def _do(self, user: Account, message: Message, change: Callable[[], None]) -> None:
        if message.ephemeral or not self._sees(user, message):
            raise NotOffered(t("{person} cannot react to this message.", person=user.title))
        try:
            change()
        except ApiError as error:
            raise NotOffered(
                t("{person} cannot react like this: {error}.", person=user.title, error=error.body["message"])
            ) from None
