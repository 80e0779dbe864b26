"""Who reacted to a message with which emoji (docs/resources/message, Reaction Object)."""

from __future__ import annotations

from sandbox.discord.accounts import Account
from sandbox.discord.json_types import Json

MOST_EMOJI = 20
"""How many different ones a message takes."""


class Reactions:
    """The reactions to one message, in the order in which their emoji came; two spellings of an emoji are one."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[str, dict[int, Account]]] = {}

    def __contains__(self, emoji: str) -> bool:
        return _key(emoji) in self._given

    def __len__(self) -> int:
        return len(self._given)

    @property
    def emoji(self) -> list[str]:
        """The emoji that somebody reacted with."""
        return [emoji for emoji, _ in self._given.values()]

    def users(self, emoji: str) -> list[Account]:
        """List who reacted with an emoji, by their ids."""
        _, users = self._given.get(_key(emoji), (emoji, {}))
        return [users[user_id] for user_id in sorted(users)]

    def add(self, emoji: str, user: Account) -> bool:
        """Note a reaction; False when it was there."""
        _, users = self._given.setdefault(_key(emoji), (emoji, {}))
        new = user.id not in users
        users[user.id] = user
        return new

    def remove(self, emoji: str, user: Account) -> bool:
        """Forget a reaction; False when there was none."""
        _, users = self._given.get(_key(emoji), (emoji, {}))
        gone = users.pop(user.id, None) is not None
        if not users:
            self._given.pop(_key(emoji), None)
        return gone

    def clear(self, emoji: str | None = None) -> bool:
        """Forget the reactions with one emoji, or all; False when there was none."""
        if emoji is not None:
            return self._given.pop(_key(emoji), None) is not None
        had, self._given = bool(self._given), {}
        return had

    def to_json(self, me: Account) -> list[Json]:
        """Write the reaction objects as an account sees them."""
        return [
            {
                "emoji": emoji_json(emoji),
                "count": len(users),
                "count_details": {"burst": 0, "normal": len(users)},
                "burst_colors": [],
                "me": me.id in users,
                "me_burst": False,
            }
            for emoji, users in self._given.values()
        ]


def emoji_json(emoji: str) -> Json:
    """Write the partial emoji object of a Unicode emoji."""
    return {"id": None, "name": emoji}


def _key(emoji: str) -> str:
    """Leave out what only says that a character is to be drawn in colour."""
    return emoji.replace("\ufe0f", "")
