"""What observers of this Discord are told, at once, of everything that people see change."""

from __future__ import annotations

from typing import Protocol

from sandbox.discord.messages import Message


class Observer(Protocol):
    """Is told of messages, also of those that only one person sees, and of the servers that they are in."""

    def message_shown(self, message: Message, *, new: bool) -> None:
        """Tell of a message that was written, or edited where it is not new."""
        ...

    def message_gone(self, message: Message) -> None:
        """Tell of a message that was deleted."""
        ...

    def guild_changed(self) -> None:
        """Tell that commands, members, roles, channels or what they allow changed."""
        ...
